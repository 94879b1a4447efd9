package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.TableName;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Work in which a process may end: what is there before, what is done, and what is there afterwards.
 *
 * @param operation null for the making of the table
 * @param hides whether deletion vectors are preferred to copies
 * @param checkpoint whether the work's commit brings a checkpoint
 */
record CrashScenario(
        String name,
        @Nullable TableOperation operation,
        boolean hides,
        List<ModelColumn> partition,
        boolean checkpoint) {

    static final TableName TABLE = TableName.parse("silver.crashed");
    static final String FLOW = "flow";
    static final long NUMBER = 100;
    private static final int FILLS = 2;

    private record Work(String name, TableOperation operation, boolean hides) {}

    /** Every kind of work, on a table as it comes, on a partitioned one, and with a checkpoint. */
    static List<CrashScenario> all() {
        List<CrashScenario> all = new ArrayList<>();
        all.add(new CrashScenario("create", null, false, List.of(), false));
        all.add(new CrashScenario("create partitioned", null, false, List.of(ModelColumn.OK), false));
        for (Work work : works()) {
            all.add(new CrashScenario(work.name(), work.operation(), work.hides(), List.of(), false));
            all.add(new CrashScenario(
                    work.name() + " partitioned", work.operation(), work.hides(), List.of(ModelColumn.OK), false));
            all.add(new CrashScenario(
                    work.name() + " with checkpoint", work.operation(), work.hides(), List.of(), true));
        }
        return all;
    }

    static CrashScenario of(String name) {
        return all().stream()
                .filter(scenario -> scenario.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<Work> works() {
        SplittableRandom random = new SplittableRandom(4);
        ModelFilter some = new ModelFilter(
                RowFilter.between("id", "5", "20"),
                row -> row.get(ModelColumn.ID) instanceof Long id && id >= 5 && id <= 20);
        List<Map<ModelColumn, Object>> rows = ModelTable.anyRows(random, 10);
        List<ModelColumn> wider = new ArrayList<>(ModelColumn.FIRST);
        wider.add(ModelColumn.LEVEL);
        TableOperation merge = merge(random, ModelColumn.FIRST);
        TableOperation delete = new TableOperations.Delete(some);
        return List.of(
                new Work("append", new TableOperations.Append(rows), false),
                new Work("merge by copy", merge, false),
                new Work("merge by vector", merge, true),
                new Work("merge of a new column", merge(random, wider), false),
                new Work("delete by copy", delete, false),
                new Work("delete by vector", delete, true),
                new Work("delete all", new TableOperations.Delete(ModelFilter.all()), false),
                new Work("append to a group", new TableOperations.GroupAppend(new TableOperations.Append(rows)), false),
                new Work("optimize", new TableOperations.Optimize(CompactionPolicy.usual()), false),
                new Work("add a column", new TableOperations.AddColumn(ModelColumn.LEVEL), false),
                new Work("replace", new TableOperations.Replace(rows), false),
                new Work("replace in part", new TableOperations.Rework(3, rows.subList(0, 2)), true),
                new Work("replace where", new TableOperations.ReplaceWhere(some, some.anyRows(random, 30)), false));
    }

    /** Of every third id; one row in four deletes. */
    private static ModelMerge merge(SplittableRandom random, List<ModelColumn> columns) {
        List<Map<ModelColumn, Object>> source = new ArrayList<>();
        List<Boolean> gone = new ArrayList<>();
        for (long id = 0; id < 60; id += 3) {
            Map<ModelColumn, Object> row = ModelTable.anyRow(random, columns);
            row.put(ModelColumn.ID, id);
            source.add(row);
            gone.add(id % 4 == 0);
        }
        return new ModelMerge(List.of(ModelColumn.ID), columns, source, gone, false, false, false, false);
    }

    DeltaTables tables(Storage storage, DuckDb duckDb) {
        WritePolicy policy = hides ? new WritePolicy(0, 1, 1, new Retries(20, Pause.real())) : WritePolicy.usual();
        return new DeltaTables(storage, duckDb, Clock.systemUTC(), policy);
    }

    /** Makes what is there before. */
    void prepare(Storage storage, DuckDb duckDb) {
        if (operation == null) {
            return;
        }
        DeltaTable table = tables(storage, duckDb).table(TABLE);
        create(table, duckDb);
        try (Session session = duckDb.session()) {
            for (int fill = 0; fill < FILLS; fill++) {
                fill(fill).run(table, session, DeltaFixture.request(FLOW, fill));
            }
        }
    }

    private static TableOperations.Append fill(int number) {
        return new TableOperations.Append(ModelTable.anyRows(new SplittableRandom(number), 20));
    }

    private void create(DeltaTable table, DuckDb duckDb) {
        RandomTable.create(
                table,
                duckDb,
                partition,
                Map.of(
                        "delta.enableChangeDataFeed", "true",
                        "delta.enableDeletionVectors", "true",
                        "delta.checkpointInterval", checkpoint ? Integer.toString(FILLS + 1) : "100"));
    }

    /** Does the work; done again it changes nothing. */
    void work(Storage storage, DuckDb duckDb) {
        DeltaTable table = tables(storage, duckDb).table(TABLE);
        if (operation == null) {
            create(table, duckDb);
            return;
        }
        try (Session session = duckDb.session()) {
            operation.run(table, session, DeltaFixture.request(FLOW, NUMBER));
        }
    }

    /** What every version holds when the work is done. */
    List<ModelTable> versions() {
        List<ModelTable> versions = new ArrayList<>(List.of(ModelTable.empty()));
        for (int fill = 0; operation != null && fill < FILLS; fill++) {
            versions.add(after(versions, fill(fill)));
        }
        if (operation != null) {
            versions.add(after(versions, operation));
        }
        return versions;
    }

    private static ModelTable after(List<ModelTable> versions, TableOperation operation) {
        ModelTable next = versions.get(versions.size() - 1).copy();
        operation.apply(next);
        return next;
    }

    @Override
    public String toString() {
        return name;
    }
}
