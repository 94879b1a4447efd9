package dev.tarn.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link Storage} owes the lake. The test of an implementation extends this and says which one is meant. */
public abstract class StorageContract {

    private static final String COMMIT = "silver/t/_delta_log/00000000000000000001.json";

    @TempDir
    Path local;

    /** Always the same, new lake within one test; a new object with each call. */
    protected abstract Storage storage() throws Exception;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Path localFile(String content) throws Exception {
        return Files.writeString(Files.createTempFile(local, "new", ".parquet"), content);
    }

    @Test
    void whatWasPutIsRead() throws Exception {
        storage().put("tarn/format.json", bytes("{}"));

        assertThat(storage().read("tarn/format.json")).asString().isEqualTo("{}");
        StoredFile found = storage().find("tarn/format.json").orElseThrow();
        assertThat(found.path()).isEqualTo("tarn/format.json");
        assertThat(found.name()).isEqualTo("format.json");
        assertThat(found.size()).isEqualTo(2);
        assertThat(Duration.between(found.modified(), Instant.now()).abs()).isLessThan(Duration.ofMinutes(5));
    }

    @Test
    void aSecondPutReplacesTheFirst() throws Exception {
        storage().put("tarn/pointer", bytes("first and longer"));
        storage().put("tarn/pointer", bytes("second"));

        assertThat(storage().read("tarn/pointer")).asString().isEqualTo("second");
    }

    @Test
    void allFilesBelowAFolderAreListed() throws Exception {
        for (String name : List.of("bank/2024/a.csv", "bank/b.csv", "bank_old/c.csv")) {
            storage().put("landing/" + name, bytes(name));
        }
        assertThat(storage().listBelow("landing/bank").stream().map(StoredFile::path))
                .containsExactlyInAnyOrder("landing/bank/2024/a.csv", "landing/bank/b.csv");
        assertThat(storage().listBelow("landing/none")).isEmpty();
    }

    @Test
    void anEmptyFileIsAFile() throws Exception {
        storage().put("tarn/empty", new byte[0]);

        assertThat(storage().read("tarn/empty")).isEmpty();
        assertThat(storage().find("tarn/empty").orElseThrow().size()).isZero();
        assertThat(storage().putIfAbsent("tarn/empty", bytes("x"))).isFalse();
    }

    @Test
    void aMissingFileIsSaidToBeMissing() throws Exception {
        storage().put("silver/t/there", bytes("x"));

        assertThat(storage().find("silver/t/missing")).isEmpty();
        assertThat(storage().find("silver/t")).isEmpty();
        assertThatThrownBy(() -> storage().read("silver/t/missing")).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> storage().read("silver/t/missing", 0, 1)).isInstanceOf(NoSuchFileException.class);
        storage().delete("silver/t/missing");
    }

    @Test
    void putIfAbsentLeavesTheWinnerUntouched() throws Exception {
        assertThat(storage().putIfAbsent(COMMIT, bytes("winner"))).isTrue();
        assertThat(storage().putIfAbsent(COMMIT, bytes("loser"))).isFalse();

        assertThat(storage().read(COMMIT)).asString().isEqualTo("winner");
    }

    @Test
    void ofManyWritersOneWins() throws Exception {
        int writers = 8;
        for (int round = 0; round < 20; round++) {
            String path = "silver/t/_delta_log/" + round + ".json";
            CyclicBarrier start = new CyclicBarrier(writers);
            List<Callable<Optional<String>>> race = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                String content = "writer " + writer;
                Storage own = storage();
                race.add(() -> {
                    start.await();
                    return own.putIfAbsent(path, bytes(content)) ? Optional.of(content) : Optional.empty();
                });
            }

            List<String> winners =
                    runAll(race).stream().flatMap(Optional::stream).toList();

            assertThat(winners).hasSize(1);
            assertThat(storage().read(path)).asString().isEqualTo(winners.get(0));
        }
    }

    @Test
    void aListShowsWholeFilesOnlyWhileOthersWrite() throws Exception {
        byte[] content = new byte[1 << 20];
        Storage writer = storage();
        Callable<Boolean> write = () -> {
            for (int i = 0; i < 30; i++) {
                writer.putIfAbsent("bronze/t/" + i, content);
            }
            return true;
        };
        Storage reader = storage();
        Callable<Boolean> read = () -> {
            List<StoredFile> files;
            do {
                files = reader.list("bronze/t", "");
                assertThat(files).allSatisfy(file -> {
                    assertThat(file.size()).isEqualTo(content.length);
                    assertThat(file.name()).matches("\\d+");
                });
            } while (files.size() < 30);
            return true;
        };

        assertThat(runAll(List.of(write, read))).containsExactly(true, true);
    }

    static <T> List<T> runAll(List<Callable<T>> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(work.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> result : threads.invokeAll(work)) {
                results.add(result.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aListIsOrderedByBytesAndBeginsWhereItIsTold() throws Exception {
        for (String name : List.of("b", "a", "Z", "a.b", "10", "9", "_last", "\u00e4", "\uff5e", "\ud83d\ude00")) {
            storage().put("bronze/t/" + name, bytes(name));
        }
        storage().put("bronze/t/sub/inner", bytes("x"));
        storage().put("bronze/t2/other", bytes("x"));

        // U+FF5E stands before U+1F600 in UTF-8 and behind it in UTF-16.
        assertThat(names("bronze/t", ""))
                .containsExactly("10", "9", "Z", "_last", "a", "a.b", "b", "\u00e4", "\uff5e", "\ud83d\ude00");
        assertThat(names("bronze/t", "a")).startsWith("a", "a.b");
        assertThat(names("bronze/t", "a.")).startsWith("a.b");
        assertThat(names("bronze/t", "\ud83d\ude00z")).isEmpty();
        assertThat(names("bronze/missing", "")).isEmpty();
        assertThat(storage().list("bronze/t", "b").get(0).path()).isEqualTo("bronze/t/b");
    }

    private List<String> names(String folder, String from) throws Exception {
        return storage().list(folder, from).stream().map(StoredFile::name).toList();
    }

    @Test
    void longListsAreComplete() throws Exception {
        int files = 10_001;
        int writers = 16;
        Storage storage = storage();
        List<Callable<Boolean>> work = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            int first = writer;
            work.add(() -> {
                for (int version = first; version < files; version += writers) {
                    storage.put("bronze/t/_delta_log/" + commit(version), bytes("{}"));
                }
                return true;
            });
        }
        runAll(work);

        assertThat(names("bronze/t/_delta_log", ""))
                .containsExactlyElementsOf(IntStream.range(0, files)
                        .mapToObj(StorageContract::commit)
                        .toList());
        assertThat(names("bronze/t/_delta_log", commit(9_991))).hasSize(10).startsWith(commit(9_991));
        assertThat(names("bronze/t", "")).isEmpty();
    }

    private static String commit(int version) {
        return String.format(Locale.ROOT, "%020d.json", version);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                "a:b",
                "a=b",
                "a@b|c^d`e{f}",
                "<a>",
                "%2F",
                "e\u0301",
                "\u00e9",
                "100%",
                "%20",
                "a#b",
                "a?b",
                "a+b",
                "a&b=c",
                "a'b",
                "a\"b",
                "a[0]",
                "a*b",
                "a;b",
                "a,b",
                "a~b",
                "\u00fc\u0144\u00ef",
                "\u65e5\u672c",
                "\ud83d\ude00",
                ".hidden",
                "a..b"
            })
    void anyNameIsKeptAsItIs(String name) throws Exception {
        String path = "landing/" + name + "/" + name;
        storage().putIfAbsent(path, bytes(name));

        assertThat(storage().read(path)).asString().isEqualTo(name);
        assertThat(storage().list("landing/" + name, ""))
                .extracting(StoredFile::path)
                .containsExactly(path);
        assertThat(storage().find(path).orElseThrow().path()).isEqualTo(path);
        storage().delete(path);
        assertThat(storage().find(path)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/etc/passwd",
                "../outside",
                "silver/../../outside",
                "silver/..",
                ".",
                "silver/./t",
                "silver//t",
                "silver/t/",
                "silver/a\\b"
            })
    void aPathThatIsNoneIsRefused(String path) {
        String message = "'" + path + "' is not a path below the lake's root";
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> storage().find(path),
                () -> storage().read(path),
                () -> storage().read(path, 0, 1),
                () -> storage().put(path, bytes("x")),
                () -> storage().putIfAbsent(path, bytes("x")),
                () -> storage().putFile(path, localFile("x")),
                () -> storage().delete(path),
                () -> storage().lease(path),
                () -> storage().localFile(path))) {
            assertThatThrownBy(call)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(message);
        }
    }

    @Test
    void aRangeIsReadExactly() throws Exception {
        storage().put("silver/t/data", bytes("0123456789"));

        assertThat(storage().read("silver/t/data", 3, 4).bytes()).asString().isEqualTo("3456");
        assertThat(storage().read("silver/t/data", 9, 1).bytes()).asString().isEqualTo("9");
        assertThat(storage().read("silver/t/data", 4, 0).bytes()).isEmpty();
        assertThat(storage().read("silver/t/data", 10, 0).bytes()).isEmpty();
        assertThatThrownBy(() -> storage().read("silver/t/data", 8, 3)).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> storage().read("silver/t/data", 10, 1)).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> storage().read("silver/t/data", 1_000, 1)).isInstanceOf(EOFException.class);
    }

    @Test
    void anotherContentHasAnotherEtag() throws Exception {
        storage().put("tarn/pointer", bytes("first"));
        String first = storage().find("tarn/pointer").orElseThrow().etag();
        FilePart part = storage().read("tarn/pointer", 0, 2);

        assertThat(part.etag()).isEqualTo(first);
        assertThat(storage().list("tarn", "")).extracting(StoredFile::etag).containsExactly(first);
        assertThat(storage().read("tarn/pointer", 2, 3, first).bytes())
                .asString()
                .isEqualTo("rst");

        storage().put("tarn/pointer", bytes("other"));

        assertThat(storage().find("tarn/pointer").orElseThrow().etag()).isNotEqualTo(first);
        assertThatThrownBy(() -> storage().read("tarn/pointer", 2, 3, first))
                .isInstanceOf(FileChangedException.class)
                .hasMessage("tarn/pointer is not the file it was when reading it began");
    }

    @Test
    void aFileThatIsPutIsTakenAway() throws Exception {
        Path file = localFile("rows");
        storage().putFile("silver/t/part-1.parquet", file);

        assertThat(file).doesNotExist();
        assertThat(storage().read("silver/t/part-1.parquet")).asString().isEqualTo("rows");
    }

    @Test
    void aBigFileArrivesWhole() throws Exception {
        byte[] content = new byte[40 << 20];
        new Random(1).nextBytes(content);
        Path file = Files.write(local.resolve("big.parquet"), content);

        storage().putFile("silver/t/big.parquet", file);

        assertThat(file).doesNotExist();
        assertThat(storage().find("silver/t/big.parquet").orElseThrow().size()).isEqualTo(content.length);
        assertThat(Arrays.equals(storage().read("silver/t/big.parquet"), content))
                .isTrue();
        int seam = 8 << 20;
        for (int offset : new int[] {seam - 3, seam, 2 * seam - 1, content.length - 7}) {
            assertThat(storage().read("silver/t/big.parquet", offset, 7).bytes())
                    .isEqualTo(Arrays.copyOfRange(content, offset, offset + 7));
        }
        assertThat(storage().list("silver/t", "")).hasSize(1);
    }

    @Test
    void aFileThatIsNotThereIsNotPut() throws Exception {
        assertThatThrownBy(() -> storage().putFile("silver/t/part-1.parquet", local.resolve("missing")))
                .isInstanceOf(NoSuchFileException.class);
        assertThat(storage().find("silver/t/part-1.parquet")).isEmpty();
    }

    @Test
    void aFileIsNotPutOverAnother() throws Exception {
        storage().putFile("silver/t/part-1.parquet", localFile("rows"));

        assertThatThrownBy(() -> storage().putFile("silver/t/part-1.parquet", localFile("others")))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(storage().read("silver/t/part-1.parquet")).asString().isEqualTo("rows");
    }

    @Test
    void aLeaseHasOneHolder() throws Exception {
        Optional<Lease> first = storage().lease("tarn/leases/silver.t");

        assertThat(first).isPresent();
        assertThat(storage().lease("tarn/leases/silver.t")).isEmpty();
        assertThat(storage().lease("tarn/leases/silver.t")).isEmpty();
        try (Lease other = storage().lease("tarn/leases/silver.u").orElseThrow()) {
            assertThat(other).isNotNull();
        }
        first.get().close();
        first.get().close();
        try (Lease next = storage().lease("tarn/leases/silver.t").orElseThrow()) {
            assertThat(next).isNotNull();
            first.get().close();
            assertThat(storage().lease("tarn/leases/silver.t")).isEmpty();
        }
    }

    @Test
    void storagesOfOneLakeAreEqual() throws Exception {
        assertThat(storage()).isEqualTo(storage()).hasSameHashCodeAs(storage());
    }
}
