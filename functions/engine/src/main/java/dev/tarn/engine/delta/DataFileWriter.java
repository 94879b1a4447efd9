package dev.tarn.engine.delta;

import dev.tarn.engine.delta.StagedRows.LocalFile;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.kernel.KernelTypes;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Sql;
import dev.tarn.model.TableSchema;
import io.delta.kernel.types.StructType;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs queries and leaves their rows as Parquet files for a table. */
final class DataFileWriter {

    private static final Pattern OWN = Pattern.compile("(.*/)?(part|cdc)-[0-9a-f-]{36}\\.zstd\\.parquet");

    /** Where it is known that there are no more, one file costs less than a file for each thread. */
    private static final long MOST_ROWS_OF_ONE_FILE = 1_000_000;

    private final DeltaTables lake;
    private final Session session;
    private final TableSnapshot base;
    private final StructType kernelSchema;
    private final TableSchema schema;
    private final List<String> partitionBy;

    /** @param schema of the table as it will be, which may have more columns than {@code base} */
    DataFileWriter(DeltaTables lake, Session session, TableSnapshot base, StructType schema) {
        this(lake, session, base, schema, base.partitionBy());
    }

    /** @param partitionBy columns by which the table will be partitioned */
    DataFileWriter(DeltaTables lake, Session session, TableSnapshot base, StructType schema, List<String> partitionBy) {
        this.partitionBy = partitionBy;
        this.lake = lake;
        this.session = session;
        this.base = base;
        this.kernelSchema = schema;
        this.schema = KernelTypes.fromKernel(schema);
    }

    /** Whether the name of the data file is one that is given here. */
    static boolean isOwn(String path) {
        return OWN.matcher(path).matches();
    }

    /** As {@link #stage}, moved into the table's folder. */
    List<NewFile> write(String sql) {
        try (StagedRows staged = stage(sql)) {
            return staged.move();
        }
    }

    /** As {@link #write(String)}, of a query that yields {@code rows} rows. */
    List<NewFile> write(String sql, long rows) {
        checkColumns(session.describe(sql));
        try (StagedRows staged = staged(StagedRows.Kind.ROWS, sql, columns(), layout(rows), null)) {
            return staged.move();
        }
    }

    /** The query yields exactly the columns of the table, in any order; else {@link ErrorCode#SCHEMA_CHANGED}. */
    StagedRows stage(String sql) {
        checkColumns(session.describe(sql));
        return staged(StagedRows.Kind.ROWS, sql, columns(), layout(Long.MAX_VALUE), null);
    }

    /**
     * Moves the query's rows into the table's folder as one file.
     *
     * @param sql yields the columns of the table, all of one partition
     * @param partitionValues of that partition
     */
    List<NewFile> writeOne(String sql, Map<String, @Nullable String> partitionValues) {
        String columns = Sql.identifiers(schema.names().stream()
                .filter(name -> !partitionBy.contains(name))
                .toList());
        try (StagedRows staged = staged(StagedRows.Kind.ROWS, sql, columns, "", partitionValues)) {
            return staged.move();
        }
    }

    /** Moves {@code rows} rows that a commit changes into the table's folder: its columns and {@code _change_type}. */
    List<NewFile> writeChanges(String sql, long rows) {
        String columns = columns() + ", " + Sql.identifier(ChangeRows.CHANGE_TYPE);
        try (StagedRows staged = staged(StagedRows.Kind.CHANGES, sql, columns, layout(rows), null)) {
            return staged.move();
        }
    }

    private String columns() {
        return schema.columns().stream().map(this::select).collect(Collectors.joining(", "));
    }

    private String select(Column column) {
        String name = Sql.identifier(column.name());
        boolean emptyMeansNull = partitionBy.contains(column.name()) && column.type() == DataType.Simple.STRING;
        return emptyMeansNull ? "nullif(" + name + ", '') AS " + name : name;
    }

    private String layout(long rows) {
        if (!partitionBy.isEmpty()) {
            return ", PARTITION_BY (" + Sql.identifiers(partitionBy) + ")";
        }
        return rows > MOST_ROWS_OF_ONE_FILE ? ", PER_THREAD_OUTPUT" : "";
    }

    private StagedRows staged(
            StagedRows.Kind kind,
            String sql,
            String columns,
            String layout,
            @Nullable Map<String, @Nullable String> partitionValues) {
        Path place = session.newFile(layout.isEmpty() ? ".parquet" : "");
        String options = layout.isEmpty() ? "" : ", FILENAME_PATTERN 'part-{uuid}'" + layout;
        StagedRows staged = new StagedRows(lake, session, base, kernelSchema, kind, place);
        try {
            session.query(
                            "COPY (SELECT " + columns + " FROM (" + sql + ")) TO " + Sql.literal(place.toString())
                                    + " (FORMAT parquet, COMPRESSION zstd, RETURN_STATS" + options + ")",
                            row -> local(row, partitionValues))
                    .forEach(staged::add);
            return staged;
        } catch (RuntimeException e) {
            staged.close();
            throw e;
        }
    }

    private LocalFile local(ResultSet row, @Nullable Map<String, @Nullable String> known) throws SQLException {
        Map<String, Map<String, String>> columns = new HashMap<>();
        ((Map<?, ?>) row.getObject("column_statistics"))
                .forEach((column, values) -> columns.put(column.toString(), texts((Map<?, ?>) values)));
        return new LocalFile(
                Path.of(row.getString("filename")),
                row.getLong("count"),
                row.getLong("file_size_bytes"),
                columns,
                known == null ? partition((Map<?, ?>) row.getObject("partition_keys")) : known);
    }

    private Map<String, @Nullable String> partition(Map<?, ?> keys) {
        Map<String, @Nullable String> partition = new HashMap<>();
        for (String column : partitionBy) {
            Object value = keys.get(column);
            partition.put(column, value == null ? null : value.toString());
        }
        return partition;
    }

    private static Map<String, String> texts(Map<?, ?> values) {
        Map<String, String> texts = new HashMap<>();
        values.forEach((name, value) -> {
            if (value != null) {
                texts.put(name.toString(), value.toString());
            }
        });
        return texts;
    }

    private void checkColumns(TableSchema actual) {
        ColumnsMismatch.check(base.table(), schema, actual);
    }
}
