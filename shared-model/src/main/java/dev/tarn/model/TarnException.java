package dev.tarn.model;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A request that cannot be met, with every {@link Problem} found. A bug is an {@link IllegalStateException} instead. */
public final class TarnException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public TarnException(List<Problem> problems, @Nullable Throwable cause) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")), cause);
        if (problems.isEmpty()) {
            throw new IllegalArgumentException("an exception needs a problem");
        }
        this.problems = List.copyOf(problems);
    }

    public TarnException(ErrorCode code, String what, String mend) {
        this(List.of(new Problem(code, null, what, mend)), null);
    }

    public TarnException(ErrorCode code, String what, String mend, @Nullable Throwable cause) {
        this(List.of(new Problem(code, null, what, mend)), cause);
    }

    /** All problems, at least one; the first decides the exit code. */
    public List<Problem> problems() {
        return problems;
    }

    public ErrorCode code() {
        return problems.get(0).code();
    }
}
