package dev.tarn.connect.trigger;

import dev.tarn.connect.bronze.Extracted;
import dev.tarn.connect.files.DropLook;
import dev.tarn.engine.flow.Failures;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.Lease;
import dev.tarn.model.FileDrop;
import dev.tarn.model.Plan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Looks at dropped files when one is said to have arrived, or when a clock ticks. An event names a file and wakes a look at all
 * of its drop: whoever comes late finds nothing left to do. Two at once share the drops by leases, on which correctness does not
 * depend.
 */
public final class DropLooks {

    private static final String LANDING = "landing/";

    private final Lake lake;

    public DropLooks(Lake lake) {
        this.lake = lake;
    }

    /**
     * Looks at the drops that a file belongs to.
     *
     * @param path of the file in the lake
     * @param enough once it says so, the rest is left
     * @param told hears sentences on what was done
     * @return drops of which something may be left
     * @throws dev.tarn.model.TarnException the problems of every drop, when all have been looked at
     */
    public List<Unit> arrived(Plan plan, String path, BooleanSupplier enough, Consumer<String> told) {
        List<FileDrop> meant = plan.drops().stream()
                .filter(drop -> path.startsWith(LANDING)
                        && drop.path()
                                .pattern()
                                .matcher(path.substring(LANDING.length()))
                                .matches())
                .toList();
        if (meant.isEmpty()) {
            told.accept(path + " belongs to no drop of the plan, so it stays where it is.");
        }
        return look(plan, meant, enough, told);
    }

    /** Looks at every drop of the plan, as {@link #arrived} does. */
    public List<Unit> look(Plan plan, BooleanSupplier enough, Consumer<String> told) {
        return look(plan, plan.drops(), enough, told);
    }

    /** As {@link #look(Plan, BooleanSupplier, Consumer)}, at the drops for tables with these names. */
    List<Unit> look(Plan plan, Predicate<String> which, BooleanSupplier enough, Consumer<String> told) {
        List<FileDrop> meant = plan.drops().stream()
                .filter(drop -> which.test(drop.target().toString()))
                .toList();
        return look(plan, meant, enough, told);
    }

    private List<Unit> look(Plan plan, List<FileDrop> drops, BooleanSupplier enough, Consumer<String> told) {
        Failures failures = new Failures();
        List<Unit> left = new ArrayList<>();
        for (FileDrop drop : drops) {
            Stopping stopping = new Stopping(enough);
            failures.attempt(() -> look(plan, drop, stopping, told));
            if (stopping.hasStopped()) {
                left.add(new Unit(Unit.Kind.FILES, drop.target().toString()));
            }
        }
        failures.throwIfAny();
        return left;
    }

    private void look(Plan plan, FileDrop drop, BooleanSupplier enough, Consumer<String> told) {
        Optional<Lease> lease = lease(drop);
        if (lease.isEmpty()) {
            told.accept(drop.target() + ": its files are being read by somebody else");
            return;
        }
        try {
            new DropLook(lake, drop, plan.timezone()).look(enough).forEach(done -> tell(done, told));
        } finally {
            lease.get().close();
        }
    }

    private static void tell(Extracted done, Consumer<String> told) {
        done.version()
                .ifPresent(version -> told.accept(done.table() + ": " + done.rows() + " rows of files into version "
                        + version + " in " + done.took().toMillis() + " ms"));
        done.remarks().forEach(told);
    }

    private Optional<Lease> lease(FileDrop drop) {
        try {
            return lake.storage().lease("tarn/leases/files." + drop.target().table());
        } catch (IOException e) {
            throw new UncheckedIOException("the lease of the files of " + drop.target(), e);
        }
    }
}
