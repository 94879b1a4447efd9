package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.Sql;
import dev.tarn.model.TableName;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Logs that something else than Tarn has damaged: refused by file and version, or read without what is not needed. */
class DamagedLogTest extends DamagedTable {

    @Test
    void aGapIsNamedWithTheVersionsBeforeIt() throws Exception {
        fill(3);
        Files.delete(file(commit(2)));

        String message = "LAKE_DAMAGED  Version 3 of silver.invoice cannot be read: version 2 is missing from its log,"
                + " as there is no silver/invoice/_delta_log/00000000000000000002.json.\n"
                + "    Restore the file from a backup; versions 0 to 1 can still be read.";
        assertRefused(this::readCold, message);
        assertRefused(() -> cold().snapshotAt(3), message);
        assertRefused(() -> append("SELECT 9 AS id, 'x' AS name"), message);
        assertThat(rows(cold().snapshotAt(1).scan(session))).containsExactly("1, secret");
    }

    @Test
    void aLogWithoutItsBeginningIsNamed() throws Exception {
        fill(2);
        Files.delete(file(commit(0)));

        assertRefused(
                this::readCold,
                "LAKE_DAMAGED  Version 2 of silver.invoice cannot be read: version 0 is missing from its log, as there"
                        + " is no silver/invoice/_delta_log/00000000000000000000.json." + RESTORE);
    }

    @Test
    void aCommitThatIsNoJsonIsNamed() throws Exception {
        fill(3);
        Files.writeString(file(commit(2)), "{\"commitInfo\":{}}\nsecret\n");

        String message = "LAKE_DAMAGED  Version 2 of silver.invoice cannot be read:"
                + " silver/invoice/_delta_log/00000000000000000002.json is not the JSON of a log in line 2.\n"
                + "    Restore the file from a backup; versions before 2 can still be read.";
        assertRefused(this::readCold, message);
        assertRefused(this::newest, message);
        assertThat(cold().snapshotAt(1).numRecords()).isEqualTo(1);
    }

    @Test
    void aCommitWhoseLinesAreNoActionsIsNamed() throws Exception {
        fill(1);
        for (String line : new String[] {"[1, 2]", "{\"add\":7}", "{\"add\":{\"path\":\"x\",\"size\":\"secret\"}}"}) {
            Files.writeString(file(commit(1)), line + "\n");

            assertRefused(
                    this::readCold,
                    "LAKE_DAMAGED  Version 1 of silver.invoice cannot be read:"
                            + " silver/invoice/_delta_log/00000000000000000001.json is not the JSON of a log in line 1.\n"
                            + "    Restore the file from a backup; versions before 1 can still be read.");
        }
    }

    @Test
    void aCommitThatWasCutOffIsNamed() throws Exception {
        fill(2);
        cut(commit(2), 0.95);

        String message = "LAKE_DAMAGED  Version 2 of silver.invoice cannot be read:"
                + " silver/invoice/_delta_log/00000000000000000002.json ends in the middle of line 4.\n"
                + "    Restore the file from a backup; versions before 2 can still be read.";
        assertRefused(this::readCold, message);
        assertRefused(() -> added(cold().snapshot().orElseThrow(), 0), message);
    }

    @Test
    void anEmptyCommitIsNotTakenForOneWithoutRows() throws Exception {
        fill(3);
        Files.write(file(commit(3)), new byte[0]);

        assertRefused(
                this::readCold,
                "LAKE_DAMAGED  Version 3 of silver.invoice cannot be read:"
                        + " silver/invoice/_delta_log/00000000000000000003.json is empty.\n"
                        + "    Restore the file from a backup; versions before 3 can still be read.");

        Files.write(file(commit(0)), new byte[0]);
        assertRefused(
                () -> cold().snapshotAt(0),
                "LAKE_DAMAGED  Version 0 of silver.invoice cannot be read:"
                        + " silver/invoice/_delta_log/00000000000000000000.json is empty." + RESTORE);
    }

    @Test
    void aLogWithoutProtocolIsRefused() throws Exception {
        fill(1);
        Files.writeString(file(commit(0)), "{\"commitInfo\":{}}\n");

        assertRefused(
                this::readCold,
                "LAKE_DAMAGED  The log of silver.invoice cannot be read: No protocol found at version 1.\n"
                        + "    Restore the files of silver/invoice/_delta_log from a backup.");
    }

    @Test
    void aTruncatedCheckpointIsReadPastWhenItsCommitsAreThere() throws Exception {
        fill(12);
        cut(checkpoint(10), 0.5);

        DeltaTable cold = cold();
        assertThat(rows(cold.snapshot().orElseThrow().scan(session))).hasSize(12);
        assertThat(rows(cold.snapshotAt(11).scan(session))).hasSize(11);
        append("SELECT 13 AS id, 'x' AS name");
        assertThat(rows(cold.snapshot().orElseThrow().scan(session))).hasSize(13);
    }

    @Test
    void aTruncatedCheckpointIsReadPastFromAnEarlierOne() throws Exception {
        fill(22);
        for (long version = 0; version < 10; version++) {
            Files.delete(file(commit(version)));
        }
        cut(checkpoint(20), 0.5);

        assertThat(readCold()).hasSize(22);
    }

    @Test
    void aCheckpointThatIsReadOnlyLaterIsReadPast() throws Exception {
        fill(9);
        DeltaTable warm = cold();
        warm.snapshot().orElseThrow();
        append("SELECT 10 AS id, 'x' AS name");
        append("SELECT 11 AS id, 'x' AS name");
        TableSnapshot loaded = warm.snapshot().orElseThrow();
        Files.write(
                file(checkpoint(10)),
                "no checkpoint, and long enough to look like one".repeat(9).getBytes());

        assertThat(rows(loaded.scan(session))).hasSize(11);
    }

    @Test
    void aTruncatedCheckpointIsNamedWhenItsCommitsAreGone() throws Exception {
        fill(12);
        Files.copy(file(checkpoint(10)), folder.resolve("backup"));
        Files.delete(file(commit(4)));
        cut(checkpoint(10), 0.5);

        DeltaTable cold = cold();
        for (int again = 0; again < 2; again++) {
            assertRefused(
                    cold::snapshot,
                    "LAKE_DAMAGED  The checkpoint of version 10 of silver.invoice cannot be read:"
                            + " silver/invoice/_delta_log/00000000000000000010.checkpoint.parquet is no whole Parquet"
                            + " file (Invalid Input Error)." + RESTORE);
        }

        Files.delete(file(checkpoint(10)));
        Files.copy(folder.resolve("backup"), file(checkpoint(10)));
        assertThat(rows(cold.snapshot().orElseThrow().scan(session))).hasSize(12);
    }

    @Test
    void aParquetFileThatIsNoCheckpointIsRefused() throws Exception {
        fill(12);
        Files.delete(file(checkpoint(10)));
        session.execute(
                "COPY (SELECT 1 AS id) TO " + Sql.literal(file(checkpoint(10)).toString()) + " (FORMAT parquet)");

        assertRefused(
                this::readCold,
                "LAKE_DAMAGED  The log of silver.invoice cannot be read: No protocol found at version 12.\n"
                        + "    Restore the files of silver/invoice/_delta_log from a backup.");
    }

    @Test
    void thePointerToTheCheckpointIsNoMoreThanAHint() throws Exception {
        fill(12);
        String pointer = LOG + "_last_checkpoint";
        for (String content :
                new String[] {"secret", "", "{\"version\":99,\"size\":3}", "{\"version\":5,\"size\":3}"}) {
            Files.writeString(file(pointer), content, StandardOpenOption.TRUNCATE_EXISTING);
            long began = System.nanoTime();

            assertThat(readCold()).as(content).hasSize(12);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).as(content).isLessThan(Duration.ofSeconds(1));
        }
        Files.delete(file(checkpoint(10)));
        assertThat(readCold()).hasSize(12);
    }

    @Test
    void aChecksumThatIsNoneIsReadPast() throws Exception {
        fill(2);
        Files.writeString(file(LOG + "00000000000000000002.crc"), "secret");

        assertThat(readCold()).hasSize(2);
    }

    @Test
    void aVersionThatIsNotThereIsRefusedWithThoseThatAre() throws Exception {
        fill(12);
        LongStream.of(13, 99, -1)
                .forEach(version -> assertRefused(
                        () -> table.snapshotAt(version),
                        "TABLE_NOT_FOUND  silver.invoice has no version " + version + ".\n"
                                + "    Ask for one that its log can give: versions 0 to 12."));

        for (long version = 0; version < 10; version++) {
            Files.delete(file(commit(version)));
        }
        LongStream.of(0, 9, 13)
                .forEach(version -> assertRefused(
                        () -> table.snapshotAt(version),
                        "TABLE_NOT_FOUND  silver.invoice has no version " + version + ".\n"
                                + "    Ask for one that its log can give: versions 10 to 12."));
        assertThat(table.snapshotAt(10).numRecords()).isEqualTo(10);
    }

    @Test
    void aVersionOfATableThatIsNotThereIsRefused() {
        assertRefused(
                () -> tables.table(TableName.parse("gold.absent")).snapshotAt(1),
                "TABLE_NOT_FOUND  gold.absent does not exist: there is no log in gold/absent/_delta_log.\n"
                        + "    Run the flow that fills it, or correct the name.");
    }
}
