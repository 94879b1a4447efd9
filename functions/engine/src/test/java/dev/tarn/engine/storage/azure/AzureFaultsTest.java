package dev.tarn.engine.storage.azure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.azurite.Azurite;
import dev.tarn.engine.storage.FileChangedException;
import dev.tarn.engine.storage.FilePart;
import dev.tarn.engine.storage.Lease;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StoredFile;
import dev.tarn.engine.storage.azure.ServiceProxy.Trouble;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a network and a busy service do to each call. */
class AzureFaultsTest {

    private static final Patience SHORT = new Patience(
            Duration.ofSeconds(2), Duration.ofMillis(700), 2, Duration.ofMillis(50), Duration.ofMillis(200));
    private static final Patience ONCE = new Patience(
            Duration.ofSeconds(2), Duration.ofMillis(700), 0, Duration.ofMillis(50), Duration.ofMillis(200));
    private static final Trouble CUT = new Trouble.AnswerLost();
    private static final Trouble BUSY =
            new Trouble.Instead(503, Map.of("x-ms-error-code", "ServerBusy", "Retry-After", "1"), "");

    @TempDir
    private Path folder;

    private String lake;
    private ServiceProxy proxy;
    private Storage direct;
    private Storage storage;

    @BeforeAll
    static void azuriteIsThere() {
        assumeTrue(Azurite.missing().isEmpty(), () -> Azurite.missing().orElseThrow());
    }

    @BeforeEach
    void open() throws IOException {
        Azurite azurite = Azurite.shared();
        lake = azurite.newLake();
        proxy = new ServiceProxy(azurite.service());
        direct = AzureBlobStorage.open(AzureAddress.parse(lake));
        storage = AzureBlobStorage.open(AzureAddress.parse(proxy.through(lake)), SHORT);
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void aLostRequestIsSentAgain() throws Exception {
        for (Trouble lost : new Trouble[] {new Trouble.RequestLost(), CUT}) {
            String name = lost.getClass().getSimpleName();
            proxy.trouble(1, "PUT", ".*", lost);
            storage.put("tarn/" + name, bytes("x"));
            proxy.trouble(1, "GET", ".*", lost);
            assertThat(storage.read("tarn/" + name)).asString().isEqualTo("x");
            proxy.trouble(1, "HEAD", ".*", lost);
            assertThat(storage.find("tarn/" + name)).isPresent();
            proxy.trouble(1, "GET", ".*comp=list.*", lost);
            assertThat(storage.list("tarn", name)).extracting(StoredFile::name).contains(name);
            proxy.trouble(1, "DELETE", ".*", lost);
            storage.delete("tarn/" + name);
            assertThat(direct.find("tarn/" + name)).isEmpty();
        }
        System.out.println("requests, two for each call: " + proxy.log().size());
    }

    @Test
    void aPutIfAbsentThatFindsItsOwnFileSaysSoAndLeavesIt() throws Exception {
        proxy.trouble(1, "PUT", ".*", CUT);

        assertThat(storage.putIfAbsent("tarn/a", bytes("mine"))).isFalse();

        assertThat(proxy.log())
                .extracting(line -> line.substring(line.length() - 3))
                .containsExactly("201", "409");
        assertThat(direct.read("tarn/a")).asString().isEqualTo("mine");
    }

    @Test
    void aFileThatArrivedAlthoughTheAnswerWasLostIsThere() throws Exception {
        byte[] big = new byte[20 << 20];
        new Random(2).nextBytes(big);
        for (byte[] content : new byte[][] {bytes("small"), big}) {
            Path file = Files.write(folder.resolve("file"), content);
            String path = "silver/t/part-" + content.length;
            proxy.trouble(1, "PUT", content == big ? ".*comp=blocklist.*" : ".*", CUT);

            storage.putFile(path, file);

            assertThat(file).doesNotExist();
            assertThat(Arrays.equals(direct.read(path), content)).isTrue();
        }
        assertThat(proxy.log()).filteredOn(line -> line.endsWith("409")).hasSize(2);
    }

    @Test
    void aBusyServiceIsAskedAgainWhenItSaysSo() throws Exception {
        Patience patient = new Patience(
                Duration.ofSeconds(2), Duration.ofSeconds(2), 2, Duration.ofMillis(10), Duration.ofSeconds(1));
        Storage obeys = AzureBlobStorage.open(AzureAddress.parse(proxy.through(lake)), patient);
        proxy.trouble(2, "PUT", ".*", BUSY);
        long began = System.nanoTime();

        obeys.put("tarn/a", bytes("x"));

        assertThat(direct.read("tarn/a")).asString().isEqualTo("x");
        assertThat(proxy.log()).hasSize(3);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(6));
    }

    @Test
    void aServiceThatStaysBusyIsToldOfInTime() {
        proxy.plan((method, path) -> Optional.of(
                new Trouble.Instead(503, Map.of("x-ms-error-code", "ServerBusy", "Retry-After", "3600"), "")));
        long began = System.nanoTime();

        assertThatThrownBy(() -> storage.putIfAbsent("tarn/a", bytes("x")))
                .isInstanceOf(TarnException.class)
                .hasMessage("STORAGE_UNAVAILABLE  The storage account " + account()
                        + " answers ServerBusy (status 503), also when asked again, and wants no request for 3600 seconds.\n"
                        + "    Nothing is lost and the same call may succeed later. If it lasts, look at the account's"
                        + " network rules and at Azure's status.")
                .hasNoCause();

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        assertThat(proxy.log()).hasSize(3);
    }

    private String account() {
        return storage.toString().replaceAll(".*/", "");
    }

    @Test
    void aSilentServiceIsToldOfInTime() {
        proxy.plan((method, path) -> Optional.of(new Trouble.Late(Duration.ofSeconds(30))));
        long began = System.nanoTime();

        assertThatThrownBy(() -> storage.read("tarn/a"))
                .isInstanceOf(TarnException.class)
                .hasMessageStartingWith("STORAGE_UNAVAILABLE  The storage account " + account() + " did not answer: ")
                .hasNoCause();

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
    }

    @Test
    void aLateAnswerIsNotWaitedFor() throws Exception {
        direct.put("tarn/a", bytes("x"));
        proxy.trouble(1, "GET", ".*", new Trouble.Late(Duration.ofSeconds(30)));

        assertThat(storage.read("tarn/a")).asString().isEqualTo("x");
        assertThat(proxy.log()).hasSize(2);
    }

    @Test
    void halfAnAnswerIsNeverTakenForTheWhole() throws Exception {
        byte[] content = new byte[1 << 20];
        new Random(3).nextBytes(content);
        direct.put("silver/t/part", content);

        proxy.trouble(1, "GET", ".*", new Trouble.Truncated());
        assertThat(Arrays.equals(storage.read("silver/t/part"), content)).isTrue();
        proxy.trouble(1, "GET", ".*", new Trouble.Truncated());
        assertThat(storage.read("silver/t/part", 100, 1_000).bytes())
                .isEqualTo(Arrays.copyOfRange(content, 100, 1_100));

        proxy.plan((method, path) -> Optional.of(new Trouble.Truncated()));
        Storage once = AzureBlobStorage.open(AzureAddress.parse(proxy.through(lake)), ONCE);
        assertThatThrownBy(() -> once.read("silver/t/part", 0, 100_000)).isInstanceOf(TarnException.class);
        assertThatThrownBy(() -> once.list("silver/t", "")).isInstanceOf(TarnException.class);
    }

    @Test
    void twoContentsAreNeverMixed() throws Exception {
        byte[] old = new byte[1 << 20];
        byte[] changed = new byte[1 << 20];
        Arrays.fill(changed, (byte) 1);
        direct.put("silver/t/part", old);
        AtomicInteger requests = new AtomicInteger();
        proxy.plan((method, path) -> {
            int request = requests.getAndIncrement();
            if (request == 1) {
                replace("silver/t/part", changed);
            }
            return request == 0 ? Optional.of(new Trouble.Truncated()) : Optional.empty();
        });

        assertThatThrownBy(() -> storage.read("silver/t/part")).isInstanceOf(FileChangedException.class);

        FilePart part = storage.read("silver/t/part", 0, 10);
        assertThat(part.bytes()).containsOnly(1);
        assertThat(storage.read("silver/t/part", 10, 10, part.etag()).bytes()).containsOnly(1);
    }

    private void replace(String path, byte[] content) {
        try {
            direct.put(path, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aLeaseIsTakenOnceThoughAnswersAreLost() throws Exception {
        proxy.trouble(1, "PUT", ".*comp=lease.*", CUT);
        try (Lease first = storage.lease("tarn/leases/t").orElseThrow()) {
            assertThat(first).isNotNull();
            assertThat(direct.lease("tarn/leases/t")).isEmpty();
        }
        proxy.trouble(1, "PUT", ".*comp=lease.*", CUT);
        Lease again = storage.lease("tarn/leases/t").orElseThrow();
        assertThat(direct.lease("tarn/leases/t")).isEmpty();
        proxy.plan((method, path) -> Optional.of(BUSY));
        again.close();
        // It could not be given back, so it ends by itself.
        assertThat(direct.lease("tarn/leases/t")).isEmpty();
    }
}
