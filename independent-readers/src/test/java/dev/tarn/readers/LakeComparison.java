package dev.tarn.readers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.delta.DeltaTables;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.model.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Every table of a lake in a folder, read by Tarn and by somebody else, row by row. */
final class LakeComparison implements AutoCloseable {

    private static final Budget BUDGET = new Budget(256L << 20, 512L << 20, 1L << 30, 1L << 30, 1L << 30, 2);

    private final Path lake;
    private final DuckDb duckDb;
    private final TarnReader tarn;

    LakeComparison(Path lake, Path workspace) {
        this.lake = lake;
        this.duckDb = DuckDb.open(BUDGET, workspace);
        this.tarn = new TarnReader(new DeltaTables(new LocalStorage(lake), duckDb, Clock.systemUTC()), duckDb);
    }

    /** Every folder with a Delta log, found without asking Tarn. */
    List<TableName> tables() throws IOException {
        try (Stream<Path> folders = Files.find(lake, 3, (path, attributes) -> path.endsWith("_delta_log"))) {
            return folders.map(log -> lake.relativize(log.getParent()))
                    .map(table -> TableName.parse(table.getName(0) + "." + table.getName(1)))
                    .sorted()
                    .toList();
        }
    }

    /** Fails unless {@code reader} sees every table as Tarn does. */
    void assertEveryTableIsReadIdentically(TableReader reader) throws IOException {
        List<TableName> tables = tables();
        assertThat(tables).as("tables of " + lake).isNotEmpty();
        for (TableName table : tables) {
            assertIsReadIdentically(reader, table, OptionalLong.empty());
        }
    }

    /** Fails unless {@code reader} sees the table as Tarn does. Answers the number of rows. */
    int assertIsReadIdentically(TableReader reader, TableName table, OptionalLong version) throws IOException {
        TableContent theirs = reader.read(lake.resolve(table.path()), version);
        TableContent ours = tarn.read(table, version);
        assertThat(ours.columns()).as("columns of " + table).isEqualTo(theirs.columns());
        assertThat(ours.rows()).as("rows of " + table).isEqualTo(theirs.rows());
        return ours.rows().size();
    }

    @Override
    public void close() {
        duckDb.close();
    }
}
