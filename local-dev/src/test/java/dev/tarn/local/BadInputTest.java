package dev.tarn.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.local.cli.TarnRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Every bad input says what is wrong, where, why and how to mend it; the lake stays as it was. */
@TestInstance(Lifecycle.PER_CLASS)
class BadInputTest {

    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private Path folder;
    private Books books;
    private int projects;

    @BeforeAll
    void open(@TempDir Path temporary) throws IOException {
        folder = temporary;
        books = Books.open(folder.resolve("books"), 200);
        books.odoo("CREATE ROLE locked LOGIN PASSWORD 'right'");
        Path hba = folder.resolve("books/postgres/pg_hba.conf");
        Files.writeString(hba, "host all locked all scram-sha-256\n" + Files.readString(hba));
        books.odoo("SELECT pg_reload_conf()");
    }

    @AfterAll
    void close() {
        books.close();
    }

    private SampleCopy project() {
        return SampleCopy.in(folder.resolve("project" + ++projects));
    }

    private TarnRun up(SampleCopy project, String... arguments) {
        return up(project, books.secrets(), arguments);
    }

    private static TarnRun up(SampleCopy project, Map<String, String> secrets, String... arguments) {
        String[] all =
                Stream.concat(Stream.of("up", "--once"), Stream.of(arguments)).toArray(String[]::new);
        return TarnRun.of(project.folder(), secrets, all);
    }

    private Map<String, String> odooAt(String url) {
        Map<String, String> secrets = new HashMap<>(books.secrets());
        secrets.put("TARN_SECRET_ODOO_URL", url);
        return secrets;
    }

    private static void assertRefused(TarnRun run, int exitCode, String message) {
        assertThat(run.err()).isEqualTo(message + "\n");
        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(run.out()).doesNotContain("    at ");
    }

    private static void assertNothingInLake(SampleCopy project) throws IOException {
        for (String layer : List.of("bronze", "silver", "gold", "tarn/plans")) {
            assertThat(project.folder().resolve(".lake/" + layer)).doesNotExist();
        }
    }

    @Test
    void aWrongPassword() throws IOException {
        SampleCopy project = project();

        TarnRun run = up(project, odooAt("postgresql://locked:wrong@localhost:" + books.port() + "/odoo"));

        assertRefused(
                run,
                USAGE,
                """
                SOURCE_LOGIN_REFUSED  Source odoo: localhost:%d does not let the user of the secret odoo-url into database odoo.
                    Correct user and password in the secret odoo-url; if they are right, admit this machine in the server's pg_hba.conf."""
                        .formatted(books.port()));
        assertNothingInLake(project);
    }

    @Test
    void anUnreachableDatabase() throws IOException {
        SampleCopy project = project();
        int closed = freePort();

        TarnRun run = up(project, odooAt("postgresql://reader:secret@localhost:" + closed + "/odoo"));

        assertRefused(
                run,
                FAILED,
                """
                SOURCE_UNREACHABLE  Source odoo: localhost:%d/odoo cannot be reached: nothing accepts connections there.
                    Check that the server runs and that the secret odoo-url holds its address; Tarn tries again."""
                        .formatted(closed));
        assertNothingInLake(project);
    }

    @Test
    void aDatabaseWithoutOdoo() throws IOException {
        SampleCopy project = project();

        TarnRun run = up(project, odooAt("postgresql://postgres@localhost:" + books.port() + "/postgres"));

        assertRefused(
                run,
                USAGE,
                """
                sources/odoo.yml:1:1  SOURCE_NOT_ODOO  Source odoo: localhost:%d/postgres is not a database of Odoo: it has no table ir_module_module, res_company, res_currency.
                    Name Odoo's own database in the secret odoo-url."""
                        .formatted(books.port()));
        assertNothingInLake(project);
    }

    @Test
    void aSecretThatIsNoAddress() {
        TarnRun run = up(project(), odooAt("my password"));

        assertRefused(
                run,
                USAGE,
                """
                SECRET_INVALID  The secret odoo-url is not the address of a PostgreSQL database: it does not begin with postgresql://.
                    Set it to postgresql://user:password@host:port/database; a special character in user or password is written as % and two hexadecimal digits, @ as %40.""");
    }

    @Test
    void aMissingSecret() {
        assertRefused(
                up(project(), "--odoo-secret", "odoo-copy"),
                USAGE,
                """
                SECRET_MISSING  ${secret:odoo-copy} is not set for target local.
                    Set TARN_SECRET_ODOO_COPY or add odoo-copy to .secrets.""");
    }

    @Test
    void theDemoOdooDoesNotGoIntoARealDatabase() throws IOException {
        SampleCopy project = project();
        Map<String, String> onlyTheSink = new HashMap<>(books.secrets());
        onlyTheSink.remove("TARN_SECRET_ODOO_URL");

        assertRefused(
                up(project, onlyTheSink),
                USAGE,
                """
                sources/odoo.yml:1:1  SECRET_MISSING  ${secret:odoo-url} is not set for target local, and the demo Odoo is not mixed with real databases.
                    Set TARN_SECRET_ODOO_URL or add odoo-url to .secrets; without any secret set, all databases are demos.""");
        assertNothingInLake(project);
    }

    @Test
    void aRootThatCannotBeWritten() throws IOException {
        SampleCopy project = project().add("file", "");
        Path root = project.folder().resolve("file/lake");

        assertRefused(
                up(project, "--root", "file/lake"),
                USAGE,
                """
                LAKE_NOT_WRITABLE  The lake at %s cannot be written: FileSystemException.
                    Choose another place with --root, or give this user the right to create folders and files there."""
                        .formatted(root));
    }

    @Test
    void aRootWithANewerFormat() throws IOException {
        SampleCopy project = project();
        Path format =
                Files.createDirectories(project.folder().resolve(".lake/tarn")).resolve("format.json");
        Files.writeString(format, "{\"layout\":2}");

        assertRefused(
                up(project),
                USAGE,
                """
                LAKE_FORMAT_NEWER  The lake at %s has layout 2; this version of Tarn knows up to 1.
                    Use the newer Tarn that wrote it, or another --root. Nothing was changed."""
                        .formatted(project.folder().resolve(".lake")));
        assertThat(format).content().isEqualTo("{\"layout\":2}");
        assertNothingInLake(project);
    }

    @Test
    void aTakenPort() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(other.getLocalPort());

            assertRefused(
                    up(project(), "--port", port),
                    USAGE,
                    """
                    PORT_TAKEN  Port %s of this machine, for the status page, is in use by another program.
                        Choose another with --port; --port 0 takes any that is free."""
                            .formatted(port));
            assertRefused(
                    up(project(), Map.of(), "--postgres-port", port),
                    USAGE,
                    """
                    PORT_TAKEN  Port %s of this machine, for the demo databases, is in use by another program.
                        Choose another with --postgres-port; --postgres-port 0 takes any that is free."""
                            .formatted(port));
        }
    }

    @Test
    void lessMemoryOrDiskThanTheBudget() {
        assertThat(up(project(), "--memory", "1000TB").err())
                .matches(
                        "MEMORY_TOO_SMALL  This machine or container has \\d+ MiB of memory, the budget takes \\d+ MiB "
                                + "\\(\\d+ MiB for Java, 524288000 MiB for DuckDB, the rest for code and buffers\\)\\.\n"
                                + "    Give it more memory or a smaller budget\\.\n");
        assertThat(up(project(), "--memory", "64MB").err())
                .matches(
                        "MEMORY_TOO_SMALL  This process may use 64 MiB of memory\\. Its Java heap may grow to \\d+ MiB, code "
                                + "and buffers take up to 192 MiB, and DuckDB needs at least 64 MiB\\.\n"
                                + "    Let it use more memory, or start Java with a smaller heap \\(-Xmx\\)\\.\n");
        assertThat(up(project(), "--disk", "1000TB").err())
                .matches("DISK_TOO_SMALL  The disk below .*/\\.lake/tarn/workspace has \\d+ MiB left, the budget takes "
                        + "\\d+ MiB\\.\n    Free some space, .*\n");
        assertThat(up(project(), "--disk", "1000TB").exitCode()).isEqualTo(USAGE);
    }

    @Test
    void sqlThatIsNone() throws IOException {
        SampleCopy project =
                project().change("pipelines/finance/silver_product.sql", "FROM variant v", "FORM variant v");

        assertRefused(
                up(project),
                USAGE,
                """
                pipelines/finance/silver_product.sql:16:6  SQL_SYNTAX  'variant' does not fit here.
                    Check what stands before it: a comma, a parenthesis or a word is missing, misspelt or too much.""");
        assertNothingInLake(project);
    }

    @Test
    void unknownColumnsAndTablesAreNamedTogetherWithTheirPlaces() throws IOException {
        SampleCopy project = project()
                .change(
                        "pipelines/finance/gold_monthly_revenue.sql",
                        "  sum(m.amount_untaxed_signed) ",
                        "  sum(m.amount_untaxed_sgined) ")
                .change(
                        "pipelines/finance/gold_top_products.sql",
                        "FROM silver.account_move_line",
                        "FROM silver.acount_move_line");

        TarnRun run = TarnRun.of(project.folder(), books.secrets(), "check");

        assertThat(run.err())
                .isEqualTo(
                        """
                pipelines/finance/gold_monthly_revenue.sql:19:9  COLUMN_NOT_FOUND  amount_untaxed_sgined is not a column of silver.account_move.
                    Nearest: amount_untaxed_signed, amount_total_signed, amount_untaxed.
                pipelines/finance/gold_top_products.sql:14:8  TABLE_NOT_FOUND  No flow and no source makes silver.acount_move_line.
                    Nearest: silver.account_move_line, silver.account_move, bronze.account_move_line.
                2 errors, nothing changed.
                """);
        assertThat(run.exitCode()).isEqualTo(USAGE);
        assertThat(project.folder().resolve(".lake")).doesNotExist();
    }

    @Test
    void flowsThatReadOneAnother() throws IOException {
        SampleCopy project = project()
                .add("pipelines/gold_a.sql", "CREATE OR REFRESH MATERIALIZED VIEW gold.a AS SELECT id FROM gold.b;\n")
                .add("pipelines/gold_b.sql", "CREATE OR REFRESH MATERIALIZED VIEW gold.b AS SELECT id FROM gold.a;\n");

        assertRefused(
                up(project),
                USAGE,
                """
                pipelines/gold_b.sql:1:62  FLOWS_CYCLIC  Flows in a circle: gold.a reads gold.b reads gold.a.
                    Let one of them read a table outside of the circle.""");
        assertNothingInLake(project);
    }

    @Test
    void twoSourcesThatClaimOneTable() throws IOException {
        SampleCopy project = project();
        project.add(
                "sources/second.yml",
                Files.readString(project.folder().resolve("sources/odoo.yml"))
                        .replace("source: odoo", "source: second")
                        .replaceAll("(?s)tables:.*", "tables:\n  - model: res.company\n"));

        assertRefused(
                up(project),
                USAGE,
                """
                sources/second.yml:8:12  TABLE_CLAIMED_TWICE  bronze.res_company is already filled from sources/odoo.yml:14:12.
                    Remove one of them.""");
        assertNothingInLake(project);
    }

    @Test
    void anExpectationThatFailsTheUpdateLeavesItsTableAndAllAfterItAsTheyWere() throws IOException {
        SampleCopy project = project()
                .change(
                        "pipelines/finance/silver_account_move.sql",
                        "state IN ('draft', 'posted', 'cancel')",
                        "state = 'posted'");

        TarnRun run = up(project);

        assertThat(run.err())
                .endsWith(
                        """
                pipelines/finance/silver_account_move.sql:6:3  EXPECTATION_FAILED  known_state failed for 13 of 200 rows of account_move_changes: not true that _op = 'delete' OR state = 'posted'.
                    silver.account_move and the tables after it stay as they were (version 0). Mend the rows in the source, or change the expectation.
                """);
        assertThat(run.exitCode()).isEqualTo(FAILED);
        assertThat(run.out())
                .contains(
                        "cleanse    silver.res_partner",
                        "FAILED: silver.account_move.",
                        "gold.monthly_revenue waits for what it reads.")
                .doesNotContain("aggregate  gold.monthly_revenue", "publish");
        TarnRun status = TarnRun.of(project.folder(), books.secrets(), "status");
        assertThat(status.out())
                .containsPattern("silver\\.account_move +0 .*FAILED  EXPECTATION_FAILED \\(update [0-9a-f]{8}\\)");
        assertThat(status.out()).containsPattern("gold\\.monthly_revenue .*waits for silver\\.account_move");
        assertThat(TarnRun.of(project.folder(), books.secrets(), "runs", "--failed")
                        .out())
                .contains("FAILED  EXPECTATION_FAILED");
    }

    @Test
    void anExpectationThatFailsLaterLeavesTheLakeAndSupabaseAsTheyWere() throws IOException {
        SampleCopy project = project();
        assertThat(up(project).exitCode()).isZero();
        Map<String, Long> versions = versions(project);
        List<String> published = books.supabase("SELECT * FROM reporting.monthly_revenue ORDER BY company_id, month");
        project.change(
                "pipelines/finance/silver_account_move.sql",
                "OR amount_total > 0)",
                "OR amount_total > 0) ON VIOLATION FAIL UPDATE");
        books.odoo("UPDATE account_move SET amount_total = 0 WHERE id = (SELECT min(id) FROM account_move)");

        TarnRun run = up(project);

        assertThat(run.err()).contains("EXPECTATION_FAILED  positive_amount failed for ");
        assertThat(run.exitCode()).isEqualTo(FAILED);
        versions.merge("bronze.account_move", 1L, Long::sum);
        assertThat(versions(project)).isEqualTo(versions);
        assertThat(books.supabase("SELECT * FROM reporting.monthly_revenue ORDER BY company_id, month"))
                .isEqualTo(published);
        assertThat(TarnRun.of(project.folder(), books.secrets(), "status").out())
                .containsPattern("gold\\.monthly_revenue .*waits for silver\\.account_move");
    }

    private static Map<String, Long> versions(SampleCopy project) throws IOException {
        try (LakeReader lake = LakeReader.open(project.folder().resolve(".lake"))) {
            return lake.versions();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
