package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.azurite.Azurite;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.storage.azure.AzureAddress;
import dev.tarn.engine.storage.azure.AzureBlobStorage;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Vacuum where files are elsewhere, and what is here of them are parts. */
class AzureVacuumTest extends DeltaFixture {

    private static final String ROWS =
            "SELECT range::BIGINT AS id, md5(range::VARCHAR) AS text, md5((-range)::VARCHAR) AS more FROM range(100000)";
    private static final String FEWER = "SELECT * FROM (" + ROWS + ") WHERE id % 2 = 0";

    @BeforeAll
    static void azuriteIsThere() {
        assumeTrue(Azurite.missing().isEmpty(), () -> Azurite.missing().orElseThrow());
    }

    @BeforeEach
    void createOnAzurite() throws IOException {
        storage = AzureBlobStorage.open(AzureAddress.parse(Azurite.shared().newLake()));
        tables = new DeltaTables(storage, duckDb, Clock.systemUTC());
        table = tables.table(NAME);
        table.create(new TableDefinition(
                session.describe(ROWS),
                List.of(),
                "",
                Map.of("delta.deletedFileRetentionDuration", "interval 0 seconds")));
        try (Session writer = duckDb.session()) {
            table.commit(table.append(writer, newest(), ROWS), request(0));
        }
    }

    /** A process that has nothing of the table here but what it shares with this one, some seconds later. */
    private DeltaTable later() {
        return new DeltaTables(storage, duckDb, Clock.offset(Clock.systemUTC(), Duration.ofSeconds(5))).table(NAME);
    }

    @Test
    void aVersionThatASessionScansStaysReadableThoughOnlyPartOfItIsHere() {
        DeltaTable elsewhere = later();
        try (Session reader = duckDb.session()) {
            TableSnapshot old = elsewhere.snapshot().orElseThrow();
            String ids = old.scan(reader, () -> Set.of("id"));
            try (Session writer = duckDb.session()) {
                table.commit(table.replace(writer, newest(), FEWER), request(1));
            }

            assertThat(later().vacuum(VacuumRequest.usual())).isEqualTo(new VacuumReport(List.of(), 0, 1, false));
            assertThat(count(reader, ids)).isEqualTo(100_000);
            assertThat(count(reader, old.scan(reader, () -> Set.of("more"))))
                    .as("a column that was not fetched before")
                    .isEqualTo(100_000);
        }

        assertThat(later().vacuum(VacuumRequest.usual()).files()).hasSize(1);
        try (Session reader = duckDb.session()) {
            assertThat(count(reader, newest().scan(reader))).isEqualTo(50_000);
        }
        assertThat(later().vacuum(VacuumRequest.usual()).files()).isEmpty();
    }

    private static long count(Session reader, String from) {
        return reader.query("SELECT count(*) FROM " + from, row -> row.getLong(1))
                .get(0);
    }

    @Test
    void filesAreFoundInFoldersAndPackedOnesGo() throws Exception {
        try (Session writer = duckDb.session()) {
            table.commit(table.append(writer, newest(), FEWER), request(1));
            Commit packed = table.run(
                    CompactionTest.maintenance(), base -> table.optimize(writer, base, CompactionPolicy.usual()));
            assertThat(packed).isEqualTo(new Commit.Committed(3));
        }
        storage.put(NAME.path() + "/_change_data/cdc-lost.parquet", new byte[] {1});

        assertThat(later().vacuum(VacuumRequest.usual()).files()).hasSize(3).contains("_change_data/cdc-lost.parquet");
        assertThat(newest().files()).hasSize(1);
        assertThat(count(session, newest().scan(session))).isEqualTo(150_000);
    }
}
