package dev.tarn.compiler.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Everything that is wrong, so that one look at a project names all of it. */
public final class Problems {

    private static final Comparator<Problem> BY_PLACE = Comparator.comparing(
            Problem::position,
            Comparator.nullsFirst(Comparator.comparing(SourcePosition::file)
                    .thenComparing(SourcePosition::line)
                    .thenComparing(SourcePosition::column)));

    private final List<Problem> found = new ArrayList<>();

    public void add(ErrorCode code, @Nullable SourcePosition position, String what, String mend) {
        found.add(new Problem(code, position, what, mend));
    }

    /** Runs {@code work}; a refusal is noted and leaves the answer empty. */
    public <T> Optional<T> attempt(Supplier<T> work) {
        try {
            return Optional.of(work.get());
        } catch (TarnException e) {
            found.addAll(e.problems());
            return Optional.empty();
        }
    }

    public void addAll(Problems others) {
        found.addAll(others.found);
    }

    public void addAll(List<Problem> others) {
        found.addAll(others);
    }

    public boolean none() {
        return found.isEmpty();
    }

    /** Everything noted, ordered by place, once each. */
    public List<Problem> all() {
        return found.stream().distinct().sorted(BY_PLACE).toList();
    }

    /** Throws one {@link TarnException} with everything noted, ordered by place; does nothing when nothing was. */
    public void refuseIfAny() {
        if (!found.isEmpty()) {
            throw new TarnException(all(), null);
        }
    }

    /** A refusal for one reason. */
    public static TarnException refusal(ErrorCode code, SourcePosition position, String what, String mend) {
        return new TarnException(List.of(new Problem(code, position, what, mend)), null);
    }
}
