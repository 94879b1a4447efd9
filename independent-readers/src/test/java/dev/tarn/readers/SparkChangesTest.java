package dev.tarn.readers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.delta.Commit;
import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.DeltaTables;
import dev.tarn.engine.delta.EagerVectors;
import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.delta.Merge;
import dev.tarn.engine.delta.NewColumns;
import dev.tarn.engine.delta.RowFilter;
import dev.tarn.engine.delta.TableChange;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.TableName;
import dev.tarn.model.UpdateId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The change feed of one table, told by Spark and by Tarn: row by row, with kind, version and moment. */
@Tag("full")
@ExtendWith(SharedReaders.class)
class SparkChangesTest {

    private static final TableName TABLE = TableName.parse("silver.changing");
    private static final Budget BUDGET = new Budget(256L << 20, 256L << 20, 256L << 20, 256L << 20, 256L << 20, 2);
    private static final String ROWS =
            """
            SELECT range AS id, 'p ' || range %% 3 || '/=%%' AS p, (range * 1.25)::DECIMAL(9,2) AS amount,
            TIMESTAMPTZ '2026-01-01 00:00:00+00' + INTERVAL (range) MINUTE AS seen, {'net': range::INTEGER} AS detail,
            [{'k': 'a' || range}] AS lines FROM range(%d, %d)""";

    @TempDir
    private Path folder;

    private SparkReader spark;
    private DuckDb duckDb;
    private Session session;
    private Storage storage;
    private DeltaTable table;
    private TarnReader tarn;

    @BeforeEach
    void open(SparkReader sharedSpark) throws IOException {
        spark = sharedSpark;
        storage = new LocalStorage(Files.createDirectory(folder.resolve("lake")));
        duckDb = DuckDb.open(BUDGET, folder.resolve("workspace"));
        session = duckDb.session();
        write(new DeltaTables(storage, duckDb, Clock.systemUTC()));
    }

    private void write(DeltaTables tables) {
        table = tables.table(TABLE);
        tarn = new TarnReader(tables, duckDb);
    }

    @AfterEach
    void close() {
        session.close();
        duckDb.close();
    }

    private Path place() {
        return folder.resolve("lake").resolve(TABLE.path()).toAbsolutePath();
    }

    private TableSnapshot newest() {
        return table.snapshot().orElseThrow();
    }

    private void commit(TableChange change) {
        long number = newest().version();
        CommitRequest request = CommitRequest.ofFlow(
                "changing",
                number,
                new FlowProgress("plan", List.of()),
                UpdateId.parse("01980000-0000-7000-8000-%012d".formatted(number)),
                "WRITE",
                Map.of(),
                Map.of());
        assertThat(table.commit(change, request)).isInstanceOf(Commit.Committed.class);
    }

    /** All changes, and those of some of the versions: columns are those of the newest, for Spark as for Tarn. */
    private void assertBothTellTheSame() {
        long last = newest().version();
        for (long from : new long[] {0, last - 2}) {
            TableContent theirs = spark.changes(place(), from, last);
            TableContent ours = tarn.changes(TABLE, from, last);
            assertThat(ours.columns()).isEqualTo(theirs.columns());
            assertThat(ours.rows()).as("from version " + from).isEqualTo(theirs.rows());
            assertThat(theirs.rows()).isNotEmpty();
        }
        assertThat(tarn.read(TABLE, OptionalLong.empty())).isEqualTo(spark.read(place(), OptionalLong.empty()));
    }

    private boolean someVector() throws IOException {
        try (Stream<Path> files = Files.list(place())) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith("deletion_vector"));
        }
    }

    private static String rows(int from, int to) {
        return ROWS.formatted(from, to);
    }

    @ParameterizedTest
    @CsvSource({"false,p", "true,''", "true,p"})
    void sparkReadsTheChangesThatTarnWrites(boolean vectors, String partition) throws IOException {
        if (vectors) {
            write(EagerVectors.tables(storage, duckDb));
        }
        Map<String, String> properties =
                new HashMap<>(Map.of("delta.enableChangeDataFeed", "true", "delta.enableDeletionVectors", "true"));
        if (!partition.isEmpty()) {
            properties.put("delta.enableInCommitTimestamps", "true");
        }
        table.create(new TableDefinition(
                session.describe(rows(0, 1)), partition.isEmpty() ? List.of() : List.of(partition), "", properties));
        commit(table.append(session, newest(), rows(0, 60)));
        commit(table.merge(
                session,
                newest(),
                Merge.upsert(
                                List.of("id"),
                                "SELECT id, p, (amount + 1)::DECIMAL(9,2) AS amount, id % 10 = 5 AS gone FROM ("
                                        + rows(50, 70) + ") UNION ALL SELECT 7::BIGINT, 'p 0/=%', NULL, false")
                        .deletingWhen("s.gone", "gone")));
        commit(table.delete(session, newest(), new RowFilter("id IN (3, 4) OR amount > 80", Map.of())));
        commit(table.delete(session, newest(), new RowFilter("id = 5", Map.of())));
        String kept = "SELECT * FROM " + newest().scan(session);
        commit(table.replace(
                session, newest(), kept + " WHERE id <> 8 UNION ALL " + rows(8, 9) + " UNION ALL " + rows(100, 102)));
        commit(table.replace(session, newest(), "SELECT * FROM (" + kept + ") WHERE id > 20"));
        commit(table.replaceWhere(session, newest(), new RowFilter("id BETWEEN 30 AND 40", Map.of()), rows(35, 37)));
        commit(table.addColumns(
                newest(),
                session.describe("SELECT * REPLACE ({'net': 1::INTEGER, 'at': TIMESTAMP '2026-01-01 00:00:00'} AS"
                        + " detail, [{'k': 'a', 'm': MAP {'x': 1}}] AS lines) FROM (" + rows(0, 1) + ")")));
        commit(table.merge(
                session,
                newest(),
                Merge.upsert(
                                List.of("id"),
                                "SELECT id, 'new' AS note, {'at': TIMESTAMP '2026-02-01 10:00:00.000001', 'net': 5::INTEGER}"
                                        + " AS detail FROM (" + rows(22, 26) + ")")
                        .addingColumns()));
        commit(table.append(
                session, newest(), "SELECT *, 1 AS more FROM " + newest().scan(session) + " LIMIT 2", NewColumns.ADD));

        assertThat(newest().version()).isEqualTo(10);
        assertThat(someVector()).isEqualTo(vectors);
        assertBothTellTheSame();
        assertThat(new KernelReader().read(place(), OptionalLong.empty()))
                .isEqualTo(tarn.read(TABLE, OptionalLong.empty()));
    }

    private void run(String... statements) {
        for (String statement : statements) {
            spark.run(statement.replace("$t", "delta.`" + place() + "`"));
        }
    }

    @ParameterizedTest
    @CsvSource({"false,''", "true,''", "true,PARTITIONED BY (p)"})
    void tarnReadsTheChangesThatSparkWrites(boolean vectors, String partitioned) throws IOException {
        spark.set("spark.sql.parquet.outputTimestampType", vectors ? "INT96" : "TIMESTAMP_MICROS");
        run(
                "CREATE TABLE $t (id BIGINT, p STRING, amount DECIMAL(9,2), seen TIMESTAMP, detail STRUCT<net: INT>)"
                        + " USING delta " + partitioned + " TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true',"
                        + " 'delta.enableDeletionVectors' = '" + vectors + "')",
                "INSERT INTO $t SELECT id, concat('p ', id % 3, '/=%'), id * 1.25, timestamp_seconds(id * 1000000),"
                        + " named_struct('net', int(id)) FROM range(0, 60, 1, 2)",
                "DELETE FROM $t WHERE id IN (1, 2, 40)",
                "DELETE FROM $t WHERE id = 3",
                "UPDATE $t SET amount = amount + 1, p = CASE WHEN id = 4 THEN NULL ELSE p END WHERE id < 10",
                "MERGE INTO $t t USING (SELECT id, 'p 1/=%' AS p, seen FROM (SELECT id, timestamp_seconds(5) AS seen FROM"
                        + " range(8, 12) UNION ALL SELECT 100, NULL)) s ON t.id = s.id WHEN MATCHED AND s.id = 8 THEN DELETE"
                        + " WHEN MATCHED THEN UPDATE SET seen = s.seen WHEN NOT MATCHED THEN INSERT (id, p) VALUES (s.id, s.p)",
                "MERGE INTO $t t USING (SELECT 9999L AS id) s ON t.id = s.id WHEN MATCHED THEN DELETE",
                "OPTIMIZE $t",
                "DELETE FROM $t WHERE id = 20 OR id = 21",
                "DELETE FROM $t WHERE id = 22",
                "RESTORE TABLE $t TO VERSION AS OF 3",
                "RESTORE TABLE $t TO VERSION AS OF 2",
                "ALTER TABLE $t ADD COLUMNS (note STRING, detail.tax INT)",
                "INSERT INTO $t (id, p, note) VALUES (200, 'x', 'new')",
                "UPDATE $t SET note = 'seen', detail = named_struct('net', 1, 'tax', 2) WHERE id = 10",
                "DELETE FROM $t WHERE id > 30",
                "INSERT OVERWRITE $t SELECT * FROM $t VERSION AS OF 14 WHERE id < 5");
        spark.set("spark.sql.parquet.outputTimestampType", "");

        assertThat(someVector()).isEqualTo(vectors);
        assertBothTellTheSame();
    }

    @Test
    void bothFindTheSameVersionOfAMoment() {
        run("CREATE TABLE $t USING delta AS SELECT 1L AS id", "INSERT INTO $t VALUES (2)", "INSERT INTO $t VALUES (3)");
        for (long version = 0; version <= newest().version(); version++) {
            Instant moment = table.snapshotAt(version).timestamp();

            assertThat(tarn.readAsOf(TABLE, moment)).isEqualTo(spark.readAsOf(place(), moment.toString()));
            assertThat(tarn.readAsOf(TABLE, moment).rows()).hasSize((int) version + 1);
        }
    }
}
