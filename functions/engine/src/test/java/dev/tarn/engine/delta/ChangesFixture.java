package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.Sql;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tables that keep their changes. */
abstract class ChangesFixture extends DeltaFixture {

    static final Map<String, String> KEPT =
            Map.of("delta.enableChangeDataFeed", "true", "delta.enableDeletionVectors", "true");

    void createKeeping(String sql, String... partitionBy) {
        createWith(sql, KEPT, partitionBy);
    }

    void createWith(String sql, Map<String, String> properties, String... partitionBy) {
        table.create(new TableDefinition(session.describe(sql), List.of(partitionBy), "", new HashMap<>(properties)));
    }

    /** Deletion vectors in files of any size, where little of them changes. */
    void preferVectors() {
        tables = new DeltaTables(
                storage, duckDb, Clock.systemUTC(), new WritePolicy(0, 0.9, 0.9, Retries.usual(Pause.real())));
        table = tables.table(NAME);
    }

    Commit merge(Merge merge) {
        return commit(table.merge(session, newest(), merge));
    }

    Commit delete(String condition) {
        return commit(table.delete(session, newest(), new RowFilter(condition, Map.of())));
    }

    Commit commit(TableChange change) {
        return table.commit(change, request(newest().updateNumber(FLOW).orElse(-1) + 1));
    }

    String changes(long from, long to) {
        return table.changes(
                session, from, to, () -> Set.copyOf(newest().schema().names()));
    }

    /** The changed rows without the time, ordered. */
    List<String> changed(long from, long to) {
        return rows("(SELECT * EXCLUDE (_commit_timestamp) FROM " + changes(from, to) + ")");
    }

    /** Each version's changes are what the version differs in from the one before. */
    void assertChangesExplainEveryVersion() {
        for (long version = 1; version <= newest().version(); version++) {
            String before = known(table.snapshotAt(version - 1), version);
            String gone = "SELECT * EXCLUDE (_change_type, _commit_version, _commit_timestamp) FROM "
                    + changes(version, version) + " WHERE _change_type IN ";
            assertThat(rows("(SELECT * FROM " + before + " EXCEPT ALL (" + gone
                            + "('delete', 'update_preimage')) UNION ALL (" + gone
                            + "('insert', 'update_postimage')))"))
                    .as("version " + version)
                    .isEqualTo(rows(table.snapshotAt(version).scan(session)));
        }
    }

    /** The rows with the columns that the table has in {@code version}. */
    private String known(TableSnapshot snapshot, long version) {
        return "(SELECT * FROM " + table.snapshotAt(version).scan(session)
                + " WHERE false UNION ALL BY NAME SELECT * FROM " + snapshot.scan(session) + ")";
    }

    /** Puts a file into the table's folder and answers its size. */
    long file(String name, String sql) throws Exception {
        Path file = session.newFile(".parquet");
        session.execute("COPY (" + sql + ") TO " + Sql.literal(file.toString()) + " (FORMAT parquet)");
        long size = Files.size(file);
        storage.putFile(NAME.path() + "/" + name, file);
        return size;
    }

    /** Writes a commit as another writer would. */
    void commitLines(long version, String... actions) throws Exception {
        storage.putIfAbsent(logFile(version), String.join("\n", actions).getBytes(StandardCharsets.UTF_8));
    }

    static String logFile(long version) {
        return NAME.path() + "/_delta_log/" + "%020d.json".formatted(version);
    }

    String logText(long version) throws Exception {
        return new String(storage.read(logFile(version)), StandardCharsets.UTF_8);
    }

    /** Commits the table's definition anew, with one text in it replaced. */
    void redefine(String what, String by) throws Exception {
        long version = newest().version();
        String metadata = "";
        for (long at = 0; at <= version; at++) {
            metadata = logText(at)
                    .lines()
                    .filter(line -> line.startsWith("{\"metaData\""))
                    .findFirst()
                    .orElse(metadata);
        }
        assertThat(metadata).contains(what);
        commitLines(version + 1, metadata.replace(what, by));
    }
}
