package dev.tarn.connect.files;

import dev.tarn.engine.duckdb.FilePattern;
import dev.tarn.model.FileDrop;
import dev.tarn.model.Sql;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads CSV files, those with the same header and the same ends of lines at once. Nothing is guessed: all that DuckDB could
 * sniff is said, all values are texts, and what it cannot read as a record it keeps aside in tables of the session.
 */
final class CsvReadings {

    /** Files whose lines end in different ways, which DuckDB reads when it may be lenient. */
    private static final String LENIENT = "strict_mode = false";

    private final FileDrop drop;
    private final FileDrop.Options options;
    private final String wrongHeader;
    /** Whether the last field of every record is an object of JSON with what is in it besides. */
    private final boolean withRest;

    private CsvReadings(FileDrop drop, FileDrop.Options options, String wrongHeader, boolean withRest) {
        this.drop = drop;
        this.options = options;
        this.wrongHeader = wrongHeader;
        this.withRest = withRest;
    }

    /** Of files that are dropped as CSV. */
    static CsvReadings of(FileDrop drop) {
        return new CsvReadings(drop, drop.options(), "the separator may be another one", false);
    }

    /** Of what {@link SheetCsv} makes of workbooks. */
    static CsvReadings ofSheets(FileDrop drop) {
        return new CsvReadings(
                drop,
                SheetCsv.options(drop),
                "another sheet may be meant (options: sheet), or the header stands further down (options: skip)",
                true);
    }

    /** Why the file cannot be read by its header; empty when it can. */
    Optional<UnreadableFileException> flaw(TakenFile file, FileColumns columns) {
        List<String> names = names(file);
        if (!options.header()) {
            return Optional.empty();
        }
        if (names.isEmpty()) {
            return Optional.of(new UnreadableFileException("it has no header"));
        }
        Map<String, Integer> seen = new LinkedHashMap<>();
        for (int at = 0; at < names.size(); at++) {
            Integer before = seen.putIfAbsent(names.get(at).toLowerCase(Locale.ROOT), at);
            if (before != null) {
                return Optional.of(new UnreadableFileException(
                        "columns " + (before + 1) + " and " + (at + 1) + " of its header have the same name"));
            }
        }
        boolean foreign = !drop.columns().isEmpty() && names.stream().noneMatch(columns::knows);
        return foreign
                ? Optional.of(
                        new UnreadableFileException("its header has none of the columns of the table; " + wrongHeader))
                : Optional.empty();
    }

    private List<String> names(TakenFile file) {
        List<String> first = shape(file).first();
        int count = first.size() - (withRest && !first.isEmpty() ? 1 : 0);
        if (options.header()) {
            return IntStream.range(0, count)
                    .mapToObj(at -> first.get(at).isBlank()
                            ? "column " + (at + 1)
                            : first.get(at).strip())
                    .toList();
        }
        return IntStream.range(0, count)
                .mapToObj(at ->
                        at < drop.columns().size() ? drop.columns().get(at).name() : "column " + (at + 1))
                .toList();
    }

    private static CsvShape shape(TakenFile file) {
        return Optional.ofNullable(file.shape())
                .orElseThrow(() -> new IllegalStateException("a file that was not scanned"));
    }

    private record Group(List<String> names, Set<CsvScan.LineEnd> lineEnds, int before) {}

    /** The files that have something to read. */
    List<FileReading> of(List<TakenFile> files) {
        Map<Group, List<TakenFile>> groups = new LinkedHashMap<>();
        files.stream().filter(file -> !names(file).isEmpty()).forEach(file -> groups.computeIfAbsent(
                        new Group(
                                names(file), shape(file).lineEnds(), shape(file).before()),
                        group -> new ArrayList<>())
                .add(file));
        List<FileReading> readings = new ArrayList<>();
        groups.forEach((group, ofGroup) -> readings.add(reading(group, ofGroup, readings.size())));
        return readings;
    }

    private FileReading reading(Group group, List<TakenFile> files, int number) {
        List<String> names = group.names();
        String columns = IntStream.range(0, names.size() + (withRest ? 1 : 0))
                .mapToObj(at -> "'c" + at + "': 'VARCHAR'")
                .collect(Collectors.joining(", ", "{", "}"));
        String from = "read_csv("
                + FilePattern.list(files.stream().map(TakenFile::path).toList()) + ", columns = " + columns + ", "
                + options(group) + ", " + lineEnd(group.lineEnds()) + ", filename = '" + FileReading.FILE
                + "', store_rejects = true, rejects_limit = 0, rejects_table = '" + rejects(number)
                + "', rejects_scan = '" + scans(number) + "')";
        List<FileReading.Value> values = IntStream.range(0, names.size())
                .mapToObj(at -> FileReading.Value.text(names.get(at), "c" + at))
                .toList();
        return new FileReading(files, from, values, withRest ? "c" + names.size() : null);
    }

    static String rejects(int number) {
        return "tarn_rejects_" + number;
    }

    static String scans(int number) {
        return "tarn_scans_" + number;
    }

    private String options(Group group) {
        String nulls = Stream.concat(Stream.of(""), options.nullValues().stream())
                .map(Sql::literal)
                .collect(Collectors.joining(", ", "[", "]"));
        return "auto_detect = false, hive_partitioning = false, header = " + options.header() + ", skip = "
                + (options.skip() + group.before()) + ", delim = " + Sql.literal(options.separator()) + ", quote = "
                + Sql.literal(options.quote()) + ", escape = " + Sql.literal(options.escape()) + ", nullstr = " + nulls;
    }

    /** The setting for files whose lines end so. */
    static String lineEnd(Set<CsvScan.LineEnd> ends) {
        if (ends.size() > 1) {
            return LENIENT;
        }
        return ends.isEmpty()
                ? "strict_mode = true"
                : "new_line = " + Sql.literal(ends.iterator().next().option());
    }
}
