package dev.tarn.engine.flow;

import static dev.tarn.engine.flow.ChangesLake.flow;
import static dev.tarn.engine.flow.ChangesLake.ignoringNulls;
import static dev.tarn.engine.flow.ChangesLake.type1;
import static dev.tarn.engine.flow.ChangesLake.type2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.storage.MemoryFolder;
import dev.tarn.model.Effect;
import dev.tarn.model.Effect.AutoCdc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Histories of many keys, each a case of its own, arrive split, repeated and in any order; the table is what a model makes
 * of each history read once, in its order.
 */
class ChangeHistoriesTest {

    private static final int KEYS = 1_500;
    private static final int BATCHES = 5;

    @TempDir(factory = MemoryFolder.class)
    Path folder;

    enum Kind {
        TYPE_1(type1()),
        TYPE_1_IGNORING_NULLS(ignoringNulls(type1(), "name")),
        TYPE_2(type2("name", "amount")),
        TYPE_2_TRACKING_SOME(type2("name")),
        TYPE_2_TRACKING_NONE(type2()),
        TYPE_2_IGNORING_NULLS(ignoringNulls(type2("name"), "name", "amount"));

        private final AutoCdc effect;

        Kind(AutoCdc effect) {
            this.effect = effect;
        }
    }

    /** @param batch in which it arrives first */
    private record Change(
            int id, @Nullable String name, @Nullable Integer amount, boolean delete, long seq, int batch) {
        String sql() {
            return id + "," + (name == null ? "" : name) + "," + (amount == null ? "" : amount) + ","
                    + (delete ? "d" : "u") + "," + seq;
        }
    }

    private static List<Change> history(Random random, int id) {
        List<Change> changes = new ArrayList<>();
        int length = 1 + random.nextInt(9);
        for (int i = 0; i < length; i++) {
            long seq = random.nextInt(12);
            boolean delete = random.nextInt(4) == 0;
            @Nullable String name = delete || random.nextInt(4) == 0 ? null : "n" + random.nextInt(3);
            @Nullable Integer amount = delete || random.nextInt(4) == 0 ? null : random.nextInt(3);
            Change change = new Change(id, name, amount, delete, seq, random.nextInt(BATCHES));
            boolean taken = changes.stream().anyMatch(other -> other.seq() == seq && other.delete() == delete);
            if (!taken) {
                changes.add(change);
            }
        }
        return changes;
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anyOrderSplitAndRepetitionMakeTheSameTable(Kind kind) throws IOException {
        long seed = Long.getLong("tarn.seed", System.nanoTime());
        Random random = new Random(seed);
        List<List<Change>> batches = new ArrayList<>();
        for (int batch = 0; batch < BATCHES; batch++) {
            batches.add(new ArrayList<>());
        }
        List<String> expected = new ArrayList<>();
        for (int id = 0; id < KEYS; id++) {
            List<Change> history = history(random, id);
            expected.addAll(new Model(kind.effect, history).rows());
            for (Change change : history) {
                batches.get(change.batch()).add(change);
                for (int again = random.nextInt(3); again > 0; again--) {
                    batches.get(random.nextInt(BATCHES)).add(change);
                }
            }
        }
        try (ChangesLake lake = new ChangesLake(folder, Clock.systemUTC())) {
            for (List<Change> batch : batches) {
                Collections.shuffle(batch, random);
                lake.arriveAll(csv(batch));
                if (random.nextInt(3) > 0) {
                    lake.updates.run(flow(kind.effect));
                }
            }
            lake.updates.run(flow(kind.effect));
            Collections.sort(expected);
            List<String> rows = new ArrayList<>(lake.rows());
            Collections.sort(rows);
            assertThat(rows).as("-Dtarn.seed=" + seed).isEqualTo(expected);
        }
        System.out.println(
                "histories of changes, " + kind + ": " + KEYS + " keys, " + expected.size() + " rows, seed " + seed);
    }

    private String csv(List<Change> batch) throws IOException {
        Path file = Files.createTempFile(folder, "changes", ".csv");
        Files.write(file, batch.stream().map(Change::sql).toList());
        return "SELECT * FROM read_csv('" + file + "', header = false, columns = {'id': 'INTEGER', 'name': 'VARCHAR',"
                + " 'amount': 'DECIMAL(18,2)', 'op': 'VARCHAR', 'seq': 'BIGINT'})";
    }

    /** One history, change by change. */
    private static final class Model {
        private final AutoCdc effect;
        private final List<String> rows = new ArrayList<>();
        private @Nullable Change current;
        private long start;

        Model(AutoCdc effect, List<Change> history) {
            this.effect = effect;
            boolean versions = effect.type() == Effect.ScdType.TYPE_2;
            TreeMap<Long, Change> bySequence = new TreeMap<>();
            for (Change change : history) {
                // Of a delete and an upsert with one sequence, type 2 takes the delete and type 1 the upsert.
                bySequence.merge(change.seq(), change, (a, b) -> a.delete() == versions ? a : b);
            }
            bySequence.values().forEach(this::follow);
            close(null);
        }

        List<String> rows() {
            return rows;
        }

        private void follow(Change change) {
            if (change.delete()) {
                close(change.seq());
                return;
            }
            Change filled = current == null
                    ? change
                    : new Change(
                            change.id(),
                            ignored("name") && change.name() == null ? current.name() : change.name(),
                            ignored("amount") && change.amount() == null ? current.amount() : change.amount(),
                            false,
                            change.seq(),
                            0);
            if (current == null) {
                start = change.seq();
            } else if (differs(filled)) {
                close(change.seq());
                start = change.seq();
            }
            current = filled;
        }

        private boolean ignored(String column) {
            return effect.ignoreNulls().contains(column);
        }

        private boolean differs(Change next) {
            return effect.tracked().stream()
                    .anyMatch(column -> column.equals("name")
                            ? !Objects.equals(next.name(), current.name())
                            : !Objects.equals(next.amount(), current.amount()));
        }

        private void close(@Nullable Long end) {
            if (current == null) {
                return;
            }
            String row = current.id() + "|" + current.name() + "|"
                    + (current.amount() == null ? "null" : current.amount() + ".00");
            if (effect.type() == Effect.ScdType.TYPE_2) {
                rows.add(row + "|" + start + "|" + end);
            } else if (end == null) {
                rows.add(row);
            }
            current = null;
        }
    }
}
