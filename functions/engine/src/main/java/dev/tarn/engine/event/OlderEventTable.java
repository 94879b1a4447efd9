package dev.tarn.engine.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StoredFile;
import dev.tarn.model.DataType;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The table of the history as it was when origin, sequence and error were texts. A column's type cannot change, so the table
 * is made anew; its updates are kept in a file meanwhile.
 */
final class OlderEventTable {

    private static final String KEPT = "tarn/events/older_table";

    private final Lake lake;

    OlderEventTable(Lake lake) {
        this.lake = lake;
    }

    static boolean isOlder(TableSnapshot snapshot) {
        return snapshot.schema()
                .column("origin")
                .filter(origin -> origin.type() == DataType.Simple.STRING)
                .isPresent();
    }

    /** Its updates, each of which was a row. */
    static String updates(TableSnapshot snapshot, Session session) {
        return "SELECT details FROM " + snapshot.scan(session, () -> Set.of("id", "details")) + " ORDER BY id DESC";
    }

    /** Takes the table away; none is there afterwards. Its updates, none when there was no such table. */
    List<UpdateRecord> takeAway(Optional<TableSnapshot> older) throws IOException {
        Optional<List<UpdateRecord>> kept = kept();
        if (older.isEmpty()) {
            return kept.orElse(List.of());
        }
        if (kept.isEmpty()) {
            keep(older.get());
        }
        delete();
        return kept().orElseThrow();
    }

    /** Its updates are in the new table. */
    void forget() throws IOException {
        lake.storage().delete(KEPT);
    }

    private Optional<List<UpdateRecord>> kept() throws IOException {
        String lines;
        try {
            lines = new String(lake.storage().read(KEPT), UTF_8);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        return Optional.of(lines.lines()
                .map(line -> UpdateRecordJson.read(line.getBytes(UTF_8)))
                .toList());
    }

    private void keep(TableSnapshot older) throws IOException {
        List<String> lines;
        try (Session session = lake.duckDb().session()) {
            lines = session.query(
                    updates(older, session),
                    row -> new String(UpdateRecordJson.write(UpdateRecordJson.readDetails(row.getString(1))), UTF_8));
        }
        lake.storage().put(KEPT, String.join("\n", lines).getBytes(UTF_8));
    }

    /** The newest version first, its commit last, so that whoever looks meanwhile finds an older version of the table. */
    private void delete() throws IOException {
        Storage storage = lake.storage();
        List<StoredFile> log = new ArrayList<>(storage.list(EventLog.TABLE.path() + "/_delta_log", ""));
        log.sort(Comparator.comparing(OlderEventTable::version).reversed().thenComparing(file -> file.path()
                .endsWith(".json")));
        for (StoredFile file : log) {
            storage.delete(file.path());
        }
        for (StoredFile file : storage.list(EventLog.TABLE.path(), "")) {
            storage.delete(file.path());
        }
    }

    private static String version(StoredFile file) {
        String name = file.path().substring(file.path().lastIndexOf('/') + 1);
        return name.substring(0, Math.min(20, name.length()));
    }
}
