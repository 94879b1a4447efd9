package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.storage.ForwardingStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GroupCommitTest extends DeltaFixture {

    private static final int WRITERS = 8;

    private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    private final CountDownLatch gathered = new CountDownLatch(WRITERS - 1);

    @BeforeEach
    void create() {
        create("SELECT 0 AS writer");
        // The leader's window lasts until everybody else has come.
        tables = new DeltaTables(
                storage,
                duckDb,
                Clock.systemUTC(),
                new WritePolicy(0, 0.5, 0.2, Retries.usual(time -> gathered.await())));
        table = tables.table(NAME);
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private TableChange rows(int writer) {
        try (Session own = duckDb.session()) {
            return table.append(own, newest(), "SELECT " + writer + " AS writer");
        }
    }

    private List<Future<Commit>> all(GroupCommit group, Flows flows) {
        List<Future<Commit>> answers = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            TableChange rows = rows(writer);
            CommitRequest request = flows.request(writer);
            answers.add(threads.submit((Callable<Commit>) () -> {
                gathered.countDown();
                return group.commit(rows, request);
            }));
        }
        return answers;
    }

    private interface Flows {
        CommitRequest request(int writer);
    }

    @Test
    void appendsThatComeTogetherShareACommit() throws Exception {
        List<Future<Commit>> answers =
                all(table.groupCommit(Duration.ofMillis(50)), writer -> request("flow " + writer, 5));

        long last = 0;
        for (Future<Commit> answer : answers) {
            last = Math.max(last, ((Commit.Committed) answer.get()).version());
        }
        // Who counted itself in and had not yet come forms the next group.
        assertThat(last).isLessThan(WRITERS);
        assertThat(newest().version()).isEqualTo(last);
        assertThat(newest().numRecords()).isEqualTo(WRITERS);
        for (int writer = 0; writer < WRITERS; writer++) {
            assertThat(newest().updateNumber("flow " + writer)).hasValue(5);
        }
    }

    @Test
    void everyUpdateFindsItsCommitAgain() {
        GroupCommit group = table.groupCommit(Duration.ZERO);
        gatherNobody();
        List<Member> members = List.of(new Member(rows(1), request("one", 0)), new Member(rows(2), request("two", 0)));
        new CommitWriter(table, tables).inTurn(() -> members);

        for (Member member : members) {
            assertThat(newest().versionOfUpdate(member.request().update(), 0)).hasValue(1);
            assertThat(group.commit(member.change(), member.request())).isEqualTo(new Commit.Committed(1));
        }
        assertThat(newest().numRecords()).isEqualTo(2);
    }

    private void gatherNobody() {
        for (int writer = 1; writer < WRITERS; writer++) {
            gathered.countDown();
        }
    }

    @Test
    void twoAppendsOfOneFlowComeInTwoCommits() throws Exception {
        List<Future<Commit>> answers =
                all(table.groupCommit(Duration.ofMillis(50)), writer -> request("one flow", writer));

        int committed = 0;
        for (Future<Commit> answer : answers) {
            committed += answer.get() instanceof Commit.Committed ? 1 : 0;
        }
        assertThat(committed).isPositive();
        assertThat(newest().version()).isEqualTo(committed);
        assertThat(newest().numRecords()).isEqualTo(committed);
    }

    @Test
    void whoNoLongerFitsDoesNotHoldUpTheOthers() {
        TableChange late = rows(1);
        TableChange fine = rows(2);
        table.commit(rows(3), request("late", 3));
        List<Member> members = List.of(new Member(late, request("late", 5)), new Member(fine, request("fine", 0)));

        assertThat(new CommitWriter(table, tables).inTurn(() -> members).values())
                .containsExactlyInAnyOrder(new Commit.Overtaken(1), new Commit.Committed(2));
    }

    @Test
    void aFailureOfTheStorageIsEverybodys() throws Exception {
        DeltaTables broken = new DeltaTables(
                new ForwardingStorage(storage) {
                    @Override
                    public boolean putIfAbsent(String path, byte[] content) throws IOException {
                        throw new IOException("no answer");
                    }
                },
                duckDb,
                Clock.systemUTC(),
                new WritePolicy(0, 0.5, 0.2, Retries.usual(time -> gathered.await())));
        List<Future<Commit>> answers =
                all(broken.table(NAME).groupCommit(Duration.ofMillis(50)), writer -> request("flow " + writer, 0));

        for (Future<Commit> answer : answers) {
            assertThatThrownBy(answer::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(UncheckedIOException.class);
        }
        assertThat(newest().version()).isZero();
    }

    @Test
    void onlyAppendsShareACommit() {
        table.commit(rows(1), request("one", 0));
        TableChange replacement = table.replace(session, newest(), "SELECT 7 AS writer");

        assertThatThrownBy(() -> table.groupCommit(Duration.ZERO).commit(replacement, request("one", 1)))
                .hasMessage("only appends share a commit");
    }
}
