package dev.tarn.connect.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who sends events more than once. */
class RepeatsTest {

    private static final Instant BEGIN = Instant.parse("2026-11-25T08:00:00Z");

    private final Endpoints orders = Endpoints.named("orders").eventId("$.id");

    @TempDir
    Path folder;

    /** Sends with a process of its own, which knows nothing of others. */
    private void send(Duration later, String body, String... headers) throws IOException {
        Clock clock = Clock.fixed(BEGIN.plus(later), ZoneOffset.UTC);
        try (OpenInbox inbox = OpenInbox.in(folder, clock, Map.of(Endpoints.SECRET, Endpoints.VALUE))) {
            assertThat(inbox.receive(orders, Sender.json("orders", body, headers))
                            .status())
                    .isBetween(200, 202);
        }
    }

    private List<Repeats.BySender> drained() {
        try (OpenInbox inbox = OpenInbox.in(folder)) {
            inbox.drain(orders);
            return new Repeats(inbox.lake().lake(), "n8n", orders.endpoint()).bySender();
        }
    }

    @Test
    void whoRepeatsIsKnownWithHowOftenWithinWhichTimeAndAnExample() throws IOException {
        send(Duration.ZERO, "[{\"id\":1},{\"id\":2},{\"id\":3}]", "User-Agent", "n8n", "X-N8n-Workflow", "orders");
        assertThat(drained()).isEmpty();
        send(Duration.ofSeconds(5), "[{\"id\":1},{\"id\":2}]", "User-Agent", "n8n", "X-N8n-Workflow", "orders");
        send(Duration.ofSeconds(65), "[{\"id\":2},{\"id\":4}]", "User-Agent", "n8n", "X-N8n-Workflow", "orders");
        send(Duration.ofSeconds(70), "{\"id\":3}", "User-Agent", "pg_net/0.19.5");
        send(Duration.ofSeconds(75), "{\"id\":4}");

        List<Repeats.BySender> expected = List.of(
                new Repeats.BySender("n8n orders", 2, 3, Duration.ofSeconds(65), "2", BEGIN.plusSeconds(65)),
                new Repeats.BySender("", 1, 1, Duration.ofSeconds(10), "4", BEGIN.plusSeconds(75)),
                new Repeats.BySender("pg_net/0.19.5", 1, 1, Duration.ofSeconds(70), "3", BEGIN.plusSeconds(70)));
        assertThat(drained()).isEqualTo(expected);
        assertThat(drained()).as("by another process, later").isEqualTo(expected);
    }

    @Test
    void aConflictIsNoRepeat() throws IOException {
        send(Duration.ZERO, "{\"id\":1,\"a\":1}");
        send(Duration.ofSeconds(1), "{\"id\":1,\"a\":2}");

        assertThat(drained()).isEmpty();
    }

    @Test
    void repeatsThatAProcessKnewItselfAreCountedOnceItWritesAgainOrEnds() throws IOException {
        try (OpenInbox inbox = OpenInbox.in(folder)) {
            inbox.receive(orders, Sender.json("orders", "{\"id\":1}", "User-Agent", "n8n"));
            for (int time = 0; time < 3; time++) {
                assertThat(inbox.receive(orders, Sender.json("orders", "{\"id\":1}", "User-Agent", "n8n"))
                                .status())
                        .isEqualTo(200);
            }
            assertThat(inbox.waiting(orders)).isEqualTo(1);
            inbox.receive(orders, Sender.json("orders", "{\"id\":2}", "User-Agent", "n8n"));
            inbox.receive(orders, Sender.json("orders", "{\"id\":2}", "User-Agent", "n8n"));
        }

        assertThat(drained()).singleElement().satisfies(sender -> {
            assertThat(sender.sender()).isEqualTo("n8n");
            assertThat(sender.events()).isEqualTo(2);
            assertThat(sender.repeats()).isEqualTo(4);
            assertThat(sender.example()).isEqualTo("2");
        });
    }

    @Test
    void whatASenderCallsItselfIsBoundedAndHoldsNeitherSecretNorControlCharacters() throws IOException {
        String agent = "\u001b[31mn8n " + Endpoints.VALUE + " " + "x".repeat(300);
        send(Duration.ZERO, "{\"id\":1}", "User-Agent", agent);
        send(Duration.ofSeconds(1), "{\"id\":1}", "User-Agent", agent);

        assertThat(drained()).singleElement().satisfies(sender -> assertThat(sender.sender())
                .startsWith("[31mn8n [redacted] xxx")
                .hasSize(100));
    }
}
