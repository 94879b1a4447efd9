package dev.tarn.local.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.connect.inbox.Drain;
import dev.tarn.connect.inbox.Inbox;
import dev.tarn.connect.inbox.InboxLimits;
import dev.tarn.connect.inbox.Receipt;
import dev.tarn.connect.inbox.WebhookRequest;
import dev.tarn.engine.delta.Pause;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.local.run.CompiledProject;
import dev.tarn.local.run.OpenLake;
import dev.tarn.model.TableName;
import dev.tarn.model.WebhookSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Senders of the how-to, let in by the very files that it shows. */
class DocumentedSendersTest {

    private static final Path HOW_TO = Path.of("../docs/how-to/n8n.md");

    @TempDir
    Path folder;

    private Lake lake;

    @BeforeEach
    void open() {
        Path root = folder.resolve("lake");
        lake = OpenLake.writable(new LocalStorage(root), root, Clock.systemUTC(), OpenLake.DEFAULT_MEMORY, 256L << 20);
    }

    @AfterEach
    void close() {
        lake.close();
    }

    private WebhookSource documented(String file) throws IOException {
        String page = Files.readString(HOW_TO);
        int at = page.indexOf("In `" + file + "`:\n\n");
        String yaml = page.substring(page.indexOf("\n\n", at) + 2)
                .lines()
                .takeWhile(line -> line.startsWith("    "))
                .map(line -> line.substring(4) + "\n")
                .collect(Collectors.joining());
        write(file, yaml);
        write(
                "tarn.yml",
                """
                version: 1
                timezone: Asia/Manila
                targets:
                  local: { lake: ./.lake, default: true }
                """);
        write(
                "spark-pipeline.yml",
                """
                name: senders
                storage: file:///tmp/spark
                database: silver
                libraries:
                  - glob: { include: pipelines/** }
                """);
        write(
                "pipelines/day.sql",
                """
                CREATE MATERIALIZED VIEW silver.day AS SELECT DATE '2026-11-25' AS day
                """);
        return CompiledProject.compile(folder.resolve("project"), "local", null)
                .webhooks()
                .get(0);
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve("project").resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    /** Statuses of the answers to the bodies, sent one after the other to an inbox whose secrets have that value. */
    private List<Integer> send(WebhookSource source, String secret, Map<String, String> headers, String... bodies)
            throws IOException {
        Map<String, List<String>> all = new HashMap<>();
        headers.forEach((name, value) -> all.put(name, List.of(value)));
        all.put("Content-Type", List.of("application/json"));
        List<Integer> statuses = new ArrayList<>();
        try (Inbox inbox = new Inbox(
                lake.storage(), Clock.systemUTC(), InboxLimits.usual(), name -> Optional.of(secret), path -> {})) {
            for (String body : bodies) {
                Receipt receipt = inbox.receive(
                        List.of(source),
                        new WebhookRequest(
                                source.endpoints().get(0).name(), all, new ByteArrayInputStream(body.getBytes(UTF_8))));
                statuses.add(receipt.status());
            }
        }
        new Drain(lake, source, source.endpoints().get(0), ZoneId.of("Asia/Manila"), Pause.real())
                .run(Duration.ZERO, () -> false, drained -> {});
        return statuses;
    }

    private List<String> rows(String table, String select) {
        try (Session session = lake.duckDb().session()) {
            return session.query(
                    "SELECT concat_ws(' | ', " + select + ") FROM "
                            + lake.table(TableName.parse(table))
                                    .snapshot()
                                    .orElseThrow()
                                    .scan(session) + " ORDER BY received_at, event_id",
                    row -> row.getString(1));
        }
    }

    @Test
    void whatSupabaseTellsOfItsRowsIsInBronzeOnce() throws IOException {
        WebhookSource supabase = documented("sources/supabase.yml");
        String insert = "{\"type\": \"INSERT\", \"table\": \"orders\", \"record\": {\"id\": 7, \"total\": 12.50,"
                + " \"updated_at\": \"2026-11-25T08:00:00+00:00\"}, \"schema\": \"public\", \"old_record\": null}";
        String update = "{\"type\": \"UPDATE\", \"table\": \"orders\", \"record\": {\"id\": 7, \"total\": 13.50,"
                + " \"updated_at\": \"2026-11-25T08:00:05+00:00\"}, \"schema\": \"public\", \"old_record\": {\"id\": 7,"
                + " \"total\": 12.50, \"updated_at\": \"2026-11-25T08:00:00+00:00\"}}";
        String delete = "{\"type\": \"DELETE\", \"table\": \"orders\", \"record\": null, \"schema\": \"public\","
                + " \"old_record\": {\"id\": 7, \"total\": 13.50, \"updated_at\": \"2026-11-25T08:00:05+00:00\"}}";
        Map<String, String> headers = Map.of("X-Webhook-Secret", "s3cr3t", "User-Agent", "pg_net/0.19.5");

        assertThat(send(supabase, "s3cr3t", headers, insert, update, insert, delete))
                .containsExactly(202, 202, 200, 202);
        assertThat(send(supabase, "s3cr3t", headers, delete, update)).containsExactly(202, 202);
        assertThat(send(supabase, "another", headers, insert)).containsExactly(401);

        assertThat(rows(
                        "bronze.supabase_events",
                        "regexp_replace(event_id, '[0-9a-f]{64}', '…'), type, record, headers"))
                .containsExactly(
                        "public|orders|INSERT|7|2026-11-25T08:00:00+00:00 | INSERT | {\"id\": 7, \"total\": 12.50,"
                                + " \"updated_at\": \"2026-11-25T08:00:00+00:00\"} | {\"user-agent\":\"pg_net/0.19.5\"}",
                        "public|orders|UPDATE|7|2026-11-25T08:00:05+00:00 | UPDATE | {\"id\": 7, \"total\": 13.50,"
                                + " \"updated_at\": \"2026-11-25T08:00:05+00:00\"} | {\"user-agent\":\"pg_net/0.19.5\"}",
                        "sha256:… | DELETE | {\"user-agent\":\"pg_net/0.19.5\"}");
        assertThat(rows("bronze.supabase_events", "old_record"))
                .contains("{\"id\": 7, \"total\": 13.50, \"updated_at\": \"2026-11-25T08:00:05+00:00\"}");
    }

    @Test
    void whatAnAutomationRuleOfOdooSendsIsInBronzeOnce() throws IOException {
        WebhookSource odoo = documented("sources/odoo-events.yml");
        String draft =
                "{\"_action\": \"Send to Tarn(#412)\", \"_id\": 7, \"_model\": \"sale.order\", \"amount_total\": 1250.5,"
                        + " \"id\": 7, \"name\": \"S00007\", \"note\": false, \"write_date\": \"2026-11-25 09:30:12\"}";
        String sold = draft.replace("09:30:12", "09:31:00").replace("1250.5", "1300.0");
        // Of requests.post("http://tarn:s3cr3t@...") as Odoo calls it.
        Map<String, String> headers =
                Map.of("Authorization", "Basic dGFybjpzM2NyM3Q=", "User-Agent", "python-requests/2.34.2");

        assertThat(send(odoo, "Basic dGFybjpzM2NyM3Q=", headers, draft, sold, draft))
                .containsExactly(202, 202, 200);
        assertThat(send(odoo, "Basic dGFybjpzM2NyM3Q=", headers, sold)).containsExactly(202);
        assertThat(send(odoo, "Basic dGFybjpzM2NyM3Q=", Map.of(), sold)).containsExactly(401);

        assertThat(rows(
                        "bronze.odoo_events",
                        "event_id, name, amount_total, write_date::TIMESTAMPTZ, headers, payload"))
                .containsExactly(
                        "Send to Tarn(#412)|sale.order|7|2026-11-25 09:30:12 | S00007 | 1250.50 | 2026-11-25 01:30:12+00 | {} | "
                                + draft,
                        "Send to Tarn(#412)|sale.order|7|2026-11-25 09:31:00 | S00007 | 1300.00 | 2026-11-25 01:31:00+00 | {} | "
                                + sold);
    }
}
