package dev.tarn.connect.inbox;

import dev.tarn.connect.TestLake;
import dev.tarn.engine.delta.Pause;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.SecretRef;
import dev.tarn.model.WebhookSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A lake in a folder with an open inbox. */
final class OpenInbox implements AutoCloseable {

    private final TestLake lake;
    private final Inbox inbox;

    private OpenInbox(TestLake lake, Inbox inbox) {
        this.lake = lake;
        this.inbox = inbox;
    }

    static OpenInbox in(Path folder) {
        return in(folder, Clock.systemUTC(), Map.of(Endpoints.SECRET, Endpoints.VALUE));
    }

    static OpenInbox in(Path folder, Clock clock, Map<SecretRef, String> secrets) {
        TestLake lake = TestLake.open(folder);
        return new OpenInbox(lake, inbox(lake.lake().storage(), clock, secrets, InboxLimits.usual()));
    }

    static Inbox inbox(Storage storage, Clock clock, Map<SecretRef, String> secrets, InboxLimits limits) {
        return new Inbox(storage, clock, limits, secret -> Optional.ofNullable(secrets.get(secret)), path -> {});
    }

    TestLake lake() {
        return lake;
    }

    Inbox inbox() {
        return inbox;
    }

    Receipt receive(Endpoints endpoint, WebhookRequest request) throws IOException {
        return inbox.receive(List.of(endpoint.source()), request);
    }

    /** Status, and the answer that the sender gets. */
    String answer(Endpoints endpoint, WebhookRequest request) throws IOException {
        Receipt receipt = receive(endpoint, request);
        return receipt.status() + " " + ReceiptJson.of(receipt);
    }

    List<Drained> drain(Endpoints endpoint) {
        return drain(lake, endpoint);
    }

    static List<Drained> drain(TestLake lake, Endpoints endpoint) {
        WebhookSource source = endpoint.source();
        List<Drained> drained = new ArrayList<>();
        new Drain(lake.lake(), source, source.endpoints().get(0), ZoneId.of("Asia/Manila"), Pause.real())
                .run(Duration.ZERO, () -> false, drained::add);
        return drained;
    }

    /** Files that wait in the inbox. */
    int waiting(Endpoints endpoint) throws IOException {
        return new InboxFiles(lake.lake().storage(), endpoint.endpoint().name())
                .all()
                .size();
    }

    @Override
    public void close() {
        inbox.close();
        lake.close();
    }
}
