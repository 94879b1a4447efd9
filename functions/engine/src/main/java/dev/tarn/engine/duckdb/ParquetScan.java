package dev.tarn.engine.duckdb;

import dev.tarn.model.Column;
import dev.tarn.model.Sql;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reading Parquet files by a schema that is known beforehand, so that DuckDB need not open a file to learn it. */
public final class ParquetScan {

    private ParquetScan() {}

    /**
     * A table function call with exactly {@code columns}, by name, cast to their types; a column or field that a file
     * lacks is NULL, others are not read. At least one file and one column.
     */
    public static String of(List<Path> files, List<Column> columns) {
        Map<String, Column> byName = new LinkedHashMap<>();
        columns.forEach(column -> byName.put(column.name(), column));
        return renamed(files, byName);
    }

    /** As {@link #of}, with the columns by their names in the files. */
    public static String renamed(List<Path> files, Map<String, Column> columns) {
        String schema = columns.entrySet().stream()
                .map(column -> entry(column.getKey(), column.getValue()))
                .collect(Collectors.joining(", "));
        return "read_parquet(" + FilePattern.list(files) + ", schema = MAP {" + schema
                + "}, hive_partitioning = false)";
    }

    private static String entry(String nameInFile, Column column) {
        String type = Sql.literal(DuckDbTypes.sqlType(column.type()));
        return Sql.literal(nameInFile) + ": {name: " + Sql.literal(column.name()) + ", type: " + type
                + ", default_value: NULL}";
    }
}
