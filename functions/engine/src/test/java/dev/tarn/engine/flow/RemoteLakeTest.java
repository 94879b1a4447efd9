package dev.tarn.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.azurite.Azurite;
import dev.tarn.engine.cache.ElsewhereStorage;
import dev.tarn.engine.delta.Commit;
import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.delta.Pause;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.event.UpdateStats;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.azure.AzureAddress;
import dev.tarn.engine.storage.azure.AzureBlobStorage;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Dataset;
import dev.tarn.model.Effect;
import dev.tarn.model.Flow;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Updates of a lake that is elsewhere: as on this machine, and for little. */
class RemoteLakeTest {

    private static final TableName SALES = TableName.parse("bronze.sales");
    private static final TableName REVENUE = TableName.parse("gold.revenue");
    private static final int FILES = 3;
    private static final int ROWS = 250_000;

    private static final Flow FLOW = new Flow(
            "gold.revenue",
            Dataset.of(
                    REVENUE,
                    Dataset.Kind.MATERIALIZED_VIEW,
                    new TableSchema(List.of(
                            new Column("day", DataType.Simple.DATE),
                            new Column("revenue", new DataType.Decimal(38, 2)))),
                    new SourcePosition("pipelines/gold_revenue.sql", 1, 1)),
            new Effect.Replace(),
            List.of(new Flow.Input(SALES, Flow.Reading.WHOLE)),
            "SELECT day, sum(amount)::DECIMAL(38,2) AS revenue FROM \"bronze.sales\" GROUP BY day",
            List.of(),
            List.of(),
            "revenue",
            new SourcePosition("pipelines/gold_revenue.sql", 1, 1));

    @TempDir
    Path folder;

    /** Where the lake is. */
    enum Place {
        FOLDER,
        AZURITE
    }

    private ElsewhereStorage storage(Place place) throws Exception {
        if (place == Place.FOLDER) {
            return new ElsewhereStorage(folder.resolve("lake"));
        }
        assumeTrue(Azurite.missing().isEmpty(), () -> Azurite.missing().orElseThrow());
        Storage blobs =
                AzureBlobStorage.open(AzureAddress.parse(Azurite.shared().newLake()));
        return new ElsewhereStorage(blobs);
    }

    private FlowLake lake(Storage storage, String workspace) {
        return new FlowLake(storage, folder.resolve(workspace), Clock.systemUTC(), Pause.real());
    }

    private static String sales(int from, int rows) {
        return "SELECT range AS id, 'customer ' || range % 977 AS customer,"
                + " (hash(range) % 100000 / 100)::DECIMAL(18,2) AS amount, (hash(range * 7) >> 8)::BIGINT AS reference,"
                + " DATE '2026-01-01' + (range % 365)::INT AS day, range % 5 = 0 AS paid,"
                + " {'x': (hash(range * 3) >> 8)::BIGINT, 'y': [range % 3]} AS detail, md5(range::VARCHAR) AS note"
                + " FROM range(" + from + ", " + (from + rows) + ")";
    }

    private static void append(FlowLake lake, String sql) {
        DeltaTable table = lake.lake.table(SALES);
        try (Session session = lake.lake.duckDb().session()) {
            TableSnapshot base = table.create(new TableDefinition(session.describe(sql), List.of(), "", Map.of()));
            CommitRequest request = CommitRequest.ofFlow(
                    "sales",
                    base.updateNumber("sales").orElse(-1) + 1,
                    new FlowProgress("-", List.of()),
                    lake.lake.newUpdateId(),
                    "WRITE",
                    Map.of(),
                    Map.of());
            assertThat(table.commit(table.append(session, base, sql), request)).isInstanceOf(Commit.Committed.class);
        }
    }

    private static UpdateStats update(FlowLake lake) {
        return ((UpdateOutcome.Completed) lake.updates.run(FLOW)).stats();
    }

    @ParameterizedTest
    @EnumSource
    void twoOfEightColumnsOfATableCostAFifthOfItsBytes(Place place) throws Exception {
        ElsewhereStorage storage = storage(place);
        try (FlowLake writer = lake(storage, "writer")) {
            for (int file = 0; file < FILES; file++) {
                append(writer, sales(file * ROWS, ROWS));
            }
        }
        try (FlowLake lake = lake(storage, "reader")) {
            TableSnapshot table = lake.snapshot(SALES);
            long size = table.files().stream().mapToLong(file -> file.size()).sum();
            long bytes = storage.bytes();
            long requests = storage.requests();

            UpdateStats stats = update(lake);

            System.out.printf(
                    "%s: 2 of 8 columns of %d bytes in %d files: %d fetched (%.1f %%), %d read in all in %d requests%n",
                    place,
                    size,
                    table.files().size(),
                    stats.bytesFetched(),
                    100.0 * stats.bytesFetched() / size,
                    storage.bytes() - bytes,
                    storage.requests() - requests);
            assertThat(stats.rowsRead()).isEqualTo(FILES * ROWS);
            assertThat(stats.bytesFetched()).isPositive();
            assertThat(storage.bytes() - bytes).isLessThanOrEqualTo(size / 5);
            try (Session session = lake.lake.duckDb().session()) {
                assertThat(session.query(
                                "SELECT count(*) FROM (SELECT * FROM "
                                        + lake.snapshot(REVENUE).scan(session)
                                        + " EXCEPT ALL SELECT day, sum(amount)::DECIMAL(38,2) FROM ("
                                        + sales(0, FILES * ROWS) + ") GROUP BY day)",
                                row -> row.getLong(1)))
                        .containsExactly(0L);
                assertThat(lake.snapshot(REVENUE).numRecords()).isEqualTo(365);
            }
        }
    }

    @Test
    void whatWasFetchedIsNotFetchedAgain() throws Exception {
        ElsewhereStorage storage = storage(Place.FOLDER);
        try (FlowLake writer = lake(storage, "writer")) {
            append(writer, sales(0, ROWS));
        }
        try (FlowLake lake = lake(storage, "reader");
                FlowLake writer = lake(storage, "writer")) {
            long first = update(lake).bytesFetched();
            append(writer, sales(ROWS, 1_000));

            long second = update(lake).bytesFetched();

            assertThat(second).isPositive().isLessThan(first / 5);
        }
    }

    @Test
    void whatWasWrittenHereIsNotFetched() throws Exception {
        ElsewhereStorage storage = storage(Place.FOLDER);
        try (FlowLake lake = lake(storage, "both")) {
            append(lake, sales(0, ROWS));
            assertThat(update(lake).bytesFetched()).isZero();
            append(lake, sales(0, 1_000) + " WHERE false");

            UpdateOutcome unchanged = lake.updates.run(FLOW);

            assertThat(((UpdateOutcome.Unchanged) unchanged).stats().bytesFetched())
                    .isZero();
        }
    }

    @Test
    void aStreamFetchesItsNewRowsOnly() throws Exception {
        ElsewhereStorage storage = storage(Place.FOLDER);
        try (FlowLake lake = lake(storage, "reader");
                FlowLake writer = lake(storage, "writer")) {
            writer.arrive(
                    "SELECT range::INTEGER AS id, (hash(range) % 1000000)::DECIMAL(18,2) AS amount FROM range(1, 400000)");
            UpdateStats first = ((UpdateOutcome.Completed) lake.updates.run(FlowLake.stream())).stats();
            writer.arrive(FlowLake.rows("(1000001, 30), (0, 7)"));

            UpdateStats second = ((UpdateOutcome.Completed) lake.updates.run(FlowLake.stream())).stats();

            assertThat(first.bytesFetched()).isGreaterThan(1 << 20);
            assertThat(second.rowsRead()).isEqualTo(2);
            assertThat(second.bytesFetched()).isPositive().isLessThan(4 << 10);
        }
    }

    @Test
    void aProcessThatDiedLeavesNothingToTheNext() throws Exception {
        ElsewhereStorage storage = storage(Place.FOLDER);
        try (FlowLake writer = lake(storage, "writer")) {
            append(writer, sales(0, ROWS));
        }
        long first;
        try (FlowLake lake = lake(storage, "same")) {
            first = update(lake).bytesFetched();
        }
        try (FlowLake writer = lake(storage, "writer");
                FlowLake lake = lake(storage, "same")) {
            append(writer, sales(ROWS, 1));

            assertThat(update(lake).bytesFetched()).isGreaterThan(first);
        }
    }
}
