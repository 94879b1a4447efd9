package dev.tarn.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.TarnException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What many readers do to a cache, and what becomes of a disk that is too small. */
class RangeCacheTest extends CacheFixture {

    private static final List<String> COLUMNS =
            List.of("id", "customer", "amount", "reference", "day", "paid", "detail", "note");

    private final ExecutorService readers = Executors.newFixedThreadPool(6);

    @BeforeEach
    void open() {
        open(256 * MIB);
    }

    @AfterEach
    void stop() throws Exception {
        readers.shutdownNow();
        assertThat(readers.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }

    private static <T> List<T> all(List<Future<T>> running) throws Exception {
        List<T> results = new ArrayList<>();
        for (Future<T> result : running) {
            results.add(result.get(2, TimeUnit.MINUTES));
        }
        return results;
    }

    @Test
    void readersWhoComeTogetherFetchEveryPartOnce() throws Exception {
        LakeFile file = stored("silver/invoice/part-1.parquet", 300_000);
        try (Session alone = duckDb.session()) {
            LocalFiles other = new LocalFiles(storage, duckDb);
            other.parquet(alone, List.of(file), () -> Set.of("id", "amount"));
        }
        long once = storage.bytes();
        String expected = expected(file, "sum(id), sum(amount)");
        CyclicBarrier together = new CyclicBarrier(6);
        Callable<String> reader = () -> {
            try (Session session = duckDb.session()) {
                together.await(1, TimeUnit.MINUTES);
                return read(session, List.of(part(session, file, "id", "amount")), "sum(id), sum(amount)");
            }
        };

        List<String> results = all(readers.invokeAll(Collections.nCopies(6, reader)));

        assertThat(results).hasSize(6).containsOnly(expected);
        assertThat(storage.bytes() - once).isEqualTo(once);
    }

    @Test
    void underPressureEveryReaderGetsWhatItAskedFor() throws Exception {
        long seed = System.nanoTime();
        close();
        open(12 * MIB);
        List<LakeFile> lake = new ArrayList<>();
        for (int number = 0; number < 8; number++) {
            lake.add(stored("silver/invoice/part-" + number + ".parquet", 60_000 + 10_000 * number));
        }
        long whole = lake.stream().mapToLong(LakeFile::size).sum();
        int reads = 120;
        List<Callable<Integer>> work = new ArrayList<>();
        for (int read = 0; read < reads; read++) {
            Random random = new Random(seed + read);
            work.add(() -> readSome(random, lake));
        }

        List<Integer> results = all(readers.invokeAll(work));

        long taken = allocated(folder.resolve("workspace"));
        System.out.printf(
                "seed %d: %d reads of %d files (%d bytes) by 6 readers through a cache of %d: %d fetched in %d requests,"
                        + " %d on disk at the end%n",
                seed,
                reads,
                results.stream().mapToInt(Integer::intValue).sum(),
                whole,
                12 * MIB,
                storage.bytes(),
                storage.requests(),
                taken);
        assertThat(whole).isGreaterThan(12 * MIB);
        assertThat(taken).isPositive().isLessThanOrEqualTo(12 * MIB);
    }

    /** Reads two columns of one or two files and compares them with the originals. */
    private int readSome(Random random, List<LakeFile> lake) throws Exception {
        List<LakeFile> some = new ArrayList<>(lake);
        Collections.shuffle(some, random);
        some = some.subList(0, 1 + random.nextInt(2));
        List<String> columns = new ArrayList<>(COLUMNS);
        Collections.shuffle(columns, random);
        String sums = "count(*), sum(hash(" + columns.get(0) + ", " + columns.get(1) + ")::HUGEINT)";
        try (Session session = duckDb.session()) {
            List<Path> parts = parts(session, some, columns.get(0), columns.get(1));
            assertThat(read(session, parts, sums))
                    .isEqualTo(read(session, some.stream().map(this::original).toList(), sums));
        }
        return some.size();
    }

    @Test
    void holesTakeNoDiskAndWhatWasUsedLongestAgoGoesFirst() throws Exception {
        close();
        open(6 * MIB);
        List<LakeFile> lake = new ArrayList<>();
        for (int number = 0; number < 4; number++) {
            lake.add(stored("silver/invoice/part-" + number + ".parquet", 300_000));
        }
        assertThat(lake.get(0).size()).isGreaterThan(6 * MIB);
        for (int number : List.of(0, 1, 2, 0, 3)) {
            try (Session session = duckDb.session()) {
                part(session, lake.get(number), "reference");
            }
            System.out.println(number + ": " + allocated(folder.resolve("workspace")) + " on disk");
            assertThat(allocated(folder.resolve("workspace"))).isBetween(MIB, 6 * MIB);
        }
        long bytes = storage.bytes();

        try (Session session = duckDb.session()) {
            part(session, lake.get(3), "reference");
            part(session, lake.get(0), "reference");
        }

        assertThat(storage.bytes()).isEqualTo(bytes);
    }

    @Test
    void aQueryThatNeedsMoreThanThereIsIsRefused() throws Exception {
        close();
        open(3 * MIB);
        LakeFile one = stored("silver/invoice/part-1.parquet", 200_000);
        LakeFile two = stored("bronze/move/part-2.parquet", 200_000);
        try (Session session = duckDb.session()) {
            part(session, one, "reference");

            assertThatThrownBy(() -> part(session, two, "reference"))
                    .isInstanceOf(TarnException.class)
                    .hasMessage(
                            "DISK_TOO_SMALL  A query needs 3.3 MiB of bronze/move and silver/invoice on disk, and the"
                                    + " cache for files of the lake has 3.0 MiB.\n    Give the process more disk: half of"
                                    + " it is for this cache.");
        }
        try (Session session = duckDb.session()) {
            part(session, two, "reference");
        }
    }

    @Test
    void aQueryThatOthersLeaveTooLittleForIsRefusedInTheEnd() throws Exception {
        close();
        open(3 * MIB);
        files = new LocalFiles(storage, duckDb, Duration.ofMillis(200));
        LakeFile one = stored("silver/invoice/part-1.parquet", 200_000);
        LakeFile two = stored("bronze/move/part-2.parquet", 200_000);
        try (Session session = duckDb.session()) {
            try (Session other = duckDb.session()) {
                part(other, one, "reference");

                assertThatThrownBy(() -> part(session, two, "reference"))
                        .isInstanceOf(TarnException.class)
                        .hasMessage(
                                "DISK_TOO_SMALL  A query needs 1.6 MiB of bronze/move on disk, and the cache for files of"
                                        + " the lake has 3.0 MiB, most of it in use by other queries.\n    Run fewer flows at a time"
                                        + " or give the process more disk: half of it is for this cache.");
            }
            assertThat(read(session, List.of(part(session, two, "reference")), "count(reference)"))
                    .isEqualTo("(200000,)");
        }
    }

    @Test
    void aQueryWaitsUntilOthersLeaveRoom() throws Exception {
        close();
        open(3 * MIB);
        LakeFile one = stored("silver/invoice/part-1.parquet", 200_000);
        LakeFile two = stored("bronze/move/part-2.parquet", 200_000);
        Session other = duckDb.session();
        part(other, one, "reference");
        CountDownLatch looked = new CountDownLatch(2);
        storage.read((from, path, offset, length) -> {
            looked.countDown();
            return from.read(path, offset, length);
        });
        Future<String> waiting = readers.submit(() -> {
            try (Session session = duckDb.session()) {
                return read(session, List.of(part(session, two, "reference")), "count(reference)");
            }
        });
        // Its first look, and that after it found no room and let go.
        assertThat(looked.await(1, TimeUnit.MINUTES)).isTrue();

        other.close();

        assertThat(waiting.get(1, TimeUnit.MINUTES)).isEqualTo("(200000,)");
    }

    @Test
    void aFullDiskIsToldAndWhatNobodyReadsMakesRoomFirst(@TempDir Path mount) throws Exception {
        run("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", mount.toString());
        try {
            close();
            open(256 * MIB, mount.resolve("workspace"));
            LakeFile one = stored("silver/invoice/part-1.parquet", 200_000);
            LakeFile two = stored("silver/invoice/part-2.parquet", 200_000);
            try (Session session = duckDb.session()) {
                part(session, one, "reference");
            }
            try (Session session = duckDb.session()) {
                assertThat(read(session, List.of(part(session, two, "reference")), "sum(reference::HUGEINT)"))
                        .isEqualTo(expected(two, "sum(reference::HUGEINT)"));

                assertThatThrownBy(() -> part(session, one, "reference"))
                        .isInstanceOf(TarnException.class)
                        .hasMessage("DISK_TOO_SMALL  Files of the lake cannot be kept in "
                                + workspaceOf(mount)
                                + ": No space left on device.\n    Free some space there, or choose"
                                + " another folder for temporary files.");
            }
            try (Session session = duckDb.session()) {
                assertThat(read(session, List.of(part(session, one, "reference")), "sum(reference::HUGEINT)"))
                        .isEqualTo(expected(one, "sum(reference::HUGEINT)"));
            }
        } finally {
            close();
            run("umount", mount.toString());
            open(MIB);
        }
    }

    private static Path workspaceOf(Path mount) throws Exception {
        try (Stream<Path> found = Files.list(mount.resolve("workspace"))) {
            return found.filter(Files::isDirectory).findFirst().orElseThrow();
        }
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assumeTrue(process.waitFor() == 0, "This user may not mount a small file system: " + said.strip());
    }
}
