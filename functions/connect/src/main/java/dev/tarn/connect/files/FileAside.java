package dev.tarn.connect.files;

import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.NewColumns;
import dev.tarn.engine.delta.RowFilter;
import dev.tarn.engine.delta.TableChange;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.FileDrop;
import dev.tarn.model.Sql;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What of files cannot be read: files, and records of files that are read otherwise, in the table that keeps the rows of
 * flows aside, too. They are committed before the rows that are read; those of an attempt that never came to its own commit
 * are replaced by those of the attempt that does.
 */
final class FileAside {

    private static final String UPDATE = "_tarn_update";

    /** Of what is kept aside; the last three are those of every quarantine. */
    private static final List<Column> COLUMNS = List.of(
            FileDrop.FILE,
            FileDrop.FILE_MODIFIED,
            FileDrop.FILE_SIZE,
            new Column(
                    "_line", DataType.Simple.BIGINT, "Line from 1 in which the record begins; NULL for a whole file"),
            new Column("_column", DataType.Simple.STRING, "Column that is wrong; NULL where no single one is"),
            new Column("_reason", DataType.Simple.STRING, "Why it cannot be read"),
            new Column("_raw", DataType.Simple.STRING, "The record as it stands; NULL for a whole file"),
            new Column("_tarn_broken", new DataType.Array(DataType.Simple.STRING), "What is wrong, in a word"),
            new Column(UPDATE, DataType.Simple.BIGINT),
            new Column("_tarn_kept_at", DataType.Simple.TIMESTAMP));

    private static final String REASON =
            "CASE error_type WHEN 'MISSING COLUMNS' THEN 'it has fewer values than there are"
                    + " columns' WHEN 'TOO MANY COLUMNS' THEN 'it has more values than there are columns' WHEN 'UNQUOTED VALUE' THEN"
                    + " 'a quote is not closed, or something stands behind it' WHEN 'LINE SIZE OVER MAXIMUM' THEN 'it is too long'"
                    + " WHEN 'INVALID ENCODING' THEN 'it is not UTF-8' ELSE lower(error_type) END";

    private final Lake lake;
    private final TableName name;
    private final DeltaTable table;

    FileAside(Lake lake, FileDrop drop) {
        this.lake = lake;
        this.name = drop.target();
        this.table = lake.table(name.quarantine());
    }

    /** Makes the session's table {@code aside}, without a row. */
    static void begin(Session session) {
        session.execute("CREATE OR REPLACE TEMP TABLE aside (path VARCHAR, line BIGINT, col VARCHAR, reason VARCHAR,"
                + " raw VARCHAR, broken VARCHAR)");
    }

    /** Adds a file as a whole. */
    static void add(Session session, TakenFile file) {
        UnreadableFileException flaw = Optional.ofNullable(file.flaw()).orElseThrow();
        session.execute("INSERT INTO aside VALUES (" + Sql.literal(file.file().path()) + ", "
                + (flaw.line() == null ? "NULL" : flaw.line()) + ", NULL, " + Sql.literal(flaw.reason())
                + ", NULL, 'unreadable_file')");
    }

    private record Place(String local, long position) {}

    /** Adds what DuckDB could not read as records of the files. */
    static void addRejects(Session session, FileReading reading, int number) {
        String found =
                "(SELECT scan.file_path AS local, line_byte_position AS position, min_by(column_idx, column_idx) AS idx,"
                        + " coalesce(min_by(error_type, column_idx), min(error_type)) AS error_type, any_value(csv_line) AS raw FROM "
                        + CsvReadings.rejects(number)
                        + " AS reject JOIN " + CsvReadings.scans(number)
                        + " AS scan USING (scan_id, file_id) GROUP BY scan.file_path, line_byte_position)";
        List<Place> places = session.query(
                "SELECT local, position FROM " + found + " ORDER BY ALL",
                row -> new Place(row.getString(1), row.getLong(2)));
        if (places.isEmpty()) {
            return;
        }
        session.execute("CREATE OR REPLACE TEMP TABLE places (local VARCHAR, position BIGINT, line BIGINT)");
        SqlRows rows = new SqlRows(session, "places");
        for (TakenFile file : reading.files()) {
            String local = file.path().toString();
            List<Long> positions = places.stream()
                    .filter(place -> place.local().equals(local))
                    .map(Place::position)
                    .toList();
            List<Long> lines = positions.isEmpty() ? List.of() : LinePlaces.of(file.path(), positions);
            for (int at = 0; at < lines.size(); at++) {
                rows.add(Sql.literal(local) + ", " + positions.get(at) + ", " + lines.get(at));
            }
        }
        rows.flush();
        session.execute("CREATE OR REPLACE TEMP TABLE named (idx BIGINT, name VARCHAR)");
        SqlRows names = new SqlRows(session, "named");
        for (int at = 0; at < reading.values().size(); at++) {
            names.add((at + 1) + ", " + Sql.literal(reading.values().get(at).name()));
        }
        names.flush();
        session.execute("INSERT INTO aside SELECT taken.path, places.line, CASE WHEN error_type IN ('UNQUOTED VALUE',"
                + " 'INVALID ENCODING') THEN named.name END, " + REASON
                + ", ltrim(raw, chr(13) || chr(10)), replace(lower(error_type), ' ', '_') FROM "
                + found
                + " AS found JOIN places USING (local, position) JOIN taken ON taken.local = found.local LEFT JOIN"
                + " named ON named.idx = found.idx");
    }

    /** Adds lines of the files that are no objects of JSON. */
    static void addBroken(Session session, FileReading reading, List<FileReadings.Broken> broken) {
        SqlRows rows = new SqlRows(session, "aside");
        for (TakenFile file : broken.isEmpty() ? List.<TakenFile>of() : reading.files()) {
            Map<String, String> lines = broken.stream()
                    .filter(one -> one.local().equals(file.path().toString()))
                    .collect(Collectors.toMap(
                            FileReadings.Broken::line, FileReadings.Broken::reason, (first, second) -> first));
            if (!lines.isEmpty()) {
                LinePlaces.each(file.path(), (number, line) -> {
                    String reason = lines.get(line);
                    if (reason != null) {
                        rows.add(Sql.literal(file.file().path()) + ", " + number + ", NULL, " + Sql.literal(reason)
                                + ", " + Sql.literal(line.replace("\0", "?"))
                                + ", 'invalid_json'");
                    }
                });
            }
        }
        rows.flush();
    }

    /** Records that are kept aside. */
    static long count(Session session) {
        return session.query("SELECT count(*) FROM aside", row -> row.getLong(1))
                .get(0);
    }

    /** What to tell of them. */
    List<String> remarks(Session session) {
        return session.query(
                "SELECT path, count(*), any_value(reason), bool_or(broken = 'unreadable_file') FROM aside GROUP BY path"
                        + " ORDER BY path LIMIT 10",
                row -> (row.getBoolean(4)
                                ? row.getString(1) + " cannot be read: " + row.getString(3)
                                : row.getLong(2) + (row.getLong(2) == 1 ? " record of " : " records of ")
                                        + row.getString(1) + " cannot be read")
                        + "; see tarn quarantine show " + name + ".");
    }

    /**
     * Keeps what is in {@code aside}.
     *
     * @param number of the commit to come
     * @return whether that could be done before another writer
     */
    boolean keep(Session session, long number) {
        boolean some = count(session) > 0;
        Optional<TableSnapshot> before = table.snapshot();
        String leftover = UPDATE + " >= " + number;
        if (!some && (before.isEmpty() || !hasAny(session, before.get(), leftover))) {
            return true;
        }
        TableSnapshot base = before.orElseGet(() -> table.create(new TableDefinition(
                new TableSchema(COLUMNS),
                List.of(),
                "Files, and records of files, that cannot be read into " + name,
                Map.of("delta.enableDeletionVectors", "true"))));
        TableChange change =
                table.replaceWhere(session, base, RowFilter.matching(leftover), sql(number), NewColumns.ADD);
        return table.commitOrDiscard(change, CommitRequest.ofWork(lake.newUpdateId(), "QUARANTINE", Map.of()));
    }

    private static boolean hasAny(Session session, TableSnapshot kept, String condition) {
        return session.query(
                                "SELECT count(*) FROM " + kept.scan(session) + " WHERE " + condition,
                                row -> row.getLong(1))
                        .get(0)
                > 0;
    }

    private String sql(long number) {
        return "SELECT aside.path AS _file, taken.modified AS _file_modified, taken.size AS _file_size, line AS _line,"
                + " col AS _column, reason AS _reason, raw AS _raw, [broken] AS _tarn_broken, " + number
                + "::BIGINT AS " + UPDATE + ", "
                + Sql.literal(lake.clock().instant().toString())
                + "::TIMESTAMPTZ AS _tarn_kept_at FROM aside JOIN taken USING (path)";
    }
}
