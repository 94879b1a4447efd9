package dev.tarn.connect.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.connect.bronze.BronzeColumns;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.TableSchema;
import dev.tarn.model.WebhookColumns;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrainTest {

    private final Endpoints orders = Endpoints.named("orders").eventId("$.id");

    @TempDir
    Path folder;

    private OpenInbox inbox;

    @BeforeEach
    void open() {
        inbox = OpenInbox.in(folder);
    }

    @AfterEach
    void close() {
        inbox.close();
    }

    private void send(Endpoints endpoint, String body, String... headers) throws IOException {
        Receipt receipt = inbox.receive(endpoint, Sender.json("orders", body, headers));
        assertThat(receipt.status()).as(ReceiptJson.of(receipt)).isBetween(200, 202);
    }

    private List<String> bronze(String select) {
        return inbox.lake().query("bronze.orders_events", "SELECT " + select + " FROM %s ORDER BY ALL");
    }

    @Test
    void theColumnsOfTheTableAreThoseThatQueriesWereCompiledAgainst() throws IOException {
        Column amount = new Column("amount", new DataType.Decimal(18, 2));
        inbox.drain(orders.column(amount));

        assertThat(inbox.lake().snapshot("bronze.orders_events").schema())
                .isEqualTo(BronzeColumns.behind(WebhookColumns.behind(List.of(amount))));
        assertThat(new TableSchema(WebhookColumns.table(List.of(amount))).columns())
                .extracting(column -> column.name() + " " + column.type())
                .isEqualTo(inbox.lake().snapshot("bronze.orders_events").schema().columns().stream()
                        .map(column -> column.name() + " " + column.type())
                        .toList());
    }

    @Test
    void aPayloadIsInBronzeByteForByte() throws IOException {
        String payload =
                "{ \"id\" : 1,\t\"big\":12345678901234567890123.50, \"tiny\":1E-400, \"t\":\"\\u00e9 \\\"\\\\ é 😀\",\n"
                        + "\"n\":null, \"l\":[ ] }";
        send(orders, "[ " + payload + " ]");

        inbox.drain(orders);

        assertThat(bronze("event_id, payload, _op, _seq, _source")).containsExactly("1|" + payload + "|upsert|1|n8n");
    }

    @Test
    void declaredColumnsHaveWhatFitsAndTheRestIsRescued() throws IOException {
        orders.column(new Column("amount", new DataType.Decimal(18, 2)))
                .column(new Column("exact", new DataType.Decimal(38, 2)))
                .column(new Column("n", DataType.Simple.INT))
                .column(new Column("at", DataType.Simple.TIMESTAMP))
                .column(new Column("day", DataType.Simple.DATE))
                .column(new Column("ok", DataType.Simple.BOOLEAN))
                .column(new Column("record", DataType.Simple.STRING));
        send(
                orders,
                "{\"id\":1,\"amount\":12.50,\"exact\":9007199254740993.12,\"n\":7,\"at\":\"2026-01-01T10:00:00.000Z\","
                        + "\"day\":\"2026-01-02\",\"ok\":true,\"record\":{\"x\": 1.10}}");
        send(
                orders,
                "{\"id\":2,\"amount\":12.505,\"n\":7.5,\"at\":\"soon\",\"day\":\"2026-01-02T00:00:00Z\",\"ok\":1,\"record\":null}");

        inbox.drain(orders);

        assertThat(bronze("event_id, amount, exact, n, \"at\" AT TIME ZONE 'UTC', day, ok, record, _rescued_data"))
                .containsExactly(
                        "1|12.50|9007199254740993.12|7|2026-01-01 10:00:00|2026-01-02|true|{\"x\": 1.10}|null",
                        "2|null|null|null|null|null|null|null|{\"amount\":\"12.505\",\"n\":\"7.5\",\"at\":\"soon\","
                                + "\"day\":\"2026-01-02T00:00:00Z\",\"ok\":\"1\"}");
    }

    @Test
    void whatDoesNotFitIsInThePayloadOnlyWhereNothingIsRescued() throws IOException {
        orders.column(new Column("n", DataType.Simple.INT)).withoutRescue();
        send(orders, "{\"id\":1,\"n\":\"many\"}");

        inbox.drain(orders);

        assertThat(bronze("n, _rescued_data")).containsExactly("null|null");
    }

    @Test
    void keysWithoutAColumnGetOneWhereTheyAreAdded() throws IOException {
        orders.column(new Column("n", DataType.Simple.INT)).adding();
        send(
                orders,
                "{\"id\":1,\"n\":\"many\",\"note\":\"a\",\"tags\":[1, 2.50],\"_op\":\"x\",\"a b\":1,\"event_id\":9}");
        inbox.drain(orders);
        send(
                orders,
                "[{\"id\":2,\"n\":2,\"Note\":\"other\",\"sum\":12345678901234567890.10},{\"id\":3,\"sum\":null,\"late\":true}]");

        inbox.drain(orders);

        assertThat(bronze("event_id, n, id, note, tags, sum, late, _rescued_data, _op"))
                .containsExactly(
                        "1|null|1|a|[1, 2.50]|null|null|{\"n\":\"many\"}|upsert",
                        "2|2|2|null|null|12345678901234567890.10|null|null|upsert",
                        "3|null|3|null|null|null|true|null|upsert");
        assertThat(inbox.lake().snapshot("bronze.orders_events").schema().names())
                .startsWith("n", "event_id", "received_at", "headers", "payload")
                .doesNotContain("Note", "a b")
                .hasSize(5 + 5 + BronzeColumns.behind(List.of()).names().size());
    }

    @Test
    void repeatsAndRefusedKeysAddNoColumn() throws IOException {
        orders.adding();
        send(orders, "{\"id\":1}");
        inbox.drain(orders);
        try (OpenInbox later = OpenInbox.in(folder)) {
            later.receive(orders, Sender.json("orders", "{\"id\":1,\"again\":1}"));
        }

        inbox.drain(orders);

        assertThat(inbox.lake().snapshot("bronze.orders_events").schema().column("again"))
                .isEmpty();
    }

    @Test
    void aTableGetsSoManyColumnsAndNoMore() throws IOException {
        StringBuilder body = new StringBuilder("{\"id\":1");
        for (int key = 0; key < AddedColumns.MOST + 50; key++) {
            body.append(",\"k").append(key).append("\":").append(key);
        }
        orders.adding();
        send(orders, body.append('}').toString());
        inbox.drain(orders);
        send(orders, "{\"id\":2,\"k0\":7,\"further\":1}");

        inbox.drain(orders);

        assertThat(inbox.lake().snapshot("bronze.orders_events").schema().columns())
                .hasSize(WebhookColumns.table(List.of()).size() + AddedColumns.MOST);
        assertThat(bronze("event_id, k0")).containsExactly("1|0", "2|7");
        assertThat(bronze("contains(payload, 'further')")).containsExactly("false", "true");
    }

    @Test
    void anEventIsTakenOnceHoweverOftenItCameAndWhoeverReceivedIt() throws IOException {
        send(orders, "{\"id\":1}");
        try (OpenInbox other = OpenInbox.in(folder)) {
            other.receive(orders, Sender.json("orders", "[{\"id\":1},{\"id\":2}]"));
        }
        assertThat(inbox.drain(orders)).singleElement().satisfies(drained -> {
            assertThat(drained.events()).isEqualTo(2);
            assertThat(drained.repeats()).isEqualTo(1);
            assertThat(drained.conflicts()).isZero();
        });
        try (OpenInbox later = OpenInbox.in(folder)) {
            later.receive(orders, Sender.json("orders", "[{\"id\":2},{\"id\":3}]"));
        }

        assertThat(inbox.drain(orders)).singleElement().satisfies(drained -> {
            assertThat(drained.events()).isEqualTo(1);
            assertThat(drained.repeats()).isEqualTo(1);
        });
        assertThat(bronze("event_id")).containsExactly("1", "2", "3");
        assertThat(inbox.waiting(orders)).isZero();
    }

    @Test
    void repeatsAloneMakeNoVersion() throws IOException {
        send(orders, "{\"id\":1}");
        inbox.drain(orders);
        long version = inbox.lake().snapshot("bronze.orders_events").version();
        try (OpenInbox later = OpenInbox.in(folder)) {
            later.receive(orders, Sender.json("orders", "{\"id\":1}"));
        }

        assertThat(inbox.drain(orders)).singleElement().satisfies(drained -> assertThat(drained.version())
                .isEqualTo(OptionalLong.empty()));
        assertThat(inbox.lake().snapshot("bronze.orders_events").version()).isEqualTo(version);
        assertThat(inbox.waiting(orders)).isZero();
    }

    @Test
    void theSameIdWithOtherContentIsKeptBesideTheFirst() throws IOException {
        send(orders, "{\"id\":1,\"a\":1}");
        send(orders, "{\"id\":1,\"a\":2}");
        assertThat(inbox.drain(orders)).singleElement().satisfies(drained -> assertThat(drained.sentence())
                .matches(
                        "1 events into version 1 of bronze\\.orders_events in \\d+ ms, 1 with the id of another event and"
                                + " other content kept in bronze\\.orders_events_conflicts"));
        send(orders, "{\"id\":1,\"a\":2}");
        send(orders, "{\"id\":1,\"a\":3}");

        assertThat(inbox.drain(orders).stream().mapToLong(Drained::conflicts).sum())
                .isEqualTo(1);
        assertThat(bronze("payload")).containsExactly("{\"id\":1,\"a\":1}");
        assertThat(inbox.lake()
                        .query(
                                "bronze.orders_events_conflicts",
                                "SELECT event_id, payload, _reason FROM %s ORDER BY payload"))
                .containsExactly(
                        "1|{\"id\":1,\"a\":2}|same id, other content", "1|{\"id\":1,\"a\":3}|same id, other content");
    }

    @Test
    void aConflictThatIsReplayedIsAnEventOfItsOwnOnce() throws IOException {
        orders.items("$.data").column(new Column("a", DataType.Simple.INT));
        send(orders, "{\"data\":[{\"id\":1,\"a\":1},{\"id\":1,\"a\":\n2},{\"id\":1,\"a\":3}]}");
        inbox.drain(orders);
        ConflictReplay replay = new ConflictReplay(inbox.lake().lake(), orders.endpoint());

        assertThat(replay.run("payload LIKE '%2%'")).isEqualTo(1);
        assertThat(replay.run("payload LIKE '%2%'")).isEqualTo(1);
        inbox.drain(orders);

        assertThat(bronze("regexp_replace(event_id, '[0-9a-f]{12}$', 'hash'), a, payload"))
                .containsExactly("1|1|{\"id\":1,\"a\":1}", "1#hash|2|{\"id\":1,\"a\":\n2}");
    }

    @Test
    void anIdMayBeUsedAgainWhenItIsNoLongerRemembered() throws IOException {
        orders.remember(Duration.ofDays(1));
        Instant begin = Instant.parse("2026-01-01T00:00:00Z");
        for (Duration later :
                List.of(Duration.ZERO, Duration.ofHours(23), Duration.ofHours(25), Duration.ofHours(47))) {
            Clock clock = Clock.fixed(begin.plus(later), ZoneOffset.UTC);
            try (Inbox then = OpenInbox.inbox(
                    inbox.lake().lake().storage(),
                    clock,
                    Map.of(Endpoints.SECRET, Endpoints.VALUE),
                    InboxLimits.usual())) {
                then.receive(List.of(orders.source()), Sender.json("orders", "{\"id\":1}"));
            }
        }

        inbox.drain(orders);

        assertThat(bronze("received_at AT TIME ZONE 'UTC'"))
                .containsExactly("2026-01-01 00:00:00", "2026-01-02 01:00:00");
    }

    @Test
    void aColumnThatIsDeclaredLaterIsThereBeforeTheNextEvent() throws IOException {
        send(orders, "{\"id\":1,\"a\":1}");
        inbox.drain(orders);

        inbox.drain(orders.column(new Column("a", DataType.Simple.INT)));

        assertThat(bronze("event_id, a")).containsExactly("1|null");
        send(orders, "{\"id\":2,\"a\":2}");
        inbox.drain(orders);
        assertThat(bronze("event_id, a")).containsExactly("1|null", "2|2");
    }

    @Test
    void headersThatAreKeptAreThereAndSecretsAreNot() throws IOException {
        orders.headers("user-agent", "x-webhook-secret", "authorization", "x-absent");
        send(
                orders,
                "{\"id\":1,\"headers\":{\"X-Functions-Key\":\"k\",\"accept\":\"*\"},\"echo\":[\"it is "
                        + Endpoints.VALUE + "!\"]}",
                "User-Agent",
                "n8n \"1\"",
                "Authorization",
                "Bearer x");

        inbox.drain(orders);

        assertThat(bronze("headers, payload"))
                .containsExactly(
                        "{\"user-agent\":\"n8n \\\"1\\\"\"}|{\"id\":1,\"headers\":{\"X-Functions-Key\":\"[redacted]\","
                                + "\"accept\":\"*\"},\"echo\":[\"[redacted]\"]}");
    }
}
