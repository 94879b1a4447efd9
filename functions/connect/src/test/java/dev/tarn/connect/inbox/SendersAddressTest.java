package dev.tarn.connect.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Senders that come from where an endpoint takes nothing. */
class SendersAddressTest {

    private final Endpoints orders =
            Endpoints.named("orders").eventId("$.id").from("203.0.113.0/25", "2001:db8:7::/48", "198.51.100.7");

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

    private String answer(Endpoints endpoint, @Nullable String client, String... headers) throws IOException {
        WebhookRequest request = Sender.json("orders", "{\"id\":1}", headers);
        return inbox.answer(endpoint, new WebhookRequest("orders", client, request.headers(), request.body()));
    }

    @Test
    void whoComesFromARangeIsLetIn() throws IOException {
        for (String client : new String[] {
            "203.0.113.0", "203.0.113.127", "::ffff:203.0.113.9", "198.51.100.7", "2001:db8:7::1", "2001:DB8:7:ffff::"
        }) {
            assertThat(answer(orders, client)).as(client).startsWith("20");
        }
    }

    @Test
    void whoComesFromElsewhereIsToldNoMore() throws IOException {
        for (String client : new String[] {
            "203.0.113.128",
            "198.51.100.8",
            "2001:db8:8::1",
            "::1",
            "localhost",
            "203.0.113.9%eth0",
            "203.0.113",
            "",
            null
        }) {
            assertThat(answer(orders, client))
                    .as(client)
                    .isEqualTo(
                            "403 {\"status\":\"refused\",\"code\":\"WEBHOOK_FORBIDDEN\",\"what\":\"The request is not"
                                    + " taken.\",\"mend\":\"Ask whoever runs the lake; nothing was kept.\"}");
        }
        assertThat(answer(orders, "192.0.2.1", "X-Webhook-Secret", "guess")).startsWith("403");
        assertThat(answer(orders, "203.0.113.9", "X-Webhook-Secret", "guess")).startsWith("401");
        assertThat(answer(orders, "192.0.2.1", "X-Forwarded-For", "203.0.113.9"))
                .startsWith("403");
        assertThat(inbox.waiting(orders)).isZero();
    }

    @Test
    void withoutRangesItDoesNotMatterWhereOneComesFrom() throws IOException {
        assertThat(answer(Endpoints.named("orders"), null)).startsWith("202");
    }

    @Test
    void onlyTheLastEntryOfAProxysHeaderIsBelieved() {
        assertThat(ForwardedFor.client("203.0.113.9")).isEqualTo("203.0.113.9");
        assertThat(ForwardedFor.client("203.0.113.9, 192.0.2.1:41234")).isEqualTo("192.0.2.1");
        assertThat(ForwardedFor.client("203.0.113.9,[2001:db8::1]:443")).isEqualTo("2001:db8::1");
        assertThat(ForwardedFor.client("[2001:db8::1]")).isEqualTo("2001:db8::1");
        assertThat(ForwardedFor.client("2001:db8::1")).isEqualTo("2001:db8::1");
        for (String nobody :
                new String[] {null, "", "203.0.113.9,", "203.0.113.9, unknown", "a.example", "192.0.2.1:x"}) {
            assertThat(ForwardedFor.client(nobody)).as(nobody).isNull();
        }
    }
}
