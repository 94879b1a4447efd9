package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.TableName;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One table to which random things are done, and the model that says what it must hold; all by one random number. */
final class RandomTable {

    private static final String FLOW = "flow";
    private static final List<List<ModelColumn>> PARTITIONS = List.of(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(ModelColumn.OK),
            List.of(ModelColumn.OK),
            List.of(ModelColumn.GRP),
            List.of(ModelColumn.DAY, ModelColumn.OK),
            List.of(ModelColumn.AMOUNT));

    private static final List<String> CHECKPOINTS = List.of("3", "10", "10", "10", "100", "100", "100", "100");

    private final DuckDb duckDb;
    private final Storage storage;
    private final SplittableRandom random;
    private final String run;
    private final boolean keepsChanges;
    private final WritePolicy policy;
    private final DeltaTables tables;
    private final DeltaTable table;
    /** What every version holds. */
    private final List<ModelTable> history = new ArrayList<>();

    private long number = 10;

    RandomTable(DuckDb duckDb, Storage storage, TableName name, long seed) {
        this.duckDb = duckDb;
        this.storage = storage;
        random = new SplittableRandom(seed);
        List<ModelColumn> partition = PARTITIONS.get(random.nextInt(PARTITIONS.size()));
        keepsChanges = random.nextInt(3) > 0;
        boolean vectors = random.nextInt(3) > 0;
        policy = random.nextInt(3) == 0
                ? WritePolicy.usual()
                : new WritePolicy(0, random.nextDouble(), random.nextDouble(), new Retries(1, Pause.real()));
        run = "-Dtarn.seed=" + seed + " partitioned by " + partition + ", feed " + keepsChanges + ", vectors " + vectors
                + ", " + policy;
        tables = new DeltaTables(storage, duckDb, Clock.systemUTC(), policy);
        table = tables.table(name);
        create(
                table,
                duckDb,
                partition,
                Map.of(
                        "delta.enableChangeDataFeed", Boolean.toString(keepsChanges),
                        "delta.enableDeletionVectors", Boolean.toString(vectors),
                        "delta.checkpointInterval", CHECKPOINTS.get(random.nextInt(CHECKPOINTS.size()))));
        history.add(ModelTable.empty());
    }

    static void create(DeltaTable table, DuckDb duckDb, List<ModelColumn> partition, Map<String, String> properties) {
        try (Session session = duckDb.session()) {
            table.create(new TableDefinition(
                    session.describe(ModelTable.sql(ModelColumn.FIRST, List.of())),
                    partition.stream().map(ModelColumn::columnName).toList(),
                    "",
                    properties));
        }
    }

    /** Does as many things as {@code operations} says and compares after each. */
    void live(int operations) throws IOException {
        try (Session session = duckDb.session()) {
            for (int done = 1; done <= operations; done++) {
                step(session, run + ", operation " + done);
            }
            if (random.nextInt(4) == 0) {
                compareHistory(session);
            }
        }
    }

    private void step(Session session, String where) throws IOException {
        ModelTable before = history.get(history.size() - 1);
        ModelTable now = before.copy();
        TableOperation operation = TableOperations.any(random);
        boolean replayed = history.size() > 1 && random.nextInt(12) == 0;
        Commit commit;
        try {
            commit = operation.run(
                    table, session, DeltaFixture.request(FLOW, replayed ? number - random.nextInt(9) : number + 1));
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(where + ": " + operation, e);
        }
        if (replayed && operation.isCommit()) {
            assertThat(commit).as(where).isEqualTo(new Commit.AlreadyCommitted(history.size() - 1));
        } else {
            operation.apply(now);
            number += operation.isCommit() ? 1 : 0;
        }
        TableSnapshot snapshot = table.snapshot().orElseThrow();
        while (history.size() <= snapshot.version()) {
            history.add(now);
        }
        compare(session, snapshot, now, where + ": " + operation);
        if (commit instanceof Commit.Committed committed && operation.isCommit()) {
            assertThat(snapshot.version()).as(where).isEqualTo(committed.version());
            assertThat(snapshot.updateNumber(FLOW).orElseThrow()).as(where).isEqualTo(number);
            if (keepsChanges) {
                @Nullable ModelMerge merge = operation instanceof ModelMerge one ? one : null;
                new ToldChanges(tables, table, session, snapshot)
                        .assertAreRight(before, now, merge, where + ": " + operation);
            }
        }
    }

    private static void compare(Session session, TableSnapshot snapshot, ModelTable model, String where) {
        assertThat(ModelTable.columnsOf(snapshot)).as(where).isEqualTo(model.columns());
        assertThat(model.texts(session, snapshot.scan(session))).as(where).isEqualTo(model.texts());
        assertThat(snapshot.numRecords()).as(where).isEqualTo(model.rows().size());
    }

    /** As somebody sees it who has just come. */
    private void compareHistory(Session session) {
        DeltaTable fresh = new DeltaTables(storage, duckDb, Clock.systemUTC()).table(table.location());
        assertThat(fresh.snapshot().orElseThrow().version()).as(run).isEqualTo(history.size() - 1);
        for (int version = 0; version < history.size(); version++) {
            compare(session, fresh.snapshotAt(version), history.get(version), run + ", version " + version);
        }
    }
}
