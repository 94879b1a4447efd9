package dev.tarn.connect.files;

import dev.tarn.engine.duckdb.FilePattern;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.FileDrop;
import dev.tarn.model.Sql;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads objects of JSON as they stand. A key is a column's when it has the same letters, case included. */
final class JsonReadings {

    /** No object of JSON has that character, so a line is one value. */
    static final FileDrop.Options LINES =
            new FileDrop.Options(false, "\u0001", "", "", "UTF-8", List.of(), 0, ".", null);

    private static final long LONGEST_LINE = 16L << 20;
    private static final String VALID = "CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' ELSE false END";
    private static final String OBJECT = "CASE WHEN " + VALID + " THEN " + exact("line") + " ELSE false END";

    private final Session session;
    private final FileDrop drop;
    private final FileColumns columns;

    JsonReadings(Session session, FileDrop drop, FileColumns columns) {
        this.session = session;
        this.drop = drop;
        this.columns = columns;
    }

    /**
     * A DuckDB expression: whether every number of the text is what DuckDB makes of it, a whole number of 64 bits or a double.
     * A text in quotes that looks like such a number in a list is taken for one, which refuses a little too much.
     */
    private static String exact(String text) {
        String numbers = "regexp_extract_all(" + text + ", '[:,\\[]\\s*(-?\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?)', 1)";
        String whole = "(NOT regexp_matches(number, '[.eE]') AND TRY_CAST(number AS BIGINT) IS NOT NULL)";
        String decimal = "TRY_CAST(number AS DECIMAL(38, 15))";
        String read = "TRY_CAST(CAST(TRY_CAST(number AS DOUBLE) AS VARCHAR) AS DECIMAL(38, 15))";
        return "(NOT regexp_matches(" + text + ", '\\d[\\d.]{15}') OR len(list_filter(" + numbers
                + ", lambda number: length(number) > 15 AND NOT " + whole + " AND coalesce(" + decimal + " <> " + read
                + ", true))) = 0)";
    }

    /** Files with an object in each line. */
    List<FileReading> lines(List<TakenFile> files) {
        Map<CsvShapeOfLines, List<TakenFile>> groups = new LinkedHashMap<>();
        for (TakenFile file : files) {
            CsvShape shape = java.util.Objects.requireNonNull(file.shape());
            if (shape.records() > 0) {
                groups.computeIfAbsent(new CsvShapeOfLines(shape.lineEnds()), ends -> new ArrayList<>())
                        .add(file);
            }
        }
        List<FileReading> readings = new ArrayList<>();
        groups.forEach((ends, ofGroup) -> {
            String table = "read_csv(" + list(ofGroup)
                    + ", columns = {'line': 'VARCHAR'}, auto_detect = false, hive_partitioning = false, header = false,"
                    + " delim = chr(1), quote = '', escape = '', max_line_size = " + LONGEST_LINE + ", "
                    + CsvReadings.lineEnd(ends.lineEnds()) + ", filename = '" + FileReading.FILE
                    + "', store_rejects = true, rejects_limit = 0, rejects_table = '"
                    + CsvReadings.rejects(readings.size()) + "', rejects_scan = '" + CsvReadings.scans(readings.size())
                    + "')";
            readings.add(reading(
                    ofGroup,
                    "(SELECT line AS object, " + FileReading.FILE + " FROM " + table + " WHERE " + OBJECT + ")"));
        });
        return readings;
    }

    private record CsvShapeOfLines(Set<CsvScan.LineEnd> lineEnds) {}

    /** Files that are one list of objects, or objects one after another. */
    List<FileReading> whole(List<TakenFile> files) {
        return List.of(reading(
                files,
                "(SELECT CASE WHEN json_type(json) = 'OBJECT' AND " + exact("json::VARCHAR")
                        + " THEN json ELSE error('no object') END AS object, "
                        + FileReading.FILE + " FROM read_json_objects(" + list(files)
                        + ", format = 'auto', filename = '"
                        + FileReading.FILE + "', hive_partitioning = false))"));
    }

    private static String list(List<TakenFile> files) {
        return FilePattern.list(files.stream().map(TakenFile::path).toList());
    }

    private FileReading reading(List<TakenFile> files, String from) {
        Set<String> keys = new LinkedHashSet<>(columns.names());
        boolean others = drop.schema() == FileDrop.Unknown.ADD_NEW_COLUMNS
                || drop.schema() == FileDrop.Unknown.FAIL_ON_NEW_COLUMNS;
        if (others) {
            // Files are looked at twice, and the first time must note nothing.
            String first = from.replace("rejects_table = '", "rejects_table = 'again_")
                    .replace("rejects_scan = '", "rejects_scan = 'again_");
            session
                    .query(
                            "SELECT DISTINCT unnest(json_keys(object)) AS name FROM " + first + " ORDER BY name",
                            row -> row.getString(1))
                    .stream()
                    .filter(key -> !columns.knows(key))
                    .forEach(keys::add);
        }
        List<FileReading.Value> values = keys.stream()
                .map(key -> FileReading.Value.text(key, "json_extract_string(object, " + Sql.literal(path(key)) + ")"))
                .toList();
        String known = keys.stream()
                .map(key -> Sql.literal(key) + ", NULL")
                .collect(Collectors.joining(", ", "json_object(", ")"));
        boolean rescued = drop.schema() != FileDrop.Unknown.NONE;
        return new FileReading(
                files, from, values, rescued ? "nullif(json_merge_patch(object, " + known + ")::VARCHAR, '{}')" : null);
    }

    private static String path(String key) {
        return "$.\"" + key.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** Lines of a reading that are left out: a FROM-expression for where their files lie, the lines, and why. */
    static String broken(FileReading reading) {
        return reading.from()
                .replace(
                        "line AS object, ",
                        "line, CASE WHEN " + VALID
                                + " THEN 'a number in it has more digits than can be read' ELSE 'it is no object of JSON' END"
                                + " AS reason, ")
                .replace("WHERE " + OBJECT, "WHERE line IS NOT NULL AND NOT " + OBJECT);
    }
}
