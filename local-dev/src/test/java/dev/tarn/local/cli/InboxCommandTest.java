package dev.tarn.local.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.connect.inbox.Drain;
import dev.tarn.connect.inbox.Inbox;
import dev.tarn.connect.inbox.InboxLimits;
import dev.tarn.connect.inbox.WebhookRequest;
import dev.tarn.engine.delta.Pause;
import dev.tarn.engine.plan.PlanStore;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.model.EventIdPart;
import dev.tarn.model.Operation;
import dev.tarn.model.Plan;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.WebhookAuth;
import dev.tarn.model.WebhookSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InboxCommandTest {

    private static final SourcePosition HERE = new SourcePosition("sources/shop.yml", 4, 11);
    private static final Instant THEN = Instant.parse("2026-01-31T08:00:00Z");

    private final WebhookSource shop = new WebhookSource(
            "shop",
            List.of(WebhookSource.Endpoint.usual(
                    "orders",
                    new WebhookAuth.SharedSecret("x-key", List.of(new SecretRef("orders"))),
                    List.of(new EventIdPart(null, List.of("id"))),
                    HERE)),
            HERE);

    @TempDir
    Path folder;

    @BeforeEach
    void events() throws IOException {
        try (WrittenTables tables = new WrittenTables(folder.resolve("lake"), folder.resolve("project"))) {
            new PlanStore(tables.lake().storage())
                    .deploy(new Plan(
                            "0123456789abcdef",
                            "shop",
                            ZoneId.of("Asia/Manila"),
                            List.of(),
                            List.of(),
                            List.of(),
                            List.of(shop),
                            List.of(),
                            Operation.USUAL));
            try (Inbox inbox = new Inbox(
                    tables.lake().storage(),
                    Clock.fixed(THEN, ZoneOffset.UTC),
                    InboxLimits.usual(),
                    secret -> Optional.of("open sesame"),
                    path -> {})) {
                send(inbox, "[{\"id\":1,\"a\":1},{\"id\":1,\"a\":2},{\"id\":2}]");
                new Drain(tables.lake(), shop, shop.endpoints().get(0), ZoneId.of("UTC"), Pause.real())
                        .run(Duration.ZERO, () -> false, drained -> {});
                send(inbox, "{\"id\":3}");
            }
        }
    }

    private void send(Inbox inbox, String body) throws IOException {
        Map<String, List<String>> headers =
                Map.of("x-key", List.of("open sesame"), "content-type", List.of("application/json"));
        assertThat(inbox.receive(
                                List.of(shop),
                                new WebhookRequest("orders", headers, new ByteArrayInputStream(body.getBytes(UTF_8))))
                        .status())
                .isEqualTo(202);
    }

    private TarnRun tarn(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "inbox";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[arguments.length + 1] = "--root";
        all[arguments.length + 2] = folder.resolve("lake").toString();
        return TarnRun.of(folder, Map.of(), all);
    }

    @Test
    void whatWaitsAndWhatIsThereIsListed() {
        assertThat(tarn("list").out())
                .isEqualTo(
                        """
                         endpoint  waiting files  oldest                events  conflicts  unreadable
                         orders    1              2026-01-31T08:00:00Z  2       1          0
                        """);
        assertThat(tarn("list", "--format", "json").out())
                .matches(
                        "\\{\"endpoint\":\"orders\",\"table\":\"bronze.orders_events\",\"waiting_files\":1,\"waiting_bytes\":\\d+,"
                                + "\"oldest\":\"2026-01-31T08:00:00Z\",\"events\":2,\"conflicts\":1,\"unreadable\":\\[]}\n");
    }

    @Test
    void eventsAreShownByIdAndTimeOfTheProjectsZone() {
        assertThat(tarn("show", "orders", "--id", "2", "--format", "json").out())
                .startsWith("{\"event_id\":\"2\",\"received_at\":\"2026-01-31T08:00:00Z\"")
                .hasLineCount(1);
        assertThat(tarn("show", "orders", "--from", "2026-01-31 16:00:00", "--format", "json")
                        .out())
                .hasLineCount(2);
        assertThat(tarn("show", "orders", "--to", "2026-01-31 16:00:00", "--format", "json")
                        .out())
                .isEmpty();
        assertThat(tarn("show", "orders", "--conflicts", "--format", "json").out())
                .contains("\"payload\":\"{\\\"id\\\":1,\\\"a\\\":2}\"")
                .hasLineCount(1);
    }

    @Test
    void aConflictIsReplayedOnce() {
        assertThat(tarn("replay", "--source", "orders", "--id", "1").out()).isEqualTo("1 conflict was replayed.\n");
        assertThat(tarn("replay", "--source", "orders").out()).isEqualTo("1 conflict was replayed.\n");

        assertThat(tarn("list", "--format", "json").out())
                .contains("\"waiting_files\":0")
                .contains("\"events\":4,\"conflicts\":1");
    }

    @Test
    void aFileThatCannotBeReadIsListedAndReplayedOnceItIsMended() throws IOException {
        LocalStorage storage = new LocalStorage(folder.resolve("lake"));
        String name = "1769846400000-0123456789abcdef-000000.ndjson";
        storage.put("tarn/inbox/orders/" + name, "{\"v\":1".getBytes(UTF_8));
        assertThat(tarn("replay", "--source", "orders", "--id", "none").out())
                .isEqualTo("0 conflicts were replayed.\n");

        assertThat(tarn("list").out()).endsWith("tarn/inbox-unreadable/orders/" + name + ": Line 1 is cut off.\n");
        assertThat(tarn("list", "--format", "json").out())
                .contains("\"unreadable\":[{\"path\":\"tarn/inbox-unreadable/orders/" + name
                        + "\",\"reason\":\"Line 1 is cut off.\",\"since\":\"");
        assertThat(tarn("replay", "--source", "orders", "--unreadable").out())
                .isEqualTo("0 files were put back.\ntarn/inbox-unreadable/orders/" + name + ": Line 1 is cut off.\n");
        storage.put(
                "tarn/inbox-unreadable/orders/" + name,
                ("{\"v\":1,\"id\":\"9\",\"received_at\":1769846400000000,\"headers\":\"{}\",\"columns\":{},"
                                + "\"payload\":\"{}\"}\n")
                        .getBytes(UTF_8));

        assertThat(tarn("replay", "--source", "orders", "--unreadable").out()).isEqualTo("1 file was put back.\n");
        assertThat(tarn("show", "orders", "--id", "9", "--format", "json").out())
                .hasLineCount(1);
    }

    @Test
    void whoRepeatsEventsIsShown() throws IOException {
        assertThat(tarn("repeats").out()).isEqualTo("No event came more than once.\n");
        LocalStorage storage = new LocalStorage(folder.resolve("lake"));
        String id = "\\u001b[2J2";
        for (int second : new int[] {0, 90}) {
            storage.put(
                    "tarn/inbox/orders/" + (1_769_846_410L + second) + "000-0123456789abcdef-000000.ndjson",
                    ("{\"v\":1,\"id\":\"" + id + "\",\"received_at\":" + (1_769_846_410L + second)
                                    + "000000,\"headers\":\"{}\",\"columns\":{},\"sender\":\"n8n orders\",\"payload\":\"{}\"}\n")
                            .getBytes(UTF_8));
        }
        tarn("replay", "--source", "orders", "--id", "none");

        assertThat(tarn("repeats").out())
                .isEqualTo(
                        """
                         endpoint  sender      events  repeats  within  last                  example
                         orders    n8n orders  1       1        90 s    2026-01-31T08:01:40Z  \\u001B[2J2
                        """);
        assertThat(tarn("repeats", "--format", "json").out())
                .isEqualTo("{\"endpoint\":\"orders\",\"sender\":\"n8n orders\",\"events\":1,\"repeats\":1,"
                        + "\"within_seconds\":90.0,\"last\":\"2026-01-31T08:01:40Z\",\"example\":\"\\u001B[2J2\"}\n");
    }

    @Test
    void anEndpointThatIsNotThereIsRefusedWithTheNearest() {
        TarnRun run = tarn("show", "order");

        assertThat(run.err())
                .isEqualTo(
                        """
                        WEBHOOK_UNKNOWN  The project that runs on the lake has no endpoint order.
                            Nearest: orders.
                        """);
        assertThat(run.exitCode()).isEqualTo(1);
    }
}
