package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.TarnException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimeTravelTest extends ChangesFixture {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** Makes the commits a minute apart. */
    private void commits(int commits) throws Exception {
        create("SELECT 1::BIGINT AS id");
        for (int i = 1; i < commits; i++) {
            append("SELECT " + i + "::BIGINT AS id");
        }
        for (int i = 0; i < commits; i++) {
            made(i, START.plusSeconds(60L * i));
        }
    }

    private void made(long version, Instant moment) throws Exception {
        Path file = folder.resolve("lake").resolve(logFile(version));
        Files.setLastModifiedTime(file, FileTime.from(moment));
        // What was listed before is known by the moment it had then.
        tables = new DeltaTables(storage, duckDb, Clock.systemUTC());
        table = tables.table(NAME);
    }

    private long versionAt(Instant moment) {
        return table.snapshotAt(moment).version();
    }

    private void assertRefused(Instant moment, String what, String mend) {
        assertThatThrownBy(() -> table.snapshotAt(moment))
                .isInstanceOf(TarnException.class)
                .hasMessage("TABLE_NOT_FOUND  silver.invoice has no version of " + moment + what + "\n    " + mend);
    }

    @Test
    void aMomentHasTheLastVersionBeforeIt() throws Exception {
        commits(4);

        assertThat(versionAt(START)).isZero();
        assertThat(versionAt(START.plusSeconds(59))).isZero();
        assertThat(versionAt(START.plusSeconds(60))).isEqualTo(1);
        assertThat(versionAt(START.plusSeconds(179))).isEqualTo(2);
        assertThat(versionAt(START.plusSeconds(180).plusNanos(999_999))).isEqualTo(3);
        assertThat(rows(table.snapshotAt(START.plusSeconds(100)).scan(session))).containsExactly("1");
    }

    @Test
    void momentsOutsideOfTheLogAreRefused() throws Exception {
        commits(3);

        assertRefused(
                START.minusMillis(1),
                ": the first that can be read is version 0, of 2026-01-01T00:00:00Z.",
                "Ask for a moment from 2026-01-01T00:00:00Z to 2026-01-01T00:02:00Z, or for a version.");
        assertRefused(
                START.plusSeconds(121),
                " yet: the newest is version 2, of 2026-01-01T00:02:00Z.",
                "Ask for a moment up to 2026-01-01T00:02:00Z, or for the newest version.");
    }

    @Test
    void versionsThatAreGoneAreNotFound() throws Exception {
        commits(13);
        for (long version = 0; version < 5; version++) {
            storage.delete(logFile(version));
        }

        assertThat(versionAt(START.plusSeconds(660))).isEqualTo(11);
        assertRefused(
                START.plusSeconds(420),
                ": the first that can be read is version 10, of 2026-01-01T00:10:00Z.",
                "Ask for a moment from 2026-01-01T00:10:00Z to 2026-01-01T00:12:00Z, or for a version.");
    }

    @Test
    void aClockThatWentBackDoesNotBringVersionsOutOfOrder() throws Exception {
        commits(4);
        made(2, START.plusSeconds(30));

        assertThat(versionAt(START.plusSeconds(60))).isEqualTo(1);
        assertThat(versionAt(START.plusSeconds(60).plusMillis(1))).isEqualTo(2);
    }

    @Test
    void momentsInTheCommitsAreWhatCounts() throws Exception {
        createWith("SELECT 1::BIGINT AS id", Map.of("delta.enableInCommitTimestamps", "true"));
        for (int i = 0; i < 3; i++) {
            append("SELECT 1::BIGINT AS id");
            made(i, START);
        }

        for (long version = 0; version <= 3; version++) {
            assertThat(versionAt(table.snapshotAt(version).timestamp())).isEqualTo(version);
        }
        Instant first = table.snapshotAt(0).timestamp();
        Instant last = newest().timestamp();
        assertRefused(
                first.minusMillis(1),
                ": the first that can be read is version 0, of " + first + ".",
                "Ask for a moment from " + first + " to " + last + ", or for a version.");
        assertRefused(
                last.plusMillis(1),
                " yet: the newest is version 3, of " + last + ".",
                "Ask for a moment up to " + last + ", or for the newest version.");
    }

    @Test
    void aTableThatIsNotThereHasNoVersion() {
        assertThatThrownBy(() -> table.snapshotAt(START))
                .isInstanceOf(TarnException.class)
                .hasMessage("TABLE_NOT_FOUND  silver.invoice does not exist.\n    Name a table that is in the lake.");
    }
}
