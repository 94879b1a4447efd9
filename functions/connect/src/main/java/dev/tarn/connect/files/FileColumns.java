package dev.tarn.connect.files;

import dev.tarn.connect.bronze.BronzeColumns;
import dev.tarn.connect.bronze.LandedColumns;
import dev.tarn.engine.duckdb.DuckDbTypes;
import dev.tarn.model.BronzeSchema;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.FileDrop;
import dev.tarn.model.Sql;
import dev.tarn.model.TableSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How what is in files becomes columns of the bronze table. */
final class FileColumns {

    private static final List<Column> OF_FILE = List.of(FileDrop.FILE, FileDrop.FILE_MODIFIED, FileDrop.FILE_SIZE);
    private static final String RESCUED = Sql.identifier(BronzeColumns.RESCUED_DATA.name());

    private final FileDrop drop;
    private final Map<String, Column> byName = new LinkedHashMap<>();

    /** @param bronze what the table is by now */
    FileColumns(FileDrop drop, TableSchema bronze) {
        this.drop = drop;
        BronzeColumns.ofSource(bronze).stream()
                .filter(column -> OF_FILE.stream().noneMatch(own -> own.name().equals(column.name())))
                .forEach(this::add);
    }

    private void add(Column column) {
        byName.put(column.name().toLowerCase(Locale.ROOT), column);
    }

    private Optional<Column> of(String name) {
        return Optional.ofNullable(byName.get(name.toLowerCase(Locale.ROOT)));
    }

    /** Whether a column of files is one that the drop does not accept. */
    boolean refuses(FileReading.Value value) {
        return drop.schema() == FileDrop.Unknown.FAIL_ON_NEW_COLUMNS
                && of(value.name()).isEmpty();
    }

    /** Names of the columns that the table has. */
    boolean knows(String name) {
        return of(name).isPresent();
    }

    List<String> names() {
        return byName.values().stream().map(Column::name).toList();
    }

    /** Makes the table have the columns of the readings that it is to get. */
    void evolve(List<FileReading> readings) {
        if (drop.schema() == FileDrop.Unknown.ADD_NEW_COLUMNS) {
            readings.stream()
                    .flatMap(reading -> reading.values().stream())
                    .filter(value -> of(value.name()).isEmpty() && BronzeSchema.isNameOfSource(value.name()))
                    .forEach(value -> add(new Column(value.name(), value.type())));
        }
    }

    /** All columns that get values. */
    List<Column> landed() {
        return Stream.concat(byName.values().stream(), OF_FILE.stream()).toList();
    }

    /**
     * A query for the rows of the readings as {@link dev.tarn.connect.bronze.Landing} takes them.
     *
     * @param files a FROM-expression: {@code local}, {@code path}, {@code modified} and {@code size} of each file
     */
    String select(List<FileReading> readings, String files) {
        return readings.isEmpty()
                ? nothing()
                : readings.stream().map(reading -> select(reading, files)).collect(Collectors.joining(" UNION ALL "));
    }

    private String nothing() {
        List<String> nulls = landed().stream()
                .map(column -> missing(column) + " AS " + Sql.identifier(column.name()))
                .toList();
        String own = new LandedColumns(List.of(), List.of(), List.of()).upserts("NULL::BIGINT");
        return "SELECT " + String.join(", ", nulls) + ", " + own + " FROM (SELECT NULL::VARCHAR AS " + RESCUED
                + ") WHERE false";
    }

    private String select(FileReading reading, String files) {
        List<Column> columns = landed();
        List<String> values = new ArrayList<>();
        List<String> without = new ArrayList<>();
        Map<String, FileReading.Value> read = reading.values().stream()
                .collect(Collectors.toMap(value -> value.name().toLowerCase(Locale.ROOT), value -> value, (a, b) -> a));
        for (Column column : byName.values()) {
            FileReading.Value value = read.get(column.name().toLowerCase(Locale.ROOT));
            values.add(value == null ? missing(column) : fitting(value, column, without));
        }
        OF_FILE.forEach(column -> values.add(Sql.identifier(column.name())));
        if (drop.schema() != FileDrop.Unknown.NONE) {
            reading.values().stream()
                    .filter(value -> of(value.name()).isEmpty())
                    .forEach(value -> without.add(Sql.literal(value.name()) + ", " + text(value)));
        }
        String rest = reading.rest() == null ? "NULL::VARCHAR" : reading.rest();
        return "SELECT " + new LandedColumns(columns, values, without).upserts("NULL::BIGINT") + " FROM (SELECT *, "
                + rest + " AS " + RESCUED + " FROM (SELECT arrived.*, file.path AS "
                + Sql.identifier(FileDrop.FILE.name())
                + ", file.modified AS " + Sql.identifier(FileDrop.FILE_MODIFIED.name()) + ", file.size AS "
                + Sql.identifier(FileDrop.FILE_SIZE.name()) + " FROM " + reading.from() + " AS arrived JOIN " + files
                + " AS file ON arrived." + FileReading.FILE + " = file.local))";
    }

    private static String missing(Column column) {
        return "CAST(NULL AS " + DuckDbTypes.sqlType(column.type()) + ")";
    }

    private String fitting(FileReading.Value value, Column column, List<String> without) {
        if (value.type().equals(column.type())) {
            return value.sql();
        }
        String fits = Fitting.of(plain(value, column.type()), column.type());
        without.add(Sql.literal(column.name()) + ", CASE WHEN (" + fits + ") IS NULL THEN " + text(value) + " END");
        return fits;
    }

    /** The text with a point before its decimals where it is to be a number. Grouped digits are none. */
    private String plain(FileReading.Value value, DataType type) {
        String text = text(value);
        return drop.options().decimal().equals(".") || !Fitting.isNumber(type)
                ? text
                : "CASE WHEN NOT contains(" + text + ", '.') THEN replace(" + text + ", ',', '.') END";
    }

    private static String text(FileReading.Value value) {
        return value.type() == DataType.Simple.STRING ? value.sql() : "CAST(" + value.sql() + " AS VARCHAR)";
    }
}
