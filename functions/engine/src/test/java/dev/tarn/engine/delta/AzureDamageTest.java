package dev.tarn.engine.delta;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.azurite.Azurite;
import dev.tarn.engine.storage.azure.AzureAddress;
import dev.tarn.engine.storage.azure.AzureBlobStorage;
import dev.tarn.model.Sql;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link DamagedFilesTest} and {@link DamagedLogTest} see in a folder, in blob storage. */
class AzureDamageTest extends DamagedTable {

    private static final String FILE = FOLDER + "f.parquet";

    @BeforeAll
    static void azuriteIsThere() {
        assumeTrue(Azurite.missing().isEmpty(), () -> Azurite.missing().orElseThrow());
    }

    @BeforeEach
    void openOnAzurite() throws Exception {
        storage = AzureBlobStorage.open(AzureAddress.parse(Azurite.shared().newLake()));
        tables = new DeltaTables(storage, duckDb, Clock.systemUTC());
        table = tables.table(NAME);
        table.create(new TableDefinition(
                session.describe("SELECT 1 AS id"), List.of(), "", Map.of("delta.enableDeletionVectors", "true")));
        commitFile("SELECT range::INTEGER AS id FROM range(10)", "");
    }

    /** Version 1, of another writer and not seen by this process. */
    private void commitFile(String sql, String rest) throws Exception {
        Path local = session.newFile(".parquet");
        session.execute("COPY (" + sql + ") TO " + Sql.literal(local.toString()) + " (FORMAT parquet)");
        byte[] content = Files.readAllBytes(local);
        Files.delete(local);
        storage.put(FILE, content);
        storage.put(
                commit(1),
                ("{\"add\":{\"path\":\"f.parquet\",\"partitionValues\":{},\"size\":" + content.length
                                + ",\"modificationTime\":0,\"dataChange\":true,\"stats\":\"{\\\"numRecords\\\":10}\""
                                + rest + "}}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aMissingDataFileIsNamed() throws Exception {
        storage.delete(FILE);

        assertRefused(
                this::readCold,
                "LAKE_DAMAGED  Version 1 of silver.invoice cannot be read: its data file silver/invoice/f.parquet is"
                        + " missing.\n    Restore the file from a backup. If a clean-up took it, read a newer version.");
    }

    @Test
    void aDataFileThatWasCutOffIsNamed() throws Exception {
        byte[] content = storage.read(FILE);
        storage.put(FILE, Arrays.copyOf(content, content.length / 2));

        assertRefused(
                this::readCold,
                "LAKE_DAMAGED  Version 1 of silver.invoice cannot be read: silver/invoice/f.parquet is shorter than the"
                        + " log says, twice in a row." + RESTORE);
    }

    @Test
    void aDataFileThatIsNoParquetIsNamed() throws Exception {
        storage.put(FILE, new byte[storage.read(FILE).length]);

        assertRefused(
                this::readCold,
                "LAKE_DAMAGED  Version 1 of silver.invoice cannot be read: its data file silver/invoice/f.parquet is"
                        + " damaged (Invalid Input Error)." + RESTORE);
    }

    @Test
    void aDataFileOfOtherTypesIsNamed() throws Exception {
        commitFile("SELECT '7' AS id", "");

        assertRefused(
                this::readCold,
                "LAKE_DAMAGED  Version 1 of silver.invoice cannot be read: its data file silver/invoice/f.parquet has"
                        + " the column id as STRING, the table as INT.\n    Let the file's writer write it with the"
                        + " table's types, or restore it from a backup.");
    }

    @Test
    void aMissingDeletionVectorIsNamed() throws Exception {
        commitFile(
                "SELECT 1 AS id",
                ",\"deletionVector\":{\"storageType\":\"u\",\"pathOrInlineDv\":\"vBn[lx{q8@P<9BNH/isA\",\"offset\":1,"
                        + "\"sizeInBytes\":36,\"cardinality\":1}");

        assertRefused(
                this::readCold,
                "LAKE_DAMAGED  Version 1 of silver.invoice cannot be read: the deletion vector"
                        + " silver/invoice/deletion_vector_61d16c75-6994-46b7-a15b-8b538852e50e.bin of its data file"
                        + " silver/invoice/f.parquet is missing." + RESTORE);
    }

    @Test
    void aGapAndAnEmptyCommitAreNamed() throws Exception {
        storage.put(commit(2), new byte[0]);
        assertRefused(
                this::readCold,
                "LAKE_DAMAGED  Version 2 of silver.invoice cannot be read:"
                        + " silver/invoice/_delta_log/00000000000000000002.json is empty.\n"
                        + "    Restore the file from a backup; versions before 2 can still be read.");

        storage.delete(commit(1));
        assertRefused(
                this::readCold,
                "LAKE_DAMAGED  Version 2 of silver.invoice cannot be read: version 1 is missing from its log, as there"
                        + " is no silver/invoice/_delta_log/00000000000000000001.json.\n"
                        + "    Restore the file from a backup; version 0 can still be read.");
    }
}
