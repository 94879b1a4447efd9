package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.azurite.Azurite;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.storage.Fault;
import dev.tarn.engine.storage.MemoryFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Work that ends before or after any call of the storage leaves the table as it was or as it shall be, and can be redone. */
class CrashMatrixTest {

    private static final int POINTS_ON_A_FOLDER = Integer.getInteger("tarn.points", 300);
    private static final int POINTS_ON_BLOBS = Integer.getInteger("tarn.points", 100);
    private static final int HALTS_ON_A_FOLDER = Integer.getInteger("tarn.halts", 60);
    private static final int HALTS_ON_BLOBS = Integer.getInteger("tarn.halts", 12);
    private static final Set<String> FEW = Set.of("append", "merge by vector", "replace where partitioned");

    @TempDir(factory = MemoryFolder.class)
    Path folder;

    private final AtomicInteger lakes = new AtomicInteger();
    private DuckDb duckDb;

    @BeforeEach
    void open() {
        duckDb = Race.duckDb(folder.resolve("workspace"));
    }

    @AfterEach
    void close() {
        duckDb.close();
    }

    private interface Lakes {
        String next() throws IOException;
    }

    private String newFolder() {
        return folder.resolve("lake-" + lakes.incrementAndGet()).toString();
    }

    private static String newBlobs() throws IOException {
        assumeTrue(Azurite.missing().isEmpty(), () -> Azurite.missing().orElseThrow());
        return Azurite.shared().newLake();
    }

    /** One point of one scenario. */
    private record Place(CrashScenario scenario, CrashMatrix matrix, CrashPoint point) {}

    private List<Place> places(Lakes anywhere, Predicate<CrashScenario> which) throws IOException {
        List<Place> places = new ArrayList<>();
        for (CrashScenario scenario : CrashScenario.all()) {
            if (which.test(scenario)) {
                CrashMatrix matrix = new CrashMatrix(duckDb, scenario, Race.open(anywhere.next()));
                matrix.points().forEach(point -> places.add(new Place(scenario, matrix, point)));
            }
        }
        return places;
    }

    private interface Ending {
        boolean ends(Place place, String lake) throws Exception;
    }

    /** Two at a time; answers at how many places the work ended. */
    private int end(String how, List<Place> places, Lakes anywhere, Ending ending) throws Exception {
        long start = System.nanoTime();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        Queue<String> free = new ConcurrentLinkedQueue<>();
        int ended = 0;
        try {
            List<Callable<Boolean>> work = new ArrayList<>();
            for (Place place : places) {
                work.add(() -> {
                    @Nullable String used = free.poll();
                    String lake = used == null ? anywhere.next() : used;
                    boolean done = ending.ends(place, lake);
                    CrashMatrix.clear(Race.open(lake));
                    free.add(lake);
                    return done;
                });
            }
            for (Future<Boolean> one : threads.invokeAll(work)) {
                ended += one.get() ? 1 : 0;
            }
        } finally {
            threads.shutdownNow();
        }
        long kinds = places.stream()
                .map(place ->
                        place.scenario() + place.point().kind() + place.point().moment())
                .distinct()
                .count();
        System.out.println("crash matrix, " + how + ": ended at " + ended + " of " + places.size() + " points, " + kinds
                + " different (work, call, moment), " + (System.nanoTime() - start) / 1_000_000 + " ms");
        return ended;
    }

    private int fail(String how, List<Place> places, Lakes anywhere) throws Exception {
        return end("exceptions " + how, places, anywhere, (place, lake) -> place.matrix()
                .ends(place.point(), Race.open(lake), place.matrix()::fails));
    }

    private static boolean changes(Place place) {
        return place.point().isChange();
    }

    @Test
    void failingChangesOfSomeWorkOnAFolder() throws Exception {
        List<Place> places = places(this::newFolder, scenario -> FEW.contains(scenario.name()));
        places.removeIf(place -> !changes(place));
        assertThat(fail("on a folder", places, this::newFolder)).isEqualTo(places.size());
    }

    @Test
    void failingCommitsOnBlobs() throws Exception {
        List<Place> places = places(CrashMatrixTest::newBlobs, scenario -> FEW.contains(scenario.name()));
        places.removeIf(place -> !place.point().kind().startsWith("PUT_IF_ABSENT"));
        assertThat(fail("on blobs", places, CrashMatrixTest::newBlobs)).isEqualTo(places.size());
    }

    @Test
    @Tag("full")
    void failingCallsOfAllWorkOnAFolder() throws Exception {
        List<Place> places = drawn(places(this::newFolder, scenario -> true), POINTS_ON_A_FOLDER);
        assertThat(fail("on a folder", places, this::newFolder)).isGreaterThan(places.size() * 9 / 10);
    }

    @Test
    @Tag("full")
    void failingCallsOfAllWorkOnBlobs() throws Exception {
        List<Place> places =
                drawn(places(CrashMatrixTest::newBlobs, scenario -> !scenario.checkpoint()), POINTS_ON_BLOBS);
        assertThat(fail("on blobs", places, CrashMatrixTest::newBlobs)).isGreaterThan(places.size() * 9 / 10);
    }

    @Test
    @Tag("full")
    void haltedProcessesOnAFolder() throws Exception {
        assertThat(halt("on a folder", places(this::newFolder, scenario -> true), HALTS_ON_A_FOLDER, this::newFolder))
                .isGreaterThanOrEqualTo(HALTS_ON_A_FOLDER - 5);
    }

    @Test
    @Tag("full")
    void haltedProcessesOnBlobs() throws Exception {
        List<Place> places = places(CrashMatrixTest::newBlobs, scenario -> !scenario.checkpoint());
        assertThat(halt("on blobs", places, HALTS_ON_BLOBS, CrashMatrixTest::newBlobs))
                .isGreaterThanOrEqualTo(HALTS_ON_BLOBS - 5);
    }

    /** Others each time, so that builds together come to all of them. */
    private static List<Place> drawn(List<Place> places, int number) {
        long seed = Long.getLong("tarn.seed", System.nanoTime());
        System.out.println("crash matrix, points drawn with -Dtarn.seed=" + seed);
        List<Place> drawn = new ArrayList<>(places);
        Collections.shuffle(drawn, new Random(seed));
        return drawn.subList(0, Math.min(number, drawn.size()));
    }

    /** Drawn of all places, two thirds of them those that change something. */
    private int halt(String how, List<Place> places, int number, Lakes anywhere) throws Exception {
        String first = newFolder();
        CrashScenario scenario = places.get(places.size() - 1).scenario();
        scenario.prepare(Race.open(first), duckDb);
        CrashPoint never = new CrashPoint("", -1, Fault.Moment.BEFORE);
        HaltingChildren children =
                new HaltingChildren(folder, HaltingWork.class, HaltingWork.arguments(first, scenario, never));
        List<Place> all =
                new ArrayList<>(places.stream().filter(CrashMatrixTest::changes).toList());
        List<Place> others = places.stream().filter(place -> !changes(place)).toList();
        List<Place> chosen = new ArrayList<>(drawn(all, number * 2 / 3));
        chosen.addAll(drawn(others, number - chosen.size()));
        return end("halted processes " + how, chosen, anywhere, (place, lake) -> place.matrix()
                .ends(
                        place.point(),
                        Race.open(lake),
                        (point, storage) -> children.halts(HaltingWork.arguments(lake, place.scenario(), point))));
    }
}
