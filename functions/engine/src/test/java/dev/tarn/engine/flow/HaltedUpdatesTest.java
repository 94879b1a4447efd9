package dev.tarn.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.delta.HaltingChildren;
import dev.tarn.engine.flow.HaltingUpdate.Work;
import dev.tarn.engine.storage.Faults;
import dev.tarn.engine.storage.FaultyStorage;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.MemoryFolder;
import dev.tarn.engine.storage.StorageCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that is halted in an update of AUTO CDC or in a full refresh leaves the old table or the new one, whole; done
 * again, and going on, it comes to the same as if it had never been halted.
 */
class HaltedUpdatesTest {

    private static final int SOME = 2;

    @TempDir(factory = MemoryFolder.class)
    Path folder;

    private int lakes;

    /** The rows before and after the work, and after what comes then. */
    private record Expected(List<String> before, List<String> after, List<String> later, int points) {}

    /** A process that ends is somebody else than the one that goes on. */
    private ChangesLake open(Path root) {
        return new ChangesLake(new LocalStorage(root), folder.resolve("workspace-" + ++lakes), Clock.systemUTC());
    }

    private Path prepared(Work work) {
        Path root = folder.resolve("prepared-" + work);
        try (ChangesLake lake = open(root)) {
            work.prepare(lake);
        }
        return root;
    }

    private Path copy(Path root) throws IOException {
        Path copy = folder.resolve("copy-" + ++lakes);
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(root.relativize(file)));
            }
        }
        return copy;
    }

    private Expected expected(Path prepared, Work work) throws IOException {
        FaultyStorage counting = new FaultyStorage(new LocalStorage(copy(prepared)), Faults.none());
        Path workspace = folder.resolve("workspace-" + ++lakes);
        try (ChangesLake lake = new ChangesLake(counting, workspace, Clock.systemUTC())) {
            List<String> before = lake.rows();
            work.run(lake);
            int points = 2 * (int) counting.calls(StorageCall.Operation::isChange);
            List<String> after = lake.rows();
            work.goOn(lake);
            assertThat(after).isNotEqualTo(before).isNotEqualTo(lake.rows());
            return new Expected(before, after, lake.rows(), points);
        }
    }

    /** Halts at {@code number} points of each work, others in each build. */
    private void halt(int number) throws IOException, InterruptedException {
        long seed = Long.getLong("tarn.seed", System.nanoTime());
        Path rehearsed = copy(prepared(Work.TYPE_2));
        HaltingChildren children = new HaltingChildren(
                folder, HaltingUpdate.class, HaltingUpdate.arguments(rehearsed, Work.TYPE_2, HaltingUpdate.NEVER));
        for (Work work : Work.values()) {
            Path prepared = work == Work.TYPE_2 ? folder.resolve("prepared-" + work) : prepared(work);
            Expected expected = expected(prepared, work);
            List<Integer> points = new ArrayList<>(
                    IntStream.range(0, expected.points()).boxed().toList());
            Collections.shuffle(points, new Random(seed));
            List<Integer> drawn = points.subList(0, Math.min(number, points.size()));
            for (int point : drawn) {
                Path root = copy(prepared);
                String where = work + ", point " + point + " of " + points.size() + ", -Dtarn.seed=" + seed;
                boolean halted = children.halts(HaltingUpdate.arguments(root, work, point));
                // Two threads write one file or two, so that a run may make a change less than the one that was
                // counted.
                assertThat(halted || point >= points.size() - 2).as(where).isTrue();
                check(root, work, expected, where);
            }
            System.out.println("processes halted in " + work + ": at " + drawn.size() + " of " + points.size()
                    + " points, -Dtarn.seed=" + seed);
        }
    }

    private void check(Path root, Work work, Expected expected, String where) {
        try (ChangesLake lake = open(root)) {
            assertThat(lake.rows()).as(where).isIn(expected.before(), expected.after());
            work.run(lake);
            assertThat(lake.rows()).as(where).isEqualTo(expected.after());
            work.goOn(lake);
            assertThat(lake.rows()).as(where).isEqualTo(expected.later());
        }
    }

    @Test
    void haltedAtSomePointsAndDoneAgain() throws Exception {
        halt(SOME);
    }

    @Test
    @Tag("full")
    void haltedAtManyPointsAndDoneAgain() throws Exception {
        halt(Integer.getInteger("tarn.halts", 5));
    }
}
