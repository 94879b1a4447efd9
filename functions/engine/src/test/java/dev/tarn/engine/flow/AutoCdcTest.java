package dev.tarn.engine.flow;

import static dev.tarn.engine.flow.ChangesLake.BRONZE;
import static dev.tarn.engine.flow.ChangesLake.SILVER;
import static dev.tarn.engine.flow.ChangesLake.bySnapshot;
import static dev.tarn.engine.flow.ChangesLake.flow;
import static dev.tarn.engine.flow.ChangesLake.ignoringNulls;
import static dev.tarn.engine.flow.ChangesLake.type1;
import static dev.tarn.engine.flow.ChangesLake.type2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.RowFilter;
import dev.tarn.engine.delta.TableLocation;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.event.EventLog;
import dev.tarn.engine.event.MergedRows;
import dev.tarn.engine.storage.MemoryFolder;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Effect;
import dev.tarn.model.Effect.AutoCdc;
import dev.tarn.model.Expectation;
import dev.tarn.model.Expectation.OnViolation;
import dev.tarn.model.Flow;
import dev.tarn.model.JudgedView;
import dev.tarn.model.SourcePosition;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What single changes do; whole histories are in {@link ChangeHistoriesTest}. */
class AutoCdcTest {

    @TempDir(factory = MemoryFolder.class)
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private ChangesLake lake;

    @BeforeEach
    void open() {
        lake = new ChangesLake(folder, new DrivenClock(now));
    }

    @AfterEach
    void close() {
        lake.close();
    }

    /** A clock that stands until it is set. */
    private static final class DrivenClock extends Clock {
        private final AtomicReference<Instant> now;

        DrivenClock(AtomicReference<Instant> now) {
            this.now = now;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            throw new UnsupportedOperationException("times here are UTC");
        }

        @Override
        public Instant instant() {
            return now.get();
        }
    }

    private void arriveAndRun(Flow flow, String... changes) {
        lake.arrive(changes);
        assertThat(lake.updates.run(flow)).isInstanceOf(UpdateOutcome.Completed.class);
    }

    @Test
    void theNewestChangeOfAKeyDecides() {
        arriveAndRun(flow(type1()), "(1, 'a', 1, 'u', 1)", "(1, 'b', 2, 'u', 3)", "(2, 'c', 3, 'u', 1)");
        arriveAndRun(flow(type1()), "(1, 'late', 0, 'u', 2)", "(2, 'd', 4, 'u', 2)", "(3, 'e', 5, 'u', 1)");
        assertThat(lake.rows()).containsExactly("1|b|2.00", "2|d|4.00", "3|e|5.00");
    }

    @Test
    void aDeleteStaysDeletedWhenOlderChangesCome() {
        arriveAndRun(flow(type1()), "(1, 'a', 1, 'u', 1)", "(2, 'b', 1, 'u', 1)");
        arriveAndRun(flow(type1()), "(1, NULL, NULL, 'd', 5)", "(3, NULL, NULL, 'd', 5)");
        arriveAndRun(flow(type1()), "(1, 'late', 0, 'u', 4)", "(3, 'late', 0, 'u', 4)");
        assertThat(lake.rows()).containsExactly("2|b|1.00");
        arriveAndRun(flow(type1()), "(1, 'new', 9, 'u', 6)");
        assertThat(lake.rows()).containsExactly("1|new|9.00", "2|b|1.00");
    }

    @Test
    void anUpsertBeatsADeleteOfTheSameSequence() {
        arriveAndRun(
                flow(type1()),
                "(1, 'a', 1, 'u', 5)",
                "(2, NULL, NULL, 'd', 5)",
                "(3, NULL, NULL, 'd', 5)",
                "(3, 'c', 3, 'u', 5)");
        arriveAndRun(flow(type1()), "(1, NULL, NULL, 'd', 5)", "(2, 'b', 2, 'u', 5)");
        assertThat(lake.rows()).containsExactly("1|a|1.00", "2|b|2.00", "3|c|3.00");
    }

    @Test
    void aLaterUpsertOfTheSameSequenceTakesThePlaceOfTheEarlier() {
        arriveAndRun(flow(type1()), "(1, 'a', 1, 'u', 5)");
        arriveAndRun(flow(type1()), "(1, 'b', 2, 'u', 5)");
        assertThat(lake.rows()).containsExactly("1|b|2.00");
    }

    @Test
    void anUpdateTellsHowManyRowsChanged() {
        lake.arrive("(1, 'a', 1, 'u', 1)", "(2, 'b', 1, 'u', 1)");
        lake.updates.run(flow(type1()));
        lake.arrive("(1, 'a2', 1, 'u', 2)", "(2, NULL, NULL, 'd', 2)", "(3, 'c', 1, 'u', 2)", "(1, 'x', 0, 'u', 0)");
        UpdateOutcome.Completed outcome = (UpdateOutcome.Completed) lake.updates.run(flow(type1()));
        assertThat(outcome.stats().merged()).isEqualTo(new MergedRows(2, 1));
        assertThat(outcome.stats().bytesWritten()).isPositive();
        assertThat(outcome.stats().rowsRead()).isEqualTo(4);
        assertThat(lake.updates.run(flow(type1()))).isInstanceOf(UpdateOutcome.NothingNew.class);
    }

    @Test
    void aTombstoneIsForgottenWhenItIsTooOld() {
        Flow flow = flow(
                type1(),
                "SELECT * FROM \"bronze.changes\"",
                "seq",
                Map.of("pipelines.cdc.tombstoneGCThresholdInSeconds", "3600"),
                List.of());
        arriveAndRun(flow, "(1, 'a', 1, 'u', 1)", "(1, NULL, NULL, 'd', 5)");
        now.updateAndGet(time -> time.plus(Duration.ofMinutes(59)));
        arriveAndRun(flow, "(1, 'late', 1, 'u', 4)");
        assertThat(lake.rows()).isEmpty();
        now.updateAndGet(time -> time.plus(Duration.ofMinutes(2)));
        arriveAndRun(flow, "(2, 'b', 1, 'u', 1)");
        arriveAndRun(flow, "(1, 'late', 1, 'u', 4)");
        assertThat(lake.rows()).containsExactly("1|late|1.00", "2|b|1.00");
    }

    @Test
    void aTruncationDeletesWhatCameBeforeItWheneverThatArrives() {
        arriveAndRun(
                flow(type1()),
                "(1, 'a', 1, 'u', 1)",
                "(2, 'b', 1, 'u', 7)",
                "(3, 'c', 1, 'u', 5)",
                "(4, NULL, NULL, 'd', 9)");
        arriveAndRun(flow(type1()), "(NULL, NULL, NULL, 't', 5)", "(5, 'e', 1, 'u', 4)", "(6, 'f', 1, 'u', 6)");
        assertThat(lake.rows()).containsExactly("2|b|1.00", "3|c|1.00", "6|f|1.00");
        arriveAndRun(
                flow(type1()),
                "(1, 'late', 1, 'u', 3)",
                "(7, 'g', 1, 'u', 5)",
                "(NULL, NULL, NULL, 't', 2)",
                "(4, 'late', 1, 'u', 8)");
        assertThat(lake.rows()).containsExactly("2|b|1.00", "3|c|1.00", "6|f|1.00", "7|g|1.00");
    }

    @Test
    void aTruncationEndsWhatNullsLeave() {
        Flow flow = flow(ignoringNulls(type1(), "name"));
        arriveAndRun(flow, "(1, 'a', 1, 'u', 1)", "(2, 'b', 1, 'u', 1)", "(3, 'c', 1, 'u', 7)");
        arriveAndRun(flow, "(NULL, NULL, NULL, 't', 5)", "(2, NULL, 2, 'u', 6)");
        assertThat(lake.rows()).containsExactly("2|null|2.00", "3|c|1.00");
        arriveAndRun(flow, "(1, 'late', 1, 'u', 4)", "(3, NULL, 3, 'u', 8)", "(4, 'd', 4, 'u', 5)");
        assertThat(lake.rows()).containsExactly("2|null|2.00", "3|c|3.00", "4|d|4.00");
    }

    @Test
    void sequencesOfSeveralPartsAreComparedPartByPart() {
        DataType.Struct sequence = new DataType.Struct(
                List.of(new Column("at", DataType.Simple.BIGINT), new Column("part", DataType.Simple.INT)));
        AutoCdc effect =
                new AutoCdc(List.of("id"), sequence, Effect.ScdType.TYPE_2, List.of("name"), Set.of(), false, false);
        Flow flow = flow(
                effect,
                "SELECT * FROM \"bronze.changes\"",
                "struct_pack(\"at\" := seq, part := CAST(amount AS INTEGER))",
                Map.of(),
                List.of());
        arriveAndRun(flow, "(1, 'b', 2, 'u', 1)", "(1, 'c', 0, 'u', 2)");
        arriveAndRun(flow, "(1, 'a', 1, 'u', 1)");
        assertThat(lake.rows())
                .containsExactly(
                        "1|a|1.00|{'at': 1, 'part': 1}|{'at': 1, 'part': 2}",
                        "1|b|2.00|{'at': 1, 'part': 2}|{'at': 2, 'part': 0}",
                        "1|c|0.00|{'at': 2, 'part': 0}|null");
    }

    @Test
    void versionsBeginAndEndWithTheirChanges() {
        Flow flow = flow(type2("name", "amount"));
        arriveAndRun(flow, "(1, 'a', 1, 'u', 10)", "(2, 'x', 1, 'u', 10)");
        arriveAndRun(flow, "(1, 'b', 1, 'u', 20)", "(2, NULL, NULL, 'd', 30)");
        assertThat(lake.rows()).containsExactly("1|a|1.00|10|20", "1|b|1.00|20|null", "2|x|1.00|10|30");
        arriveAndRun(flow, "(1, 'between', 1, 'u', 15)", "(2, 'again', 1, 'u', 40)", "(1, 'b', 1, 'u', 25)");
        assertThat(lake.rows())
                .containsExactly(
                        "1|a|1.00|10|15",
                        "1|b|1.00|20|null",
                        "1|between|1.00|15|20",
                        "2|again|1.00|40|null",
                        "2|x|1.00|10|30");
    }

    @Test
    void aChangeOfAnUntrackedColumnUpdatesTheVersionInPlace() {
        Flow flow = flow(type2("name"));
        arriveAndRun(flow, "(1, 'a', 1, 'u', 10)");
        arriveAndRun(flow, "(1, 'a', 2, 'u', 20)", "(1, 'b', 3, 'u', 30)");
        assertThat(lake.rows()).containsExactly("1|a|2.00|10|30", "1|b|3.00|30|null");
    }

    @Test
    void aDeleteBeatsAnUpsertOfTheSameSequenceInTypeTwo() {
        Flow flow = flow(type2("name"));
        arriveAndRun(flow, "(1, 'a', 1, 'u', 10)", "(1, 'b', 1, 'u', 20)");
        arriveAndRun(flow, "(1, NULL, NULL, 'd', 20)");
        arriveAndRun(flow, "(1, 'c', 1, 'u', 20)");
        assertThat(lake.rows()).containsExactly("1|a|1.00|10|20");
    }

    @Test
    void nullsLeaveWhatThereWas() {
        Flow flow = flow(ignoringNulls(type1(), "name", "amount"));
        arriveAndRun(flow, "(1, 'a', 1, 'u', 1)", "(1, NULL, 2, 'u', 3)");
        assertThat(lake.rows()).containsExactly("1|a|2.00");
        arriveAndRun(flow, "(1, 'b', 7, 'u', 2)");
        assertThat(lake.rows()).containsExactly("1|b|2.00");
        arriveAndRun(flow, "(1, NULL, NULL, 'd', 4)");
        assertThat(lake.rows()).isEmpty();
        arriveAndRun(flow, "(1, NULL, 5, 'u', 5)");
        assertThat(lake.rows()).containsExactly("1|null|5.00");
    }

    @Test
    void aSnapshotIsComparedWithTheRowsThereAre() {
        Flow flow = flow(bySnapshot(type2("name", "amount")));
        arriveAndRun(flow, "(1, 'a', 1, 'u', 0)", "(2, 'b', 2, 'u', 0)");
        assertThat(lake.rows()).containsExactly("1|a|1.00|0|null", "2|b|2.00|0|null");
        replaceBronze("(1, 'a2', 1, 'u', 0)", "(3, 'c', 3, 'u', 0)");
        assertThat(lake.updates.run(flow)).isInstanceOf(UpdateOutcome.Completed.class);
        assertThat(lake.rows()).containsExactly("1|a|1.00|0|1", "1|a2|1.00|1|null", "2|b|2.00|0|1", "3|c|3.00|1|null");
    }

    @Test
    void aSnapshotOfTypeOneTakesThePlaceOfTheRows() {
        Flow flow = flow(bySnapshot(type1()));
        arriveAndRun(flow, "(1, 'a', 1, 'u', 0)", "(2, 'b', 2, 'u', 0)");
        replaceBronze("(1, 'a2', 1, 'u', 0)", "(3, 'c', 3, 'u', 0)");
        lake.updates.run(flow);
        assertThat(lake.rows()).containsExactly("1|a2|1.00", "3|c|3.00");
    }

    private void replaceBronze(String... changes) {
        DeltaTable bronze = lake.lake.table(BRONZE);
        try (Session session = lake.lake.duckDb().session()) {
            bronze.run(
                    CommitRequest.ofWork(lake.lake.newUpdateId(), "DELETE", Map.of()),
                    base -> bronze.delete(session, base, RowFilter.all()));
        }
        lake.arrive(changes);
    }

    @Test
    void aKeyThatOccursTwiceInASnapshotIsRefused() {
        lake.arrive("(1, 'a', 1, 'u', 0)", "(1, 'b', 2, 'u', 0)", "(2, 'c', 2, 'u', 0)");
        assertThatThrownBy(() -> lake.updates.run(flow(bySnapshot(type2("name")))))
                .hasMessage(
                        "pipelines/silver_rows.sql:7:1  CHANGES_INVALID  The flow rows_current cannot bring changes into"
                                + " silver.rows: 1 key (id) occurs more than once in the snapshot.\n    silver.rows stays"
                                + " as it was. Leave such rows out in the view that the flow reads, or mend the source.");
    }

    @Test
    void changesWithoutKeyOrSequenceAreRefusedAndCounted() {
        arriveAndRun(flow(type1()), "(1, 'a', 1, 'u', 1)");
        lake.arrive(
                "(NULL, 'a', 1, 'u', 2)", "(NULL, 'b', 1, 'd', 3)", "(2, 'b', 1, 'u', NULL)", "(3, 'c', 1, 'u', 1)");
        assertThatThrownBy(() -> lake.updates.run(flow(type1())))
                .hasMessage(
                        "pipelines/silver_rows.sql:7:1  CHANGES_INVALID  The flow rows_current cannot bring changes into"
                                + " silver.rows: in 2 of 4 changes the key id is NULL; in 1 of 4 changes the value of"
                                + " SEQUENCE BY, or a part of it, is NULL.\n    silver.rows stays as it was. Leave such"
                                + " rows out in the view that the flow reads, or mend the source.");
        assertThat(lake.rows()).containsExactly("1|a|1.00");
        assertThat(new EventLog(lake.lake).recent(1).get(0).failure().code().name())
                .isEqualTo("CHANGES_INVALID");
    }

    private static Expectation expectation(String name, String sql, OnViolation onViolation) {
        return new Expectation(name, sql, sql, onViolation, new SourcePosition("pipelines/silver_rows.sql", 3, 3));
    }

    private static Flow judged(Expectation... expectations) {
        StringBuilder mask = new StringBuilder("0::BIGINT");
        for (int i = 0; i < expectations.length; i++) {
            mask.append(" + CASE WHEN coalesce(" + expectations[i].sql() + ", FALSE) THEN 0 ELSE " + (1 << i) + " END");
        }
        return flow(
                type1(),
                "SELECT * FROM (SELECT *, tarn_keeps_1(" + mask + ") AS keep FROM \"bronze.changes\") WHERE keep",
                "seq",
                Map.of(),
                List.of(new JudgedView("typed", "tarn_keeps_1", List.of(expectations))));
    }

    @Test
    void aViewBeforeTheChangesDropsAndCountsRows() {
        lake.arrive("(1, 'a', 1, 'u', 1)", "(2, NULL, 1, 'u', 1)", "(3, 'c', -1, 'u', 1)", "(4, NULL, -1, 'u', 1)");
        UpdateOutcome.Completed outcome = (UpdateOutcome.Completed) lake.updates.run(judged(
                expectation("named", "name IS NOT NULL", OnViolation.DROP_ROW),
                expectation("positive", "amount > 0", OnViolation.WARN)));
        assertThat(lake.rows()).containsExactly("1|a|1.00", "3|c|-1.00");
        assertThat(outcome.stats().rowsDropped()).isEqualTo(2);
        assertThat(outcome.stats().expectations())
                .extracting(count -> count.dataset() + " " + count.name() + " " + count.passed() + " " + count.failed())
                .containsExactly("typed named 2 2", "typed positive 2 2");
    }

    @Test
    void aViewBeforeTheChangesFailsTheUpdate() {
        arriveAndRun(flow(type1()), "(1, 'a', 1, 'u', 1)");
        lake.arrive("(2, 'b', -1, 'u', 1)", "(3, 'c', 1, 'u', 1)");
        assertThatThrownBy(
                        () -> lake.updates.run(judged(expectation("positive", "amount > 0", OnViolation.FAIL_UPDATE))))
                .hasMessage("pipelines/silver_rows.sql:3:3  EXPECTATION_FAILED  positive failed for 1 of 2 rows of"
                        + " typed: not true that amount > 0.\n    silver.rows and the tables after it stay as they"
                        + " were (version 1). Mend the rows in the source, or change the expectation.");
        assertThat(lake.rows()).containsExactly("1|a|1.00");
    }

    /** A crash between the two commits: what is kept beside the target is ahead of it. */
    @Test
    void changesThatWereKeptButNotAppliedAreApplied() {
        arriveAndRun(flow(type1()), "(1, 'a', 1, 'u', 1)", "(2, 'b', 1, 'u', 1)", "(4, 'd', 1, 'u', 1)");
        lake.arrive("(1, 'a2', 1, 'u', 2)", "(2, NULL, NULL, 'd', 2)", "(3, 'c', 1, 'u', 2)");
        long before = lake.snapshot(SILVER).version();
        lake.updates.run(flow(type1()));
        List<String> after = lake.rows();
        forgetVersionsAfter(before);
        assertThat(lake.rows()).containsExactly("1|a|1.00", "2|b|1.00", "4|d|1.00");
        lake.arrive("(4, 'd2', 1, 'u', 3)");
        lake.updates.run(flow(type1()));
        assertThat(after).containsExactly("1|a2|1.00", "3|c|1.00", "4|d|1.00");
        assertThat(lake.rows()).containsExactly("1|a2|1.00", "3|c|1.00", "4|d2|1.00");
    }

    private void forgetVersionsAfter(long version) {
        lake.close();
        Path log = folder.resolve("lake").resolve(SILVER.path()).resolve("_delta_log");
        for (long gone = version + 1; log.resolve(name(gone)).toFile().exists(); gone++) {
            assertThat(log.resolve(name(gone)).toFile().delete()).isTrue();
        }
        lake = new ChangesLake(folder, new DrivenClock(now));
    }

    private static String name(long version) {
        return String.format("%020d.json", version);
    }

    @Test
    void whatIsKeptBesideTheTargetIsATableOfTarns() {
        arriveAndRun(flow(type1()), "(1, 'a', 1, 'u', 1)", "(2, NULL, NULL, 'd', 3)");
        assertThat(lake.lake
                        .table(new TableLocation("newest", "tarn/cdc/silver.rows/newest"))
                        .snapshot()
                        .orElseThrow()
                        .numRecords())
                .isEqualTo(2);
    }
}
