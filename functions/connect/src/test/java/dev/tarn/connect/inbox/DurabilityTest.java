package dev.tarn.connect.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Acknowledged means durable. */
@Timeout(60)
class DurabilityTest {

    private static final String BUSY =
            "503 {\"status\":\"refused\",\"code\":\"INBOX_BUSY\",\"what\":\"%s\",\"mend\":\"Send"
                    + " the same request again after the time that Retry-After says; a repeat is harmless.\"}";

    private final Endpoints orders = Endpoints.named("orders").eventId("$.id");

    @TempDir
    Path folder;

    /** What happens at each put, before it is done. */
    interface BeforePut {
        void run(String path) throws Exception;
    }

    private Storage storage(BeforePut before) {
        Storage real = new LocalStorage(folder);
        return (Storage) Proxy.newProxyInstance(
                Storage.class.getClassLoader(), new Class<?>[] {Storage.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("put")) {
                        before.run((String) arguments[0]);
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Inbox inbox(Storage storage, long bytes, Duration patience) {
        return OpenInbox.inbox(
                storage,
                Clock.systemUTC(),
                Map.of(Endpoints.SECRET, Endpoints.VALUE),
                new InboxLimits(bytes, patience));
    }

    private Receipt send(Inbox inbox, int id) throws IOException {
        return inbox.receive(List.of(orders.source()), Sender.json("orders", "{\"id\":" + id + "}"));
    }

    private String answer(Inbox inbox, int id) throws IOException {
        Receipt receipt = send(inbox, id);
        return receipt.status() + " " + ReceiptJson.of(receipt);
    }

    private int filesWritten() throws IOException {
        return new LocalStorage(folder).list("tarn/inbox/orders", "").size();
    }

    /** The operating system is asked to force the file and then its folder: both before the answer. */
    @Test
    void fileAndFolderAreForcedToDiskBeforeTheAnswer(@TempDir Path elsewhere) throws IOException {
        List<RecordedEvent> forced;
        Instant answered;
        try (Inbox inbox = inbox(new LocalStorage(folder), 1 << 20, Duration.ofSeconds(20));
                Recording recording = new Recording()) {
            send(inbox, 0);
            recording.enable("jdk.FileForce").withThreshold(Duration.ZERO);
            recording.start();
            assertThat(send(inbox, 1).status()).isEqualTo(202);
            answered = Instant.now();
            recording.stop();
            Path dump = elsewhere.resolve("forced.jfr");
            recording.dump(dump);
            forced = RecordingFile.readAllEvents(dump);
        }

        Path inboxFolder = folder.resolve("tarn/inbox/orders");
        assertThat(forced)
                .filteredOn(event -> event.getString("path").startsWith(inboxFolder.toString()))
                .extracting(event -> event.getString("path").contains("unfinished") ? "file" : "folder")
                .containsExactly("file", "folder");
        assertThat(forced).allSatisfy(event -> assertThat(event.getEndTime()).isBefore(answered));
    }

    @Test
    void nobodyIsAnsweredBeforeTheFileIsWritten() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Storage slow = storage(path -> {
            begun.countDown();
            goOn.await();
        });
        ExecutorService threads = Executors.newFixedThreadPool(1);
        try (Inbox inbox = inbox(slow, 1 << 20, Duration.ofSeconds(20))) {
            CompletableFuture<Receipt> receipt = CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return send(inbox, 1);
                        } catch (IOException e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    threads);
            begun.await();
            assertThat(receipt).isNotDone();
            assertThat(filesWritten()).isZero();

            goOn.countDown();

            assertThat(receipt.get().status()).isEqualTo(202);
            assertThat(filesWritten()).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void requestsThatComeWhileAFileIsWrittenShareTheNext() throws Exception {
        int senders = 40;
        CountDownLatch goOn = new CountDownLatch(1);
        Storage slow = storage(path -> goOn.await());
        ExecutorService threads = Executors.newFixedThreadPool(senders);
        try (Inbox inbox = inbox(slow, 10 << 20, Duration.ofSeconds(20))) {
            List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
            for (int id = 0; id < senders; id++) {
                int mine = id;
                receipts.add(CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return send(inbox, mine);
                            } catch (IOException e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        threads));
            }
            while (inbox.bytesTaken() < senders * 8L * 4) {
                Thread.onSpinWait();
            }
            goOn.countDown();

            for (CompletableFuture<Receipt> receipt : receipts) {
                assertThat(receipt.get().status()).isEqualTo(202);
            }
            assertThat(filesWritten()).isLessThan(senders / 2);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aStorageThatFailsIsNotAnAnswerAndTheRepeatIsTaken() throws IOException {
        boolean[] broken = {true};
        Storage failing = storage(path -> {
            if (broken[0]) {
                throw new IOException("the disk is gone");
            }
        });
        try (Inbox inbox = inbox(failing, 1 << 20, Duration.ofSeconds(20))) {
            Receipt refused = send(inbox, 1);
            assertThat(refused.status() + " " + ReceiptJson.of(refused))
                    .isEqualTo(BUSY.formatted("The storage of the lake does not answer."));
            assertThat(((Receipt.Refused) refused).retryAfter()).isEqualTo(Duration.ofSeconds(5));
            broken[0] = false;

            assertThat(send(inbox, 1).status()).isEqualTo(202);
        }
    }

    @Test
    void aStorageThatIsSlowIsNotWaitedForUntilMemoryIsFull() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        Storage slow = storage(path -> goOn.await());
        try (Inbox inbox = inbox(slow, 100, Duration.ofMillis(200))) {
            assertThat(answer(inbox, 1)).isEqualTo(BUSY.formatted("The storage of the lake is slow."));
            assertThat(answer(inbox, 2)).isEqualTo(BUSY.formatted("The storage of the lake is slow."));
            WebhookRequest large = Sender.json("orders", "{\"id\":3,\"a\":\"" + "x".repeat(20) + "\"}");
            Receipt refused = inbox.receive(List.of(orders.source()), large);
            assertThat(refused.status() + " " + ReceiptJson.of(refused))
                    .isEqualTo(BUSY.formatted("More is being received than memory holds."));
            goOn.countDown();
        }
        assertThat(filesWritten())
                .as("the first may be written, the second was taken back")
                .isLessThanOrEqualTo(1);
    }

    @Test
    void withoutAnySecretNobodyIsLetIn() throws IOException {
        try (Inbox inbox = OpenInbox.inbox(
                new LocalStorage(folder), Clock.systemUTC(), Map.of(Endpoints.SECRET, " "), InboxLimits.usual())) {
            assertThat(answer(inbox, 1)).isEqualTo(BUSY.formatted("Senders cannot be told apart right now."));
        }
    }
}
