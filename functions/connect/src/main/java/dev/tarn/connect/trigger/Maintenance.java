package dev.tarn.connect.trigger;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.engine.delta.Commit;
import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.CompactionPolicy;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.TableChange;
import dev.tarn.engine.delta.VacuumReport;
import dev.tarn.engine.delta.VacuumRequest;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.event.EventLog;
import dev.tarn.engine.flow.Failures;
import dev.tarn.engine.flow.Freshness;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.lake.LakeJson;
import dev.tarn.engine.storage.Lease;
import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Keeps the tables of a plan, and the history, quick to read: packs small files and deletes those that no version within the
 * table's retention needs. Checkpoints are made by whoever commits. What one tick does not get done, the next goes on with.
 */
public final class Maintenance {

    private static final String LEASE = "tarn/leases/maintain";
    /** Names the table with which the next tick begins. */
    private static final String PLACE = "tarn/maintain.json";

    private final Lake lake;

    public Maintenance(Lake lake) {
        this.lake = lake;
    }

    /**
     * Goes through the tables, each once at most.
     *
     * @param enough asked between tables; once it says so, the rest is left
     * @param told hears sentences on what was done
     * @return the last table of this round, when it is left with those before it
     * @throws TarnException the problems of every table, when all have been gone through
     */
    public List<Unit> run(Plan plan, BooleanSupplier enough, Consumer<String> told) {
        return underLease(
                () -> {
                    List<TableName> tables = inTurn(plan);
                    return round(tables, tables.size() - 1, enough, told);
                },
                told);
    }

    /** Goes on with a round that was left, as {@link #run}, up to that table. */
    List<Unit> goOn(Plan plan, String last, BooleanSupplier enough, Consumer<String> told) {
        TableName end = TableName.parse(last);
        return underLease(
                () -> {
                    List<TableName> tables = inTurn(plan);
                    return round(tables, tables.indexOf(end), enough, told);
                },
                told);
    }

    private List<Unit> underLease(Supplier<List<Unit>> round, Consumer<String> told) {
        Optional<Lease> lease = lease();
        if (lease.isEmpty()) {
            told.accept("The tables are being maintained by somebody else.");
            return List.of();
        }
        try {
            return round.get();
        } finally {
            lease.get().close();
        }
    }

    private List<Unit> round(List<TableName> tables, int last, BooleanSupplier enough, Consumer<String> told) {
        Failures failures = new Failures();
        boolean stopped = false;
        int at = 0;
        while (at <= last && !stopped) {
            TableName table = tables.get(at);
            failures.attempt(() -> maintain(table, told));
            stopped = enough.getAsBoolean();
            at++;
            keepPlace(tables.get(at % tables.size()));
        }
        failures.throwIfAny();
        return at <= last
                ? List.of(new Unit(Unit.Kind.MAINTAIN, tables.get(last).toString()))
                : List.of();
    }

    /** The tables that are maintained. */
    static SortedSet<TableName> tables(Plan plan) {
        SortedSet<TableName> tables = new TreeSet<>();
        plan.sources().forEach(source -> source.tables().forEach(table -> tables.add(table.target())));
        plan.webhooks().forEach(source -> source.endpoints().forEach(sent -> tables.addAll(sent.tables())));
        plan.drops().forEach(drop -> tables.add(drop.target()));
        plan.flows().stream().map(Flow::target).forEach(tables::add);
        tables.add(EventLog.TABLE);
        tables.add(Freshness.TABLE);
        return tables;
    }

    private List<TableName> inTurn(Plan plan) {
        List<TableName> inTurn = new ArrayList<>(tables(plan));
        place().ifPresent(first -> {
            int begin = (int)
                    inTurn.stream().filter(table -> table.compareTo(first) < 0).count();
            Collections.rotate(inTurn, -begin);
        });
        return inTurn;
    }

    private void maintain(TableName name, Consumer<String> told) {
        DeltaTable table = lake.table(name);
        if (table.newestVersion().isEmpty()) {
            return;
        }
        pack(name, table, told);
        VacuumReport report = table.vacuum(VacuumRequest.usual());
        if (!report.files().isEmpty()) {
            told.accept(name + ": " + report.files().size() + " files that no version needs deleted, " + report.bytes()
                    + " bytes");
        }
    }

    private void pack(TableName name, DeltaTable table, Consumer<String> told) {
        CompactionPolicy policy = CompactionPolicy.usual();
        CommitRequest request = CommitRequest.ofWork(
                lake.newUpdateId(), "OPTIMIZE", Map.of("targetSize", Long.toString(policy.targetBytes())));
        AtomicBoolean nothing = new AtomicBoolean();
        try (Session session = lake.duckDb().session()) {
            Commit commit = table.run(request, base -> {
                TableChange change = table.optimize(session, base, policy);
                nothing.set(change.isNothing());
                return change;
            });
            if (!nothing.get() && commit instanceof Commit.Committed committed) {
                told.accept(name + ": files packed in version " + committed.version());
            }
        }
    }

    private Optional<Lease> lease() {
        try {
            return lake.storage().lease(LEASE);
        } catch (IOException e) {
            throw new UncheckedIOException("the lease of the maintenance", e);
        }
    }

    private Optional<TableName> place() {
        try {
            JsonNode place = LakeJson.MAPPER.readTree(lake.storage().read(PLACE));
            // Of another version, or anything else: beginning anew does no harm.
            return TableName.tryParse(place.path("next").asText());
        } catch (NoSuchFileException firstTick) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("where the maintenance goes on cannot be read", e);
        }
    }

    private void keepPlace(TableName next) {
        try {
            lake.storage()
                    .put(
                            PLACE,
                            LakeJson.MAPPER.writeValueAsBytes(LakeJson.MAPPER
                                    .createObjectNode()
                                    .put("v", 1)
                                    .put("next", next.toString())));
        } catch (IOException e) {
            throw new UncheckedIOException("where the maintenance goes on cannot be kept", e);
        }
    }
}
