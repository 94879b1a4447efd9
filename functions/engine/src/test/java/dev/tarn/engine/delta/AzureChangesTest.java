package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.azurite.Azurite;
import dev.tarn.engine.storage.azure.AzureAddress;
import dev.tarn.engine.storage.azure.AzureBlobStorage;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The change feed of a table in blob storage, of whose files only what is read is fetched. */
class AzureChangesTest extends ChangesFixture {

    private static final String MANY =
            "SELECT range AS id, concat(md5(range::VARCHAR), md5((range * 7)::VARCHAR)) AS text FROM range(30000)";

    @BeforeAll
    static void azuriteIsThere() {
        assumeTrue(Azurite.missing().isEmpty(), () -> Azurite.missing().orElseThrow());
    }

    @BeforeEach
    void fill() throws IOException {
        storage = AzureBlobStorage.open(AzureAddress.parse(Azurite.shared().newLake()));
        tables = new DeltaTables(storage, duckDb, Clock.systemUTC());
        table = tables.table(NAME);
        createKeeping(MANY);
        append(MANY);
        merge(Merge.upsert(List.of("id"), "SELECT id, concat('new ', text) AS text FROM (" + MANY + ")"));
        // Nothing is in the cache of who wrote nothing.
        tables = new DeltaTables(storage, duckDb, Clock.systemUTC());
        table = tables.table(NAME);
    }

    @Test
    void onlyTheColumnsThatAreReadAreFetched() {
        String changes = table.changes(session, 1, 2, () -> Set.of("id"));

        assertThat(session.query(
                        "SELECT _change_type, count(*), sum(id) FROM " + changes + " GROUP BY 1 ORDER BY 1",
                        row -> row.getString(1) + " " + row.getLong(2) + " " + row.getLong(3)))
                .containsExactly(
                        "insert 30000 449985000",
                        "update_postimage 30000 449985000",
                        "update_preimage 30000 449985000");
        assertThat(session.fetchedBytes()).isLessThan(1_500_000);
    }

    @Test
    void aFileThatIsGoneIsNamed() throws IOException {
        String path = storage.list(NAME.path() + "/_change_data", "").get(0).path();
        storage.delete(path);

        assertThatThrownBy(() -> changes(0, 2))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "CHANGES_UNAVAILABLE  Changes of silver.invoice from version 0 to 2 cannot be told: the file "
                                + path
                                + " of version 2 is missing.\n    Ask for changes from version 3 on when a clean-up (VACUUM) took"
                                + " it; else restore it from a backup.");
    }
}
