package dev.tarn.engine.flow;

import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.List;

/** What failed of several things of which each is to be tried, whatever became of the others. */
public final class Failures {

    private final List<TarnException> refusals = new ArrayList<>();
    private final List<RuntimeException> mistakes = new ArrayList<>();

    /** Does it, or keeps why it failed. */
    public void attempt(Runnable work) {
        try {
            work.run();
        } catch (TarnException e) {
            refusals.add(e);
        } catch (RuntimeException e) {
            mistakes.add(e);
        }
    }

    /** Whether something failed. */
    public boolean any() {
        return !refusals.isEmpty() || !mistakes.isEmpty();
    }

    /** Throws what was kept: a {@link TarnException} with the problems of all, and every mistake. */
    public void throwIfAny() {
        List<RuntimeException> all = new ArrayList<>(mistakes);
        if (!refusals.isEmpty()) {
            all.add(0, together());
        }
        if (!all.isEmpty()) {
            RuntimeException first = all.get(0);
            all.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
    }

    private TarnException together() {
        List<Problem> problems = refusals.stream()
                .flatMap(refusal -> refusal.problems().stream())
                .toList();
        TarnException all = new TarnException(problems, refusals.get(0));
        refusals.stream().skip(1).forEach(all::addSuppressed);
        return all;
    }
}
