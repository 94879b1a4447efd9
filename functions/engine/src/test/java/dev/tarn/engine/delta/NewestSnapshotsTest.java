package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.storage.Fault;
import dev.tarn.engine.storage.Faults;
import dev.tarn.engine.storage.FaultyStorage;
import dev.tarn.engine.storage.StorageCall;
import dev.tarn.engine.storage.StorageCall.Operation;
import dev.tarn.model.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NewestSnapshotsTest extends DeltaFixture {

    private final List<StorageCall> calls = new ArrayList<>();
    private final Faults recorded = call -> {
        if (call.operation().isRequest()) {
            calls.add(call);
        }
        return Optional.empty();
    };

    /** Another process, which looks at the table that the fixture's own writes. */
    private DeltaTable other(Faults faults) {
        return new DeltaTables(new FaultyStorage(storage, faults), duckDb, Clock.systemUTC()).table(NAME);
    }

    private List<Operation> during(Runnable work) {
        calls.clear();
        work.run();
        return calls.stream().map(StorageCall::operation).toList();
    }

    private static List<Long> ids(TableSnapshot snapshot, Session session) {
        return session.query("SELECT id FROM " + snapshot.scan(session) + " ORDER BY id", row -> row.getLong(1));
    }

    private void commits(int from, int to) {
        for (int id = from; id <= to; id++) {
            append("SELECT " + id + "::BIGINT AS id");
        }
    }

    @Test
    void aTableWithNothingNewCostsOneListing() {
        create("SELECT 1::BIGINT AS id");
        commits(1, 23);
        DeltaTable other = other(recorded);
        TableSnapshot first = other.snapshot().orElseThrow();
        assertThat(ids(first, session)).hasSize(23);

        assertThat(during(() -> assertThat(other.snapshot()).containsSame(first)))
                .containsExactly(Operation.LIST);
    }

    @Test
    void newCommitsAreReadAndNothingElse() {
        create("SELECT 1::BIGINT AS id");
        commits(1, 13);
        DeltaTable other = other(recorded);
        assertThat(ids(other.snapshot().orElseThrow(), session)).hasSize(13);
        commits(14, 16);

        List<Operation> requests = during(() -> {
            TableSnapshot snapshot = other.snapshot().orElseThrow();
            assertThat(snapshot.version()).isEqualTo(16);
            assertThat(snapshot.updateNumber(FLOW)).hasValue(15);
            assertThat(snapshot.progress(FLOW)).isPresent();
            assertThat(snapshot.numRecords()).isEqualTo(16);
            assertThat(snapshot.numRecordsAdded(13)).isEqualTo(3);
        });

        assertThat(requests).containsExactly(Operation.LIST, Operation.READ, Operation.READ, Operation.READ);
    }

    @Test
    void whatIsKnownStaysRightOverManyCheckpoints() {
        create("SELECT 1::BIGINT AS id");
        DeltaTable other = other(recorded);
        for (int id = 1; id <= 45; id++) {
            commits(id, id);
            TableSnapshot snapshot = other.snapshot().orElseThrow();
            assertThat(snapshot.version()).isEqualTo(id);
            assertThat(snapshot.numRecords()).isEqualTo(id);
            assertThat(snapshot.kernel().getLogSegment().getDeltas()).hasSizeLessThanOrEqualTo(10);
        }
        assertThat(ids(other.snapshot().orElseThrow(), session)).hasSize(45);
    }

    @Test
    void aTableThatIsMissingIsLookedForWithTwoRequests() {
        DeltaTable other = other(recorded);

        assertThat(during(() -> assertThat(other.snapshot()).isEmpty()))
                .containsExactly(Operation.READ, Operation.LIST);
    }

    @Test
    void aTableThatIsGoneIsNotRemembered() throws IOException {
        create("SELECT 1::BIGINT AS id");
        commits(1, 3);
        DeltaTable other = other(recorded);
        assertThat(other.snapshot()).isPresent();

        delete();

        assertThat(other.snapshot()).isEmpty();
        assertThat(during(() -> assertThat(other.snapshot()).isEmpty())).hasSize(2);
    }

    @Test
    void aTableThatWasMadeAnewIsReadAnew() throws IOException {
        create("SELECT 1::BIGINT AS id");
        commits(1, 3);
        DeltaTable other = other(recorded);
        TableSnapshot before = other.snapshot().orElseThrow();

        delete();
        create("SELECT 1::BIGINT AS id");
        commits(101, 105);

        TableSnapshot after = other.snapshot().orElseThrow();
        assertThat(after.tableId()).isNotEqualTo(before.tableId());
        assertThat(ids(after, session)).containsExactly(101L, 102L, 103L, 104L, 105L);
    }

    @Test
    void aListingThatMissedACommitIsMadeAgain() {
        create("SELECT 1::BIGINT AS id");
        commits(1, 1);
        DeltaTable other = other(Faults.nth(1, Faults.calls(Operation.LIST, ".*"), new Fault.Overlook()));
        assertThat(other.snapshot().orElseThrow().version()).isEqualTo(1);
        commits(2, 4);

        TableSnapshot snapshot = other.snapshot().orElseThrow();

        assertThat(snapshot.version()).isEqualTo(4);
        assertThat(ids(snapshot, session)).hasSize(4);
    }

    @Test
    void tablesThatWereNotAskedForLongAreForgotten() {
        DeltaTables lake = new DeltaTables(new FaultyStorage(storage, recorded), duckDb, Clock.systemUTC());
        List<DeltaTable> many = new ArrayList<>();
        for (int number = 0; number <= NewestSnapshots.MOST_TABLES; number++) {
            DeltaTable one = lake.table(TableName.parse("silver.t" + number));
            one.create(TableDefinition.of(session.describe("SELECT 1 AS id")));
            many.add(one);
        }

        assertThat(during(() -> assertThat(many.get(NewestSnapshots.MOST_TABLES).snapshot())
                        .isPresent()))
                .hasSize(1);
        assertThat(during(() -> assertThat(many.get(0).snapshot()).isPresent())).hasSizeGreaterThan(1);
    }

    private void delete() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("lake").resolve(NAME.path()))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
