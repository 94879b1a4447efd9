package dev.tarn.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.local.cli.TarnRun;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** The sample on the same books in the tables of Odoo 19 and in those of Odoo 17. */
@TestInstance(Lifecycle.PER_CLASS)
class OdooVersionsTest {

    private static final int MOVES = 600;

    private SampleCopy on19;
    private SampleCopy on17;
    private Books books17;
    private TarnRun run17;

    @BeforeAll
    void runOnBoth(@TempDir Path folder) throws IOException {
        on19 = SampleCopy.in(folder.resolve("on19"));
        try (Books books19 = Books.open(folder.resolve("books19"), MOVES)) {
            TarnRun run19 = up(on19, books19);
            assertThat(run19.exitCode()).as(run19.err()).isZero();
        }
        books17 = Books.open(folder.resolve("books17"), MOVES);
        books17.odoo(script("odoo-17.sql"));
        on17 = SampleCopy.in(folder.resolve("on17")).change("sources/odoo.yml", "version: 19 ", "version: 17 ");
        run17 = up(on17, books17);
    }

    @AfterAll
    void close() {
        if (books17 != null) {
            books17.close();
        }
    }

    private static TarnRun up(SampleCopy project, Books books) {
        return TarnRun.of(project.folder(), books.secrets(), "up", "--once");
    }

    private static String script(String name) throws IOException {
        try (InputStream in = OdooVersionsTest.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void theSampleSettlesOn17() {
        assertThat(run17.err()).doesNotContain("FAILED");
        assertThat(run17.exitCode()).as(run17.err()).isZero();
        assertThat(run17.out())
                .startsWith("Odoo    odoo (17.0), 2 companies (PHP, USD), ")
                .contains("All settled in ", "Ledger and invoices agree (gold.control_revenue).");
    }

    @Test
    void goldIsTheSameOnBoth() throws IOException {
        assertThat(layer(on17, "gold."))
                .hasSize(10)
                .doesNotContainEntry("gold.monthly_revenue", "0|null")
                .isEqualTo(layer(on19, "gold."));
    }

    /** All of silver but the names of drafts, which Odoo 17 calls '/'. */
    @Test
    void silverDiffersInWhatDraftsAreCalled() throws IOException {
        Map<String, String> silver17 = layer(on17, "silver.");
        Map<String, String> silver19 = layer(on19, "silver.");
        String moves = "silver.account_move";

        assertThat(silver17.remove(moves)).isNotEqualTo(silver19.remove(moves));
        assertThat(silver17).isNotEmpty().isEqualTo(silver19);
        assertThat(drafts(on17)).containsOnly("/").hasSameSizeAs(drafts(on19));
        assertThat(drafts(on19)).containsOnly("null");
    }

    private static List<String> drafts(SampleCopy project) {
        try (LakeReader lake = LakeReader.open(project.folder().resolve(".lake"))) {
            return lake.rows("silver.account_move", "SELECT move_name FROM t WHERE state = 'draft'");
        }
    }

    private static Map<String, String> layer(SampleCopy project, String layer) throws IOException {
        try (LakeReader lake = LakeReader.open(project.folder().resolve(".lake"))) {
            Map<String, String> tables = new HashMap<>(lake.fingerprints());
            tables.keySet().removeIf(table -> !table.startsWith(layer));
            return tables;
        }
    }

    @Test
    void aProjectFor19IsRefusedOn17(@TempDir Path folder) {
        TarnRun run = up(SampleCopy.in(folder), books17);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo(
                        """
                sources/odoo.yml:1:1  CONFIGURATION_INVALID  Source odoo is written for Odoo 19, but localhost:%d/odoo is Odoo 17.0.
                    Correct the version, after a look at the columns that your SQL uses, or the secret odoo-url.
                """
                                .formatted(books17.port()));
    }
}
