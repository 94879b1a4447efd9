package dev.tarn.connect.trigger;

import dev.tarn.connect.bronze.Extracted;
import dev.tarn.connect.extract.DatabaseExtract;
import dev.tarn.connect.extract.Extraction;
import dev.tarn.connect.extract.LookTimes;
import dev.tarn.connect.odoo.api.ApiAccess;
import dev.tarn.connect.odoo.api.ApiExtract;
import dev.tarn.connect.odoo.api.Patience;
import dev.tarn.connect.postgres.PostgresUrl;
import dev.tarn.engine.event.FailedAttempts;
import dev.tarn.engine.event.UpdateRecord;
import dev.tarn.engine.flow.Failures;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.Lease;
import dev.tarn.model.Plan;
import dev.tarn.model.SourceConnection;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Looks at sources when a clock ticks. The project says how often each table is due, and the lake when it was looked at; the
 * ticks need only come often enough. Two at once share the sources: a lease spares double reading, and correctness does not
 * depend on it.
 */
public final class SourceLooks {

    private final Lake lake;
    private final EnvironmentSecrets secrets;
    private final LookStore store;
    private final FailedAttempts failed;

    public SourceLooks(Lake lake, EnvironmentSecrets secrets) {
        this.lake = lake;
        this.secrets = secrets;
        this.store = new LookStore(lake.storage());
        this.failed = new FailedAttempts(lake.storage());
    }

    /**
     * Reads what is due of every source of the plan.
     *
     * @param enough once it says so, each source gets one more piece at most, and the rest is left
     * @param told hears sentences on what was done
     * @return sources of which something may be left
     * @throws TarnException the problems of every source, when all have been looked at; what is left is then left to the
     *     next tick
     */
    public List<Unit> look(Plan plan, BooleanSupplier enough, Consumer<String> told) {
        return look(plan, source -> true, enough, told);
    }

    /** As {@link #look(Plan, BooleanSupplier, Consumer)}, of the sources with these names. */
    List<Unit> look(Plan plan, Predicate<String> which, BooleanSupplier enough, Consumer<String> told) {
        Failures failures = new Failures();
        List<Unit> left = new ArrayList<>();
        for (TableSource source : plan.sources()) {
            if (which.test(source.name())) {
                Stopping stopping = new Stopping(enough);
                failures.attempt(() -> look(source, stopping, told));
                if (stopping.hasStopped()) {
                    left.add(new Unit(Unit.Kind.EXTRACT, source.name()));
                }
            }
        }
        failures.throwIfAny();
        return left;
    }

    private void look(TableSource source, BooleanSupplier enough, Consumer<String> told) {
        if (!store.read(source).isDue(lake.clock().instant())) {
            return;
        }
        Optional<Lease> lease = lease(source);
        if (lease.isEmpty()) {
            told.accept(source.name() + ": is being read by somebody else");
            return;
        }
        try {
            // Once more: whoever held the lease a moment ago may have done it.
            LookTimes times = store.read(source);
            if (times.isDue(lake.clock().instant())) {
                read(source, times, enough, told);
            }
        } finally {
            lease.get().close();
        }
    }

    private void read(TableSource source, LookTimes times, BooleanSupplier enough, Consumer<String> told) {
        try {
            extraction(source).extractDue(times, enough).forEach(extracted -> tell(source, extracted, told));
            failed.forget(UpdateRecord.Kind.EXTRACT, source.name());
        } catch (TarnException refusal) {
            failed.count(
                    UpdateRecord.Kind.EXTRACT,
                    source.name(),
                    refusal,
                    null,
                    lake.clock().instant());
            throw refusal;
        } finally {
            store.write(source, times);
        }
    }

    private static void tell(TableSource source, Extracted extracted, Consumer<String> told) {
        if (extracted.version().isPresent()) {
            told.accept(source.name() + ": " + extracted.rows() + " rows into version "
                    + extracted.version().getAsLong() + " of " + extracted.table() + " in "
                    + extracted.took().toMillis() + " ms");
        }
        extracted.remarks().forEach(remark -> told.accept(source.name() + ": " + remark));
    }

    private Optional<Lease> lease(TableSource source) {
        try {
            return lake.storage().lease(leasePath(source.name()));
        } catch (IOException e) {
            throw new UncheckedIOException("the lease of source " + source.name(), e);
        }
    }

    /** Where a source's lease is: whoever holds it reads the source. */
    static String leasePath(String source) {
        return "tarn/leases/source." + source;
    }

    private Extraction extraction(TableSource source) {
        String value = secrets.require(source.connection().secret(), source.position());
        return source.connection() instanceof SourceConnection.OdooApi api
                ? new ApiExtract(lake, new ApiAccess(source, api, value, Patience.usual(lake.clock())))
                : new DatabaseExtract(
                        lake, source, PostgresUrl.parse(source.connection().secret(), value));
    }
}
