package dev.tarn.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.connect.alarm.AlarmReceiver;
import dev.tarn.local.cli.TarnRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * Things break on purpose. The commands and the notification name the cause and the mend, and once that is done all is as if
 * nothing had been.
 */
@TestInstance(Lifecycle.PER_CLASS)
class IncidentDrillTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String MOVES = "pipelines/finance/silver_account_move.sql";
    private static final String PARTNERS = "pipelines/finance/silver_named_partners.sql";

    private Path folder;
    private Books books;
    private CutLine line;
    private AlarmReceiver receiver;
    private SampleCopy project;
    private int projects;
    private String password = "demo";

    @BeforeAll
    void open(@TempDir Path temporary) throws IOException {
        folder = temporary;
        books = Books.open(folder.resolve("books"), 200);
        line = CutLine.to(books.port());
        books.odoo("ALTER ROLE tarn_reader PASSWORD 'demo'");
        Path admission = Path.of(books.odoo("SHOW hba_file").get(0));
        Files.writeString(admission, "host all tarn_reader all scram-sha-256\n" + Files.readString(admission));
        books.odoo("SELECT pg_reload_conf()");
    }

    @AfterAll
    void close() throws IOException {
        line.close();
        books.close();
    }

    @BeforeEach
    void aProjectThatTellsSomebody() throws IOException {
        receiver = AlarmReceiver.open();
        project = SampleCopy.in(folder.resolve("project" + ++projects))
                .change("tarn.yml", "freshness: 5m ", "freshness: 2s ")
                .change(
                        "tarn.yml",
                        "targets:",
                        "notify: { url: \"" + receiver.url() + "\", secret: \"${secret:n8n-notify}\" }\ntargets:");
    }

    @AfterEach
    void closeReceiver() {
        receiver.close();
    }

    private Map<String, String> secrets() {
        Map<String, String> secrets = new HashMap<>(books.secrets());
        secrets.put(
                "TARN_SECRET_ODOO_URL",
                "postgresql://tarn_reader:" + password + "@localhost:" + line.port() + "/odoo?sslmode=disable");
        secrets.put("TARN_SECRET_N8N_NOTIFY", AlarmReceiver.SECRET);
        return secrets;
    }

    private TarnRun tarn(String words) {
        return TarnRun.of(project.folder(), secrets(), words.split(" "));
    }

    private RunningTarn up() {
        return RunningTarn.up(project.folder(), secrets(), "up", "--port", "0");
    }

    private void assertNumbersAgree() {
        assertThat(books.supabase("SELECT company_id, month, revenue FROM reporting.monthly_revenue ORDER BY 1, 2"))
                .isEqualTo(books.revenueByLedger());
    }

    @Test
    void aBrokenExpectationIsNamedAndMended() throws IOException {
        assertThat(tarn("up --once").exitCode()).isZero();
        assertThat(receiver.all()).isEmpty();
        project.change(MOVES, "OR amount_total > 0)", "OR amount_total > 0) ON VIOLATION FAIL UPDATE");
        books.odoo("UPDATE account_move SET amount_total = 0 WHERE id = (SELECT min(id) FROM account_move)");
        assertThat(tarn("up --once").exitCode()).isEqualTo(1);

        JsonNode alarm = receiver.alarm("update_failed", "silver.account_move");
        String update = alarm.path("update").asText();
        assertThat(alarm.path("code").asText()).isEqualTo("EXPECTATION_FAILED");
        assertThat(alarm.path("what").asText()).startsWith("positive_amount failed for ");
        assertThat(alarm.path("effect").asText())
                .startsWith("silver.account_move and ")
                .contains(" tables made from it stay as of ")
                .endsWith("; nothing wrong was published.");
        assertThat(alarm.path("mend").asText())
                .contains("Mend the rows in the source, or change the expectation.")
                .endsWith("See tarn runs show " + update + " --target local.");
        assertThat(tarn("status").out())
                .containsPattern("silver\\.account_move .*FAILED  EXPECTATION_FAILED \\(update " + update + "\\)")
                .containsPattern("gold\\.monthly_revenue .*waits for silver\\.account_move")
                .contains("EXPECTATION_FAILED  " + alarm.path("what").asText(), "    Next: tarn runs show " + update);
        assertThat(tarn("runs --failed").out()).contains(update, "FAILED  EXPECTATION_FAILED");
        assertThat(tarn("runs show " + update).out())
                .contains(
                        "state    FAILED  EXPECTATION_FAILED",
                        alarm.path("what").asText());

        project.change(MOVES, "OR amount_total > 0) ON VIOLATION FAIL UPDATE", "OR amount_total > 0)");
        assertThat(tarn("update silver.account_move+").exitCode()).isZero();
        assertThat(tarn("status").out()).doesNotContain("FAILED", "waits");
        assertThat(tarn("up --once").exitCode()).isZero();
        assertThat(receiver.all())
                .containsExactly("update_failed silver.account_move", "mended update_failed silver.account_move");
        assertNumbersAgree();
    }

    @Test
    void aPoisonedRowIsKeptAsideAndBroughtBack() throws IOException {
        project.add(
                PARTNERS,
                """
                CREATE OR REFRESH STREAMING TABLE silver.named_partners (
                  CONSTRAINT named EXPECT (name <> 'POISON') ON VIOLATION QUARANTINE
                ) AS SELECT id, name FROM STREAM(bronze.res_partner);
                """);
        books.odoo("UPDATE res_partner SET name = 'POISON' WHERE id = (SELECT min(id) FROM res_partner)");
        assertThat(tarn("up --once").exitCode()).isZero();

        JsonNode alarm = receiver.alarm("quarantine", "silver.named_partners");
        assertThat(alarm.path("what").asText()).isEqualTo("1 row is kept aside of silver.named_partners.");
        assertThat(alarm.path("mend").asText()).contains("tarn quarantine replay silver.named_partners");
        assertThat(alarm.toString()).doesNotContain("POISON");
        assertThat(tarn("quarantine list").out())
                .isEqualTo(
                        """
                         table                  breaks  rows
                         silver.named_partners  named   1
                        """);

        project.change(PARTNERS, "<> 'POISON'", "<> ''");
        assertThat(tarn("quarantine replay silver.named_partners").out())
                .isEqualTo("1 row came back to silver.named_partners.\n");
        assertThat(tarn("up --once").exitCode()).isZero();
        assertThat(receiver.all())
                .containsExactly("quarantine silver.named_partners", "mended quarantine silver.named_partners");
    }

    @Test
    void aPoisonedFileIsKeptAsideUntilItIsReplaced() throws IOException {
        String file = "landing/bank_statement/may.csv";
        drop(file, new byte[] {0x1f, (byte) 0x8b, 8, 0, 1});
        assertThat(tarn("up --once").exitCode()).isZero();

        JsonNode alarm = receiver.alarm("quarantine", file);
        assertThat(alarm.path("what").asText()).startsWith(file + " cannot be read: ");
        assertThat(alarm.path("effect").asText())
                .isEqualTo(
                        "What cannot be read is missing in bronze.bank_statement and in what is made from it; nothing else"
                                + " is.");
        assertThat(alarm.path("mend").asText())
                .isEqualTo(
                        "See it with tarn quarantine show bronze.bank_statement --target local. Mend the file where it"
                                + " lies, or delete it.");
        assertThat(tarn("quarantine show bronze.bank_statement").out()).contains(file);

        drop(
                file,
                """
                account;statement;line;booked_on;amount;currency;counterparty;reference
                PH-0012-3456;2026-05;1;2026-05-04;-12,50;PHP;Bank;fee
                """
                        .getBytes(StandardCharsets.ISO_8859_1));
        assertThat(tarn("up --once").exitCode()).isZero();
        assertThat(receiver.all()).containsExactly("quarantine " + file, "mended quarantine " + file);
        try (LakeReader lake = LakeReader.open(project.folder().resolve(".lake"))) {
            assertThat(lake.rows("gold.bank_reconciliation", "SELECT month, bank_amount, not_in_odoo_lines FROM t"))
                    .contains("2026-05-01|-12.50|1");
        }
    }

    private void drop(String file, byte[] content) throws IOException {
        Path path = project.folder().resolve(".lake").resolve(file);
        Files.createDirectories(path.getParent());
        Files.write(path, content);
        Files.setLastModifiedTime(path, FileTime.from(Instant.now().minusSeconds(60)));
    }

    @Test
    void aLineThatIsCutIsNamedAndMended() throws IOException {
        try (RunningTarn tarn = up()) {
            line.cut();
            try {
                tarn.await(SOON, () -> receiver.all().contains("stale odoo"));
                JsonNode alarm = receiver.alarm("stale", "odoo");
                assertThat(alarm.path("code").asText()).isEqualTo("SOURCE_UNREACHABLE");
                assertThat(alarm.path("effect").asText())
                        .startsWith("The bronze tables of odoo, and what is made from them, get nothing new since ");
                assertThat(alarm.path("mend").asText()).endsWith("Check it with tarn doctor --target local.");
                assertThat(tarn("status").out())
                        .containsPattern("bronze\\.account_move .*FAILED  SOURCE_UNREACHABLE")
                        .contains("    Next: tarn doctor\n");
                TarnRun doctor = tarn("doctor");
                assertThat(doctor.exitCode()).isEqualTo(1);
                assertThat(doctor.out()).contains("FAIL  odoo", "SOURCE_UNREACHABLE");
            } finally {
                line.mend();
            }
            tarn.await(SOON, () -> receiver.all().contains("mended stale odoo"));
            assertThat(tarn("status").out()).doesNotContain("FAILED");
        }
    }

    @Test
    void aPasswordThatExpiredIsNamedAndMended() {
        try (RunningTarn tarn = up()) {
            books.odoo("ALTER ROLE tarn_reader PASSWORD 'renewed'");
            tarn.await(SOON, () -> receiver.all().contains("update_failed odoo"));
            JsonNode alarm = receiver.alarm("update_failed", "odoo");
            assertThat(alarm.path("code").asText()).isEqualTo("SOURCE_LOGIN_REFUSED");
            assertThat(alarm.path("mend").asText()).contains("Correct user and password in the secret odoo-url");
            assertThat(alarm.toString()).doesNotContain("demo", "renewed");
            assertThat(tarn("status").out())
                    .containsPattern("bronze\\.res_partner .*FAILED  SOURCE_LOGIN_REFUSED")
                    .contains("Correct user and password in the secret odoo-url");
            assertThat(tarn("doctor").out()).contains("FAIL  odoo", "SOURCE_LOGIN_REFUSED");
        } finally {
            password = "renewed";
        }

        assertThat(tarn("up --once").exitCode()).isZero();
        assertThat(receiver.all()).containsExactly("update_failed odoo", "mended update_failed odoo");
        assertNumbersAgree();
    }

    @Test
    void aSinkThatRefusesIsNamedAndMended() throws IOException {
        assertThat(tarn("up --once").exitCode()).isZero();
        LiveTest.raiseAnInvoice(books);
        books.supabaseAdmin("ALTER TABLE reporting.monthly_revenue RENAME TO away");
        try {
            assertThat(tarn("up --once").exitCode()).isNotZero();
            JsonNode alarm = receiver.alarm("publish_blocked", "supabase reporting.monthly_revenue");
            assertThat(alarm.path("effect").asText())
                    .startsWith("supabase reporting.monthly_revenue keeps what it shows since ");
            assertThat(tarn("status").out()).containsPattern("supabase reporting\\.monthly_revenue .*FAILED  SINK_");
            assertThat(tarn("doctor").out()).contains("FAIL  supabase");
        } finally {
            books.supabaseAdmin("ALTER TABLE reporting.away RENAME TO monthly_revenue");
        }

        assertThat(tarn("up --once").exitCode()).isZero();
        assertThat(receiver.all())
                .containsExactly(
                        "publish_blocked supabase reporting.monthly_revenue",
                        "mended publish_blocked supabase reporting.monthly_revenue");
        assertNumbersAgree();
    }
}
