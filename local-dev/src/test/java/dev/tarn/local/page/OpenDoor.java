package dev.tarn.local.page;

import dev.tarn.connect.inbox.Inbox;
import dev.tarn.connect.inbox.InboxLimits;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.model.EventIdPart;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.WebhookAuth;
import dev.tarn.model.WebhookSource;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A process with a door to webhooks in a folder: {@code root}. Prints its port, and ends with its standard input. */
public final class OpenDoor {

    static final String SECRET = "s3cr3t-of-orders";

    private OpenDoor() {}

    public static void main(String[] args) throws Exception {
        try (Inbox inbox = new Inbox(
                        new LocalStorage(Path.of(args[0])),
                        Clock.systemUTC(),
                        InboxLimits.usual(),
                        secret -> Optional.of(SECRET),
                        path -> {});
                StatusPage page = StatusPage.open(0, () -> {
                    throw new IllegalStateException("nobody asks for the status");
                })) {
            page.open(new WebhookDoor(inbox, List.of(source())));
            System.out.println("port " + page.port());
            System.in.read();
        }
    }

    private static WebhookSource source() {
        SourcePosition here = new SourcePosition("sources/shop.yml", 4, 11);
        WebhookSource.Endpoint orders = new WebhookSource.Endpoint(
                "orders",
                WebhookSource.Endpoint.tableOf("orders"),
                new WebhookAuth.SharedSecret("x-webhook-secret", List.of(new SecretRef("orders"))),
                List.of(),
                List.of(new EventIdPart(null, List.of("id"))),
                null,
                WebhookSource.SameId.KEEP_AS_CONFLICT,
                Duration.ofDays(7),
                1_000_000,
                null,
                List.of("x-note"),
                List.of(),
                WebhookSource.Misfit.RESCUE,
                here);
        return new WebhookSource("shop", List.of(orders), here);
    }
}
