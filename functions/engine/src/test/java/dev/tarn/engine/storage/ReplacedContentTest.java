package dev.tarn.engine.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.storage.azure.AzuriteLake;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replacing a file on condition that it is as somebody saw it, in a folder and in a storage account. */
class ReplacedContentTest {

    private static final String POINTER = "tarn/pointer";
    private static final int WRITERS = 8;

    @TempDir
    private Path folder;

    @Test
    void ofManyWhoReplaceOneContentOneWinsInAFolder() throws Exception {
        race(() -> new LocalStorage(folder));
    }

    @Test
    void ofManyWhoReplaceOneContentOneWinsInAStorageAccount() throws Exception {
        race(AzuriteLake.create());
    }

    private static void race(Supplier<? extends Storage> lake) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try {
            lake.get().put(POINTER, "first".getBytes(UTF_8));
            for (int round = 0; round < 5; round++) {
                String etag = lake.get().find(POINTER).orElseThrow().etag();
                CyclicBarrier start = new CyclicBarrier(WRITERS);
                List<Callable<Boolean>> writers = new ArrayList<>();
                for (int writer = 0; writer < WRITERS; writer++) {
                    byte[] content = (round + " " + writer).getBytes(UTF_8);
                    Storage own = lake.get();
                    writers.add(() -> {
                        start.await();
                        return own.putIfUnchanged(POINTER, content, etag);
                    });
                }

                List<Future<Boolean>> replaced = threads.invokeAll(writers);

                List<String> winners = new ArrayList<>();
                for (int writer = 0; writer < WRITERS; writer++) {
                    if (replaced.get(writer).get()) {
                        winners.add(round + " " + writer);
                    }
                }
                assertThat(winners).containsExactly(new String(lake.get().read(POINTER), UTF_8));
                assertThat(lake.get().list("tarn", ""))
                        .extracting(StoredFile::path)
                        .containsExactly(POINTER);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aFileThatIsGoneIsNotReplacedInAFolder() throws Exception {
        replaceWhatIsGone(new LocalStorage(folder));
    }

    @Test
    void aFileThatIsGoneIsNotReplacedInAStorageAccount() throws Exception {
        replaceWhatIsGone(AzuriteLake.create().get());
    }

    private static void replaceWhatIsGone(Storage storage) throws Exception {
        storage.put(POINTER, "first".getBytes(UTF_8));
        String etag = storage.find(POINTER).orElseThrow().etag();
        storage.delete(POINTER);

        assertThat(storage.putIfUnchanged(POINTER, "second".getBytes(UTF_8), etag))
                .isFalse();
        assertThat(storage.find(POINTER)).isEmpty();
    }
}
