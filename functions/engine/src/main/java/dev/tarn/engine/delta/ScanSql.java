package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.DuckDbTypes;
import dev.tarn.engine.duckdb.ParquetScan;
import dev.tarn.engine.kernel.KernelTypes;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Sql;
import dev.tarn.model.TableName;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The query that reads data files as rows of a table. A plain table is nothing but a call of {@code read_parquet} with
 * the table's schema; partition values are joined by file name, and deleted rows taken out by row number, only where
 * there are any.
 */
final class ScanSql {

    private final TableName table;
    private final DeltaTables lake;
    private final StructType schema;
    private final Set<String> partitionColumns;

    ScanSql(TableName table, DeltaTables lake, StructType schema, Set<String> partitionColumns) {
        this.table = table;
        this.lake = lake;
        this.schema = schema;
        this.partitionColumns = partitionColumns;
    }

    /** A FROM-expression in parentheses over all rows of {@code files}. */
    String over(List<LiveFile> files) {
        List<LiveFile> whole = new ArrayList<>();
        List<LiveFile> withDeletedRows = new ArrayList<>();
        files.forEach(file -> (file.deletionVector() == null ? whole : withDeletedRows).add(file));
        if (withDeletedRows.isEmpty()) {
            return whole.isEmpty() ? noRows() : "(" + select(whole, "") + ")";
        }
        String rest = select(withDeletedRows, deletedRows(withDeletedRows));
        return whole.isEmpty() ? "(" + rest + ")" : "(" + select(whole, "") + " UNION ALL " + rest + ")";
    }

    private String noRows() {
        return schema.fields().stream()
                .map(field -> "CAST(NULL AS " + DuckDbTypes.sqlType(KernelTypes.fromKernel(field.getDataType()))
                        + ") AS " + Sql.identifier(field.getName()))
                .collect(Collectors.joining(", ", "(SELECT ", " WHERE false)"));
    }

    private String select(List<LiveFile> files, String deletedRows) {
        Map<String, LiveFile> byLocalPath = new LinkedHashMap<>();
        files.forEach(file -> byLocalPath.put(local(file).toString(), file));
        List<Path> paths = byLocalPath.keySet().stream().map(Path::of).toList();
        if (partitionColumns.isEmpty() && deletedRows.isEmpty() && !ColumnMapping.isUsed(schema)) {
            return "SELECT * FROM "
                    + ParquetScan.of(paths, KernelTypes.fromKernel(schema).columns());
        }
        String partitions = partitionColumns.isEmpty() ? "" : partitions(byLocalPath);
        return "SELECT " + selectList() + " FROM " + ParquetScan.renamed(paths, stored()) + " f" + partitions
                + deletedRows;
    }

    /** Columns in the files under a name that no virtual column has. */
    private Map<String, Column> stored() {
        Map<String, Column> columns = new LinkedHashMap<>();
        for (StructField field : schema.fields()) {
            if (!partitionColumns.contains(field.getName())) {
                DataType type = KernelTypes.fromKernel(field.getDataType(), ColumnMapping::physicalName);
                columns.put(ColumnMapping.physicalName(field), new Column(alias(field), type));
            }
        }
        return columns;
    }

    private String alias(StructField field) {
        return "c" + schema.indexOf(field.getName());
    }

    private String selectList() {
        return schema.fields().stream()
                .map(field -> (partitionColumns.contains(field.getName())
                                ? "p." + alias(field)
                                : ColumnMapping.logical("f." + alias(field), field.getDataType()))
                        + " AS " + Sql.identifier(field.getName()))
                .collect(Collectors.joining(", "));
    }

    private String partitions(Map<String, LiveFile> files) {
        List<StructField> columns = schema.fields().stream()
                .filter(field -> partitionColumns.contains(field.getName()))
                .toList();
        String rows = files.entrySet().stream()
                .map(file -> partitionRow(file.getKey(), file.getValue(), columns))
                .collect(Collectors.joining(", "));
        String names = columns.stream().map(this::alias).collect(Collectors.joining(", "));
        String typed = columns.stream()
                .map(field -> "CAST(" + alias(field) + " AS "
                        + DuckDbTypes.sqlType(KernelTypes.fromKernel(field.getDataType())) + ") AS " + alias(field))
                .collect(Collectors.joining(", "));
        return " JOIN (SELECT file, " + typed + " FROM (VALUES " + rows + ") v(file, " + names
                + ")) p ON f.filename = p.file";
    }

    private static String partitionRow(String localPath, LiveFile file, List<StructField> columns) {
        return columns.stream()
                .map(field -> file.partitionValues().get(ColumnMapping.physicalName(field)))
                // Delta has no empty partition value: it means NULL.
                .map(value -> value == null || value.isEmpty() ? "NULL" : Sql.literal(value))
                .collect(Collectors.joining(", ", "(" + Sql.literal(localPath) + ", ", ")"));
    }

    private String deletedRows(List<LiveFile> files) {
        String rows = files.stream()
                .map(file -> "SELECT " + Sql.literal(local(file).toString()) + " AS file, position FROM read_parquet("
                        + Sql.literal(positions(file).toString()) + ")")
                .collect(Collectors.joining(" UNION ALL "));
        return " ANTI JOIN (" + rows + ") d ON f.filename = d.file AND f.file_row_number = d.position";
    }

    private Path positions(LiveFile file) {
        DeletionVectorDescriptor vector = Objects.requireNonNull(file.deletionVector());
        return lake.deletionVectors().positions(table, vector);
    }

    private Path local(LiveFile file) {
        try {
            return lake.storage().localFile(file.file().path());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "a data file cannot be read: " + file.file().path(), e);
        }
    }
}
