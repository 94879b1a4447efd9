package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.storage.Fault;
import dev.tarn.engine.storage.Fault.Moment;
import dev.tarn.engine.storage.Faults;
import dev.tarn.engine.storage.FaultyStorage;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StorageCall;
import dev.tarn.engine.storage.StorageCall.Operation;
import dev.tarn.model.TarnException;
import dev.tarn.model.UpdateId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files of an attempt at a change that is surely lost are deleted, those of one that may be in are not. */
class LostAttemptsTest extends DeltaFixture {

    private static final String ROWS = "SELECT range::BIGINT AS id, 'row ' || range AS text FROM range(%d, %d)";
    private static final WritePolicy VECTORS = new WritePolicy(0, 0.5, 0.2, new Retries(3, Pause.real()));
    private static final Predicate<StorageCall> DATA = call -> !call.path().contains("_delta_log")
            && List.of(Operation.PUT, Operation.PUT_FILE).contains(call.operation());

    @BeforeEach
    void createWithTwoFiles() {
        table.create(new TableDefinition(
                session.describe(rows(0, 1)),
                List.of(),
                "",
                Map.of("delta.enableDeletionVectors", "true", "delta.enableChangeDataFeed", "true")));
        append(rows(0, 100));
        append(rows(100, 110));
    }

    private static String rows(int from, int to) {
        return String.format(ROWS, from, to);
    }

    private DeltaTable on(Storage own) {
        return new DeltaTables(own, duckDb, Clock.systemUTC(), VECTORS).table(NAME);
    }

    /** Takes one row of a hundred, which a vector hides, and eight of ten, whose file is copied. */
    private static TableChange plan(DeltaTable own, Session session) {
        return own.merge(session, own.snapshot().orElseThrow(), mostOfTheSecondFile());
    }

    private static Merge mostOfTheSecondFile() {
        return Merge.upsert(
                List.of("id"),
                "SELECT id, 'merged' AS text FROM (" + rows(0, 1000) + ") WHERE id = 5 OR id BETWEEN 101 AND 108"
                        + " OR id > 990");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("lake").resolve(NAME.path()))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(".json") && !name.startsWith("_"))
                    .sorted()
                    .toList();
        }
    }

    private static UpdateId newUpdate() {
        return request("by hand", 0).update();
    }

    private static CommitRequest merging() {
        return CommitRequest.ofWork(newUpdate(), "MERGE", Map.of());
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void whateverWritingFailsNothingOfThePlanIsLeft(Moment moment) throws Exception {
        List<String> before = files();
        int failures = 0;
        boolean done = false;
        for (int nth = 0; !done; nth++) {
            FaultyStorage faulty = new FaultyStorage(storage, Faults.nth(nth, DATA, new Fault.Fail(moment)));
            DeltaTable own = on(faulty);
            Throwable failure = catchThrowable(() -> plan(own, session));
            done = faulty.injected().isEmpty();
            if (!done) {
                failures++;
                assertThat(failure).isInstanceOf(UncheckedIOException.class);
                assertThat(files()).as(moment + " write " + nth).isEqualTo(before);
            }
        }
        assertThat(failures).as("a copy, a vector, new rows and changes").isEqualTo(4);
    }

    @Test
    void packingThatFailsHalfWayLeavesNothing() throws Exception {
        append(rows(110, 200));
        append(rows(200, 210));
        List<String> before = files();
        FaultyStorage faulty = new FaultyStorage(storage, Faults.nth(1, DATA, new Fault.Fail(Moment.AFTER)));
        DeltaTable own = on(faulty);
        long largest = newest().files().stream().mapToLong(DataFile::size).max().orElseThrow();

        assertThatThrownBy(() -> own.optimize(
                        session, own.snapshot().orElseThrow(), new CompactionPolicy(largest * 2 + 2, 0.05)))
                .isInstanceOf(UncheckedIOException.class);

        assertThat(faulty.injected()).hasSize(1);
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void ofWorkThatIsOvertakenOnlyTheLastPlanIsLeft() throws Exception {
        DeltaTable own = on(new LocalStorage(folder.resolve("lake")));
        List<String> before = files();
        assertThatThrownBy(() -> own.run(merging(), base -> {
                    TableChange change = own.merge(session, base, mostOfTheSecondFile());
                    append(rows(995, 996));
                    return change;
                }))
                .isInstanceOf(TarnException.class)
                .hasMessageStartingWith("COMMIT_CONFLICT  MERGE of silver.invoice was planned 3 times");

        assertThat(files())
                .as("three rows were added")
                .hasSize(before.size() + 3)
                .containsAll(before);
    }

    @Test
    void whatWasCommittedBeforeLeavesNothingOfItsRepetition() throws Exception {
        DeltaTable own = on(storage);
        assertThat(own.run(request("flow", 7), base -> own.merge(session, base, mostOfTheSecondFile())))
                .isEqualTo(new Commit.Committed(3));
        List<String> before = files();

        assertThat(own.run(request("flow", 7), base -> own.append(session, base, rows(300, 301))))
                .isEqualTo(new Commit.AlreadyCommitted(3));
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void whatMayBeCommittedIsKept() throws Exception {
        List<String> before = files();
        Predicate<StorageCall> commit = Faults.calls(Operation.PUT_IF_ABSENT, ".*_delta_log.*");
        Predicate<StorageCall> readBack = Faults.calls(Operation.READ, ".*0003\\.json");
        FaultyStorage faulty = new FaultyStorage(
                storage,
                Faults.every(commit, new Fault.Fail(Moment.AFTER))
                        .or(Faults.every(readBack, new Fault.Fail(Moment.BEFORE))));
        DeltaTable own = on(faulty);

        assertThatThrownBy(() -> own.run(merging(), base -> own.merge(session, base, mostOfTheSecondFile())))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("the commit to silver.invoice may have been written or not; running again finds out");

        assertThat(files()).hasSize(before.size() + 4);
        assertThat(newest().version()).isEqualTo(3);
        assertThat(rows("(SELECT count(*) AS n, count(*) FILTER (WHERE text = 'merged') AS m FROM "
                        + newest().scan(session) + ")"))
                .containsExactly("119, 18");
    }

    @Test
    void whatMustNotBeCommittedIsDeleted() throws Exception {
        List<String> before = files();
        DeltaTable own = on(storage);
        TableChange change = plan(own, session);
        Path first = folder.resolve("lake").resolve(NAME.path()).resolve("_delta_log/%020d.json".formatted(0));
        TableSnapshot appendOnly = appendOnly(first);
        TableChange refused = new TableChange(appendOnly, change.parts());

        assertThatThrownBy(() -> own.commit(refused, merging()))
                .isInstanceOf(TarnException.class)
                .hasMessageStartingWith("TABLE_FEATURE_UNSUPPORTED  silver.invoice has delta.appendOnly set");

        assertThat(files()).isEqualTo(before);
    }

    /** As if somebody had set the property since. */
    private TableSnapshot appendOnly(Path definition) throws IOException {
        Files.writeString(
                definition,
                Files.readString(definition)
                        .replace("\"configuration\":{", "\"configuration\":{\"delta.appendOnly\":\"true\","));
        return new DeltaTables(storage, duckDb, Clock.systemUTC())
                .table(NAME)
                .snapshot()
                .orElseThrow();
    }
}
