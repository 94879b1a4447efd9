package dev.tarn.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.event.EventLog;
import dev.tarn.engine.event.ExpectationCount;
import dev.tarn.engine.event.UpdateRecord;
import dev.tarn.engine.event.UpdateStats;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Expectation;
import dev.tarn.model.TableName;
import dev.tarn.model.UpdateId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsCommandTest {

    private static final String MERGE = "019aaaaa-1111-7000-8000-00000000aaaa";
    private static final String FAILURE = "019aaaaa-2222-7000-8000-00000000bbbb";
    private static final String PUBLICATION = "019aaaab-3333-7000-8000-00000000aaaa";
    private static final UpdateStats STATS = new UpdateStats(
            12,
            9,
            1,
            0,
            List.of(
                    new ExpectationCount(
                            "account_move_changes", "known_state", Expectation.OnViolation.DROP_ROW, 11, 1),
                    new ExpectationCount("silver.account_move", "has_company", Expectation.OnViolation.WARN, 9, 2)),
            Duration.ofMillis(1250));

    @TempDir
    Path folder;

    @BeforeEach
    void tell() throws IOException {
        Path project = folder.resolve("project");
        try (WrittenTables tables = new WrittenTables(folder.resolve("lake"), project)) {
            EventLog log = new EventLog(tables.lake());
            log.record(update(MERGE, "account_move_current", STATS.merging(9, 2).writing(2_048), null));
            log.record(update(
                    FAILURE,
                    "silver.account_move",
                    STATS,
                    new UpdateRecord.Failure(
                            ErrorCode.EXPECTATION_FAILED, "known_state failed for 1 of 12 rows.", "Mend the rows.")));
            log.fold();
            log.record(new UpdateRecord(
                    UpdateId.parse(PUBLICATION),
                    UpdateRecord.Kind.PUBLISH,
                    "supabase.reporting.monthly_revenue",
                    TableName.parse("gold.monthly_revenue"),
                    3,
                    false,
                    Instant.parse("2026-11-22T10:00:00Z"),
                    new UpdateStats(4, 4, 0, 0, List.of(), Duration.ofMillis(40)),
                    null));
        }
    }

    private static UpdateRecord update(
            String id, String flow, UpdateStats stats, UpdateRecord.@Nullable Failure failure) {
        return new UpdateRecord(
                UpdateId.parse(id),
                UpdateRecord.Kind.UPDATE,
                flow,
                TableName.parse("silver.account_move"),
                6,
                false,
                Instant.parse("2026-11-22T10:00:00Z"),
                stats,
                failure);
    }

    private TarnRun runs(String... arguments) {
        List<String> line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of("--root", "../lake"));
        return TarnRun.of(folder.resolve("project"), Map.of(), line.toArray(String[]::new));
    }

    @Test
    void anUpdateIsShownByTheBeginningOfItsId() {
        TarnRun run = runs("runs", "show", "019aaaaa-1");

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .isEqualTo(
                        """
                        update   019aaaaa-1111-7000-8000-00000000aaaa
                        flow     account_move_current (update)
                        table    silver.account_move, still version 6
                        started  2026-11-22 18:00:00, took 1.3 s
                        rows     12 read, 9 upserted, 2 deleted, 1 dropped
                        written  2.0 KB of files
                        expect   known_state of account_move_changes: 11 passed, 1 failed (drop row)
                        expect   has_company: 9 passed, 2 failed (warn)
                        state    ok
                        """);
    }

    @Test
    void anUpdateThatFailedIsShownWithItsErrorAndTheMend() {
        assertThat(runs("runs", "show", FAILURE).out())
                .isEqualTo(
                        """
                        update   019aaaaa-2222-7000-8000-00000000bbbb
                        flow     silver.account_move (update)
                        table    silver.account_move, still version 6
                        started  2026-11-22 18:00:00, took 1.3 s
                        rows     12 read, 0 written, 1 dropped
                        expect   known_state of account_move_changes: 11 passed, 1 failed (drop row)
                        expect   has_company: 9 passed, 2 failed (warn)
                        state    FAILED  EXPECTATION_FAILED
                                 known_state failed for 1 of 12 rows.
                                 Mend the rows.
                        """);
    }

    @Test
    void aPublicationIsShownWithTheVersionThatItRead() {
        assertThat(runs("runs", "show", PUBLICATION).out())
                .contains("flow     supabase.reporting.monthly_revenue (publish)\n"
                        + "table    gold.monthly_revenue, of version 3\n");
    }

    @Test
    void programsGetOneDocument() {
        assertThat(runs("runs", "show", "bbbb", "--format", "json").out())
                .isEqualTo("{\"update\":\"019aaaaa-2222-7000-8000-00000000bbbb\",\"started\":\"2026-11-22T10:00:00Z\","
                        + "\"what\":\"update\",\"flow\":\"silver.account_move\",\"table\":\"silver.account_move\","
                        + "\"version\":null,\"status\":\"FAILED\",\"rowsIn\":12,\"kept\":0,\"dropped\":1,"
                        + "\"bytesWritten\":0,\"bytesFetched\":0,\"seconds\":1.25,\"expectations\":[{\"name\":"
                        + "\"known_state\",\"dataset\":\"account_move_changes\",\"onViolation\":\"DROP_ROW\","
                        + "\"passed\":11,\"failed\":1},{\"name\":\"has_company\",\"dataset\":\"silver.account_move\","
                        + "\"onViolation\":\"WARN\",\"passed\":9,\"failed\":2}],\"failure\":{\"code\":"
                        + "\"EXPECTATION_FAILED\",\"what\":\"known_state failed for 1 of 12 rows.\",\"mend\":"
                        + "\"Mend the rows.\"}}\n");
    }

    @Test
    void anUnknownIdIsRefused() {
        TarnRun run = runs("runs", "show", "019aaaac");

        assertThat(run.err())
                .isEqualTo(
                        """
                        USAGE  No update of this lake has an id that begins or ends with 019aaaac.
                            See the ids with tarn runs; --since 30d looks further back.
                        """);
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void anIdThatSeveralUpdatesHaveIsRefusedWithTheNewestOfThem() {
        TarnRun run = runs("runs", "show", "aaaa");

        assertThat(run.err())
                .isEqualTo(
                        """
                        USAGE  The ids of 2 updates of this lake begin or end with aaaa.
                            Give more of one of them: 019aaaab-3333-7000-8000-00000000aaaa, 019aaaaa-1111-7000-8000-00000000aaaa.
                        """);
        assertThat(run.exitCode()).isEqualTo(2);
    }
}
