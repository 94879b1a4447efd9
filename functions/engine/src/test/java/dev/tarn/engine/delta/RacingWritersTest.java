package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.storage.ForwardingStorage;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StoredFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RacingWritersTest extends DeltaFixture {

    private static final int WRITERS = 4;
    private static final int COMMITS = 20;

    @BeforeEach
    void create() {
        create("SELECT 0 AS writer, 0 AS number");
    }

    private Map<Long, String> race(Storage... storages) throws Exception {
        List<DeltaTable> writers = new ArrayList<>();
        for (Storage own : storages) {
            writers.add(new DeltaTables(own, duckDb, Clock.systemUTC()).table(NAME));
        }
        return race(COMMITS, writers);
    }

    /** Every version holds exactly the rows of the commits up to it, and at the end every row is there once. */
    private void assertEveryVersionIsRight(Map<Long, String> committed) {
        assertVersionsHold(committed, WRITERS * COMMITS, "writers on a folder");
        for (int writer = 0; writer < WRITERS; writer++) {
            assertThat(newest().updateNumber("flow " + writer)).hasValue(COMMITS - 1);
        }
    }

    @Test
    void writersOfOneProcessWriteEveryRowOnce() throws Exception {
        Path lake = folder.resolve("lake");
        assertEveryVersionIsRight(
                race(new LocalStorage(lake), new LocalStorage(lake), new LocalStorage(lake), new LocalStorage(lake)));
    }

    @Test
    void writersThatDoNotTakeTurnsWriteEveryRowOnce() throws Exception {
        assertEveryVersionIsRight(race(
                new ForwardingStorage(storage),
                new ForwardingStorage(storage),
                new ForwardingStorage(storage),
                new ForwardingStorage(storage)));
    }

    /** Carries out what it is asked to put, for paths that match, and then says that it failed. */
    private static final class LosesAnswers extends ForwardingStorage {

        private final Predicate<String> paths;
        private final boolean carriesOut;

        LosesAnswers(Storage lake, Predicate<String> paths, boolean carriesOut) {
            super(lake);
            this.paths = paths;
            this.carriesOut = carriesOut;
        }

        @Override
        public boolean putIfAbsent(String path, byte[] content) throws IOException {
            if (!paths.test(path)) {
                return super.putIfAbsent(path, content);
            }
            if (carriesOut) {
                super.putIfAbsent(path, content);
            }
            throw new IOException("connection reset");
        }
    }

    /** Puts the file twice, as a client does that retries after a lost answer: the second time it is there already. */
    private static final class RetriesItself extends ForwardingStorage {

        RetriesItself(Storage lake) {
            super(lake);
        }

        @Override
        public boolean putIfAbsent(String path, byte[] content) throws IOException {
            super.putIfAbsent(path, content);
            return super.putIfAbsent(path, content);
        }
    }

    private Commit appendThrough(Storage through, CommitRequest request) {
        DeltaTable own = new DeltaTables(through, duckDb, Clock.systemUTC()).table(NAME);
        TableSnapshot base = own.snapshot().orElseThrow();
        return own.commit(own.append(session, base, "SELECT 1 AS writer, 1 AS number"), request);
    }

    @Test
    void aCommitWhoseAnswerWasLostIsRecognized() {
        assertThat(appendThrough(new LosesAnswers(storage, path -> path.endsWith(".json"), true), request(0)))
                .isEqualTo(new Commit.Committed(1));
        assertThat(appendThrough(new RetriesItself(storage), request(1))).isEqualTo(new Commit.Committed(2));
        assertThat(rows(newest().scan(session))).containsExactly("1, 1", "1, 1");
    }

    @Test
    void aCommitThatDidNotArriveIsAnErrorAndCanBeTriedAgain() {
        Storage dead = new LosesAnswers(storage, path -> path.endsWith(".json"), false);
        assertThatThrownBy(() -> appendThrough(dead, request(0)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("the commit to silver.invoice may have been written or not; running again finds out")
                .hasRootCauseMessage("connection reset");

        assertThat(appendThrough(storage, request(0))).isEqualTo(new Commit.Committed(1));
    }

    @Test
    void aForeignCommitBehindALostAnswerIsNotTakenForOurOwn() {
        TableSnapshot base = newest();
        TableChange foreign = table.append(session, base, "SELECT 2 AS writer, 2 AS number");
        Storage overtaken = new ForwardingStorage(storage) {
            @Override
            public boolean putIfAbsent(String path, byte[] content) throws IOException {
                if (path.endsWith("00000000000000000001.json")) {
                    table.commit(foreign, request("other", 0));
                    throw new IOException("connection reset");
                }
                return super.putIfAbsent(path, content);
            }
        };

        assertThat(appendThrough(overtaken, request(0))).isEqualTo(new Commit.Committed(2));
        assertThat(rows(newest().scan(session))).containsExactly("1, 1", "2, 2");
    }

    @Test
    void aCheckpointThatFailsDoesNotFailTheCommit() throws Exception {
        Storage full = new ForwardingStorage(storage) {
            @Override
            public void putFile(String path, Path local) throws IOException {
                if (path.contains("checkpoint")) {
                    throw new IOException("disk full");
                }
                super.putFile(path, local);
            }
        };
        for (int number = 0; number < 10; number++) {
            assertThat(appendThrough(full, request(number))).isEqualTo(new Commit.Committed(number + 1));
        }

        assertThat(storage.list(NAME.path() + "/_delta_log", ""))
                .extracting(StoredFile::name)
                .noneMatch(name -> name.contains("checkpoint"));
        assertThat(newest().numRecords()).isEqualTo(10);
    }

    @Test
    void aTableCreatedAnewOvertakesWritersOfTheOldOne() throws Exception {
        TableSnapshot old = newest();
        TableChange rows = table.append(session, old, "SELECT 1 AS writer, 1 AS number");
        storage.delete(NAME.path() + "/_delta_log/00000000000000000000.json");
        create("SELECT 0 AS writer, 0 AS number");
        append("SELECT 5 AS writer, 5 AS number");

        assertThat(table.commit(rows, request("other", 0))).isEqualTo(new Commit.Overtaken(1));
    }
}
