package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tarn.engine.storage.Fault;
import dev.tarn.engine.storage.Fault.Moment;
import dev.tarn.engine.storage.Faults;
import dev.tarn.engine.storage.FaultyStorage;
import dev.tarn.engine.storage.StorageCall.Operation;
import dev.tarn.engine.storage.StoredFile;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableLogCareTest extends DeltaFixture {

    private static final String LOG = NAME.path() + "/_delta_log";
    private static final String ROWS = "SELECT range::BIGINT AS id FROM range(50)";

    private void createTable(String... properties) {
        Map<String, String> all = new HashMap<>(Map.of("delta.checkpointInterval", "5"));
        for (int i = 0; i < properties.length; i += 2) {
            all.put(properties[i], properties[i + 1]);
        }
        table.create(new TableDefinition(session.describe(ROWS), List.of(), "", all));
    }

    private void appendMany(int commits) {
        for (int i = 0; i < commits; i++) {
            append(ROWS);
        }
    }

    private List<String> log() throws IOException {
        return storage.list(LOG, "").stream().map(StoredFile::name).toList();
    }

    private static String name(long version, String rest) {
        return String.format("%020d.%s", version, rest);
    }

    /** Sets the time of everything that the log has so far. */
    private void age(Duration age) throws IOException {
        for (StoredFile file : storage.list(LOG, "")) {
            Path path = folder.resolve("lake").resolve(file.path());
            Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(age)));
        }
    }

    private void replaceClock(Clock clock) {
        tables = new DeltaTables(storage, duckDb, clock);
        table = tables.table(NAME);
    }

    @Test
    void everySoManyCommitsThereIsACheckpointWithItsChecksum() throws Exception {
        createTable("delta.enableDeletionVectors", "true", "delta.enableInCommitTimestamps", "true");
        appendMany(3);
        tables = new DeltaTables(
                storage, duckDb, Clock.systemUTC(), new WritePolicy(0, 1, 0.2, new Retries(3, Pause.real())));
        table = tables.table(NAME);
        table.run(
                CommitRequest.ofWork(CompactionTest.newUpdate(), "DELETE", Map.of()),
                base -> table.delete(session, base, RowFilter.matching("id = 7 AND random() < 2")));
        appendMany(6);

        assertThat(log())
                .filteredOn(name -> !name.endsWith(".json"))
                .containsExactly(
                        name(5, "checkpoint.parquet"),
                        name(5, "crc"),
                        name(10, "checkpoint.parquet"),
                        name(10, "crc"),
                        "_last_checkpoint");
        JsonNode checksum = new ObjectMapper().readTree(storage.read(LOG + "/" + name(10, "crc")));
        TableSnapshot newest = newest();
        assertThat(checksum.path("numFiles").asLong()).isEqualTo(9);
        assertThat(checksum.path("tableSizeBytes").asLong())
                .isEqualTo(newest.files().stream().mapToLong(DataFile::size).sum());
        assertThat(checksum.path("numDeletionVectorsOpt").asLong()).isEqualTo(3);
        assertThat(checksum.path("numDeletedRecordsOpt").asLong()).isEqualTo(3);
        assertThat(checksum.path("inCommitTimestampOpt").asLong())
                .isEqualTo(newest.timestamp().toEpochMilli());
        assertThat(checksum.path("metadata").path("id").asText()).isEqualTo(newest.tableId());
        assertThat(checksum.path("domainMetadata").get(0).path("domain").asText())
                .isEqualTo("tarn.flow.silver.invoice");
    }

    @Test
    void aWrongChecksumChangesNothing() throws Exception {
        createTable();
        appendMany(5);
        String path = LOG + "/" + name(5, "crc");
        String checksum = new String(storage.read(path), StandardCharsets.UTF_8);
        for (String wrong :
                List.of("", "{", "[]", checksum.replace("\\\"name\\\":\\\"id\\\"", "\\\"name\\\":\\\"other\\\""))) {
            assertThat(wrong).isNotEqualTo(checksum);
            storage.put(path, wrong.getBytes(StandardCharsets.UTF_8));
            replaceClock(Clock.systemUTC());

            assertThat(newest().schema().names()).containsExactly("id");
            assertThat(rows(newest().scan(session))).hasSize(250);
        }
        storage.delete(path);
        replaceClock(Clock.systemUTC());
        appendMany(5);

        assertThat(newest().numRecords()).isEqualTo(500);
        assertThat(log()).contains(name(10, "crc")).doesNotContain(name(5, "crc"));
    }

    @Test
    void whatFailsBesideACommitIsLeftToTheNextOne() throws Exception {
        createTable();
        appendMany(4);
        FaultyStorage faulty = new FaultyStorage(
                storage,
                Faults.every(Faults.calls(Operation.PUT_FILE, ".*checkpoint.*"), new Fault.Fail(Moment.BEFORE))
                        .or(Faults.every(
                                Faults.calls(Operation.PUT_IF_ABSENT, ".*crc"), new Fault.Fail(Moment.BEFORE))));
        DeltaTable own = new DeltaTables(faulty, duckDb, Clock.systemUTC()).table(NAME);

        assertThat(own.commit(own.append(session, own.snapshot().orElseThrow(), ROWS), request(4)))
                .isEqualTo(new Commit.Committed(5));
        assertThat(faulty.injected()).hasSize(2);
        assertThat(log()).noneMatch(name -> name.contains("checkpoint") || name.endsWith("crc"));

        appendMany(5);
        assertThat(log()).contains(name(10, "checkpoint.parquet"), name(10, "crc"));
    }

    @Test
    void commitsGoWhenTheirTimeIsOverButNotWhatTheOldestVersionNeeds() throws Exception {
        createTable();
        appendMany(12);
        age(Duration.ofDays(31));
        appendMany(3);

        assertThat(log())
                .containsExactly(
                        name(10, "checkpoint.parquet"),
                        name(10, "crc"),
                        name(10, "json"),
                        name(11, "json"),
                        name(12, "json"),
                        name(13, "json"),
                        name(14, "json"),
                        name(15, "checkpoint.parquet"),
                        name(15, "crc"),
                        name(15, "json"),
                        "_last_checkpoint");
        for (long version = 10; version <= 15; version++) {
            assertThat(rows(table.snapshotAt(version).scan(session))).hasSize((int) version * 50);
        }
        assertThatThrownBy(() -> table.snapshotAt(9))
                .isInstanceOf(TarnException.class)
                .hasMessage("TABLE_NOT_FOUND  silver.invoice has no version 9.\n    Ask for one that its log can"
                        + " give: versions 10 to 15.");
    }

    @Test
    void whatTheTablePromisesCountsAndNotAClockThatIsAhead() throws Exception {
        createTable("delta.logRetentionDuration", "interval 2 days");
        appendMany(9);
        replaceClock(Clock.offset(Clock.systemUTC(), Duration.ofDays(3)));
        appendMany(1);
        assertThat(log()).contains(name(0, "json"), name(5, "checkpoint.parquet"));

        age(Duration.ofHours(49));
        replaceClock(Clock.systemUTC());
        appendMany(5);
        assertThat(log()).doesNotContain(name(0, "json"), name(5, "crc")).contains(name(10, "checkpoint.parquet"));
        assertThat(newest().numRecords()).isEqualTo(750);
    }

    @Test
    void aTableThatKeepsItsLogKeepsAllOfIt() throws Exception {
        createTable("delta.enableExpiredLogCleanup", "false");
        appendMany(12);
        age(Duration.ofDays(400));
        appendMany(3);

        assertThat(log()).filteredOn(name -> name.endsWith(".json")).hasSize(16);
        assertThat(log()).contains(name(5, "checkpoint.parquet"), name(5, "crc"));
    }

    @Test
    void whatOthersLeftOfOldVersionsGoesToo() throws Exception {
        createTable();
        appendMany(12);
        String compacted = String.format("%020d.%020d.compacted.json", 1, 4);
        storage.put(LOG + "/" + compacted, storage.read(LOG + "/" + name(1, "json")));
        storage.put(LOG + "/" + name(7, "checkpoint.0000000001.0000000002.parquet"), new byte[] {1});
        age(Duration.ofDays(31));
        appendMany(3);

        assertThat(log())
                .doesNotContain(compacted, name(7, "checkpoint.0000000001.0000000002.parquet"), name(5, "crc"));
        assertThat(newest().numRecords()).isEqualTo(750);
    }

    @Test
    void checkpointsRememberRemovedFilesForAsLongAsTheyAreKept() throws Exception {
        createTable();
        appendMany(1);
        replace("SELECT id + 1000 AS id FROM (" + ROWS + ")");
        appendMany(8);

        assertThat(removedIn(10)).isEqualTo(1);
        replaceClock(Clock.offset(Clock.systemUTC(), Duration.ofDays(6)));
        appendMany(5);
        assertThat(removedIn(15)).as("after six days").isEqualTo(1);
        replaceClock(Clock.offset(Clock.systemUTC(), Duration.ofDays(8)));
        appendMany(5);
        assertThat(removedIn(20)).as("after eight days").isZero();
    }

    private long removedIn(long checkpoint) {
        Path file = folder.resolve("lake").resolve(LOG).resolve(name(checkpoint, "checkpoint.parquet"));
        return session.query(
                        "SELECT count(*) FROM read_parquet('" + file + "') WHERE \"remove\" IS NOT NULL",
                        row -> row.getLong(1))
                .get(0);
    }
}
