package dev.tarn.local.cli;

import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.plan.PlanStore;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.local.SampleCopy;
import dev.tarn.local.run.CompiledProject;
import dev.tarn.local.run.OpenLake;
import dev.tarn.model.TableName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** A lake in a folder with tables that a test writes, as if the sample project had run on it. */
final class WrittenTables implements AutoCloseable {

    private final Lake lake;

    WrittenTables(Path root, Path project) throws IOException {
        lake = OpenLake.writable(new LocalStorage(root), root, Clock.systemUTC(), OpenLake.DEFAULT_MEMORY, 256L << 20);
        SampleCopy.in(project);
        new PlanStore(lake.storage()).deploy(CompiledProject.compile(project, "local", null));
    }

    Lake lake() {
        return lake;
    }

    DeltaTable table(String name) {
        return lake.table(TableName.parse(name));
    }

    /** Creates the table with the columns of the query. */
    void create(String name, String columnsOf, Map<String, String> properties, String... partitionBy) {
        try (Session session = lake.duckDb().session()) {
            table(name).create(new TableDefinition(session.describe(columnsOf), List.of(partitionBy), "", properties));
        }
    }

    /** Adds the rows of the query. */
    void append(String name, String rows) {
        DeltaTable table = table(name);
        TableSnapshot base = table.snapshot().orElseThrow();
        try (Session session = lake.duckDb().session()) {
            table.commit(
                    table.append(session, base, rows),
                    CommitRequest.ofWork(lake.newUpdateId(), "WRITE", Map.of("mode", "Append")));
        }
    }

    @Override
    public void close() {
        lake.close();
    }
}
