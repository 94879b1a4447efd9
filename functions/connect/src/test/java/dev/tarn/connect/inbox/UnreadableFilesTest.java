package dev.tarn.connect.inbox;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One file of an inbox that cannot be read holds up nothing and is not lost. */
class UnreadableFilesTest {

    private static final String FILE = "1795345008000-0123456789abcdef-00000%d.ndjson";

    private final Endpoints orders = Endpoints.named("orders").eventId("$.id");

    @TempDir
    Path folder;

    private OpenInbox inbox;
    private Storage storage;

    @BeforeEach
    void open() {
        inbox = OpenInbox.in(folder);
        storage = inbox.lake().lake().storage();
    }

    @AfterEach
    void close() {
        inbox.close();
    }

    private static String line(String id) {
        return "{\"v\":1,\"id\":\"" + id + "\",\"received_at\":1795345008000000,\"headers\":\"{}\",\"columns\":{},"
                + "\"payload\":\"{}\"}\n";
    }

    private void put(int number, String content) throws IOException {
        storage.put("tarn/inbox/orders/" + String.format(FILE, number), content.getBytes(ISO_8859_1));
    }

    private UnreadableFiles unreadable() {
        return new UnreadableFiles(storage, "orders");
    }

    private List<String> ids() {
        return inbox.lake().query("bronze.orders_events", "SELECT event_id FROM %s ORDER BY ALL");
    }

    @Test
    void theReasonSaysWhereAndNeverWhatStandsThere() {
        Map<String, String> reasons = Map.of(
                line("1") + "{\"v\":1,\"id\":\"s3cr3t",
                "Line 2 is cut off.",
                line("1") + "{\"v\":1,\"id\":s3cr3t}\n",
                "Line 2 is not JSON at column 20.",
                "[1]\n",
                "Line 1 is no event.",
                "\n",
                "Line 1 is no event.",
                line("1").replace("}\n", "} {}\n"),
                "Line 1 holds more than an event.",
                line("1").replace("\"payload\"", "\"load\""),
                "Line 1 has no 'payload' as events have it.",
                line("1").replace("\"id\":\"1\"", "\"id\":1"),
                "Line 1 has no 'id' as events have it.",
                line("1").replace("\"v\":1", "\"v\":2"),
                "Line 1 is of version 2; this Tarn reads 1.",
                line("\u00e9"),
                "Line 1 is not JSON at column 16.");
        reasons.forEach((content, reason) -> assertThat(InboxLines.unreadable(content.getBytes(ISO_8859_1)))
                .as(content)
                .contains(reason));
        assertThat(InboxLines.unreadable((line("1") + line("2")).getBytes(UTF_8)))
                .isEmpty();
        assertThat(InboxLines.unreadable(new byte[0])).isEmpty();
    }

    @Test
    void theRestIsBroughtInAndTheFileIsKeptAsItWas() throws IOException {
        String torn = line("lost") + "{\"v\":1,\"id\":";
        put(1, line("1"));
        put(2, torn);
        put(3, line("3"));

        assertThat(inbox.drain(orders)).singleElement().satisfies(drained -> {
            assertThat(drained.events()).isEqualTo(2);
            assertThat(drained.sentence()).endsWith(" ms, 1 file that cannot be read put aside, see tarn inbox list");
        });

        assertThat(ids()).containsExactly("1", "3");
        assertThat(inbox.waiting(orders)).isZero();
        String path = "tarn/inbox-unreadable/orders/" + String.format(FILE, 2);
        assertThat(unreadable().all()).singleElement().satisfies(file -> {
            assertThat(file.path()).isEqualTo(path);
            assertThat(file.reason()).isEqualTo("Line 2 is cut off.");
        });
        assertThat(storage.read(path)).isEqualTo(torn.getBytes(UTF_8));
    }

    @Test
    void whatOnlyDuckDbFindsIsPutAsideToo() throws IOException {
        put(1, line("1"));
        put(2, line("2").replace("1795345008000000", "9223372036854775807"));

        inbox.drain(orders);

        assertThat(ids()).containsExactly("1");
        assertThat(unreadable().all()).singleElement().satisfies(file -> assertThat(file.reason())
                .isEqualTo("DuckDB cannot read it: Conversion Error."));
    }

    @Test
    void itComesIntoBronzeOnceItIsMended() throws IOException {
        put(1, line("1") + "{");
        inbox.drain(orders);
        assertThat(unreadable().putBack().back()).isZero();
        assertThat(unreadable().putBack().left())
                .extracting(UnreadableFiles.Unreadable::reason)
                .containsExactly("Line 2 is cut off.");

        storage.put(
                "tarn/inbox-unreadable/orders/" + String.format(FILE, 1),
                line("1").getBytes(UTF_8));
        assertThat(unreadable().putBack().back()).isEqualTo(1);
        inbox.drain(orders);

        assertThat(ids()).containsExactly("1");
        assertThat(storage.list("tarn/inbox-unreadable/orders", "")).isEmpty();
    }
}
