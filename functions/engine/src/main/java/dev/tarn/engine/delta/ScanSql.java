package dev.tarn.engine.delta;

import static java.util.Objects.requireNonNull;

import dev.tarn.engine.duckdb.DuckDbTypes;
import dev.tarn.engine.duckdb.ParquetScan;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import dev.tarn.engine.duckdb.SqlFailedException;
import dev.tarn.engine.kernel.KernelEngine;
import dev.tarn.engine.kernel.KernelTypes;
import dev.tarn.model.Column;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Sql;
import dev.tarn.model.TarnException;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The query that reads data files as rows of a table. A plain table is nothing but a call of {@code read_parquet} with
 * the table's schema; partition values are joined by file name, deleted rows taken out by row number and stored forms
 * translated only where there are any.
 */
final class ScanSql {

    /** Columns for the place of a row; no column of a table is called so. */
    static final String FILE = Sql.identifier("_tarn_file");

    static final String POSITION = Sql.identifier("_tarn_position");

    /** What selects the place of a row of {@code f}. */
    private static final String PLACE = ", f.filename AS " + FILE + ", f.file_row_number AS " + POSITION;

    private static final Logger LOG = LoggerFactory.getLogger(ScanSql.class);

    private final TableLocation table;
    private final DeltaTables lake;
    private final Session session;
    private final StructType schema;
    private final Set<String> partitionColumns;
    private final ScanFailure failure;

    /**
     * @param version of the table that is read, for what is said when it cannot be
     * @param session for which, and as long as it is open, the queries are good
     */
    ScanSql(
            TableLocation table,
            long version,
            DeltaTables lake,
            Session session,
            StructType schema,
            Set<String> partitionColumns) {
        this.table = table;
        this.lake = lake;
        this.session = session;
        this.schema = schema;
        this.partitionColumns = partitionColumns;
        this.failure = new ScanFailure(table, version);
    }

    private record Form(boolean int96, boolean deletedRows) {}

    /**
     * A FROM-expression in parentheses over all rows of {@code files}.
     *
     * @param columns by which the rows can be read; other ones are named, and reading them may fail
     */
    String over(List<LiveFile> files, Supplier<Set<String>> columns) {
        if (files.isEmpty()) {
            return noRows("");
        }
        Map<String, LiveFile> byLocalPath = byLocalPath(files, columns);
        session.onFailure(e -> damaged(e, byLocalPath, columns));
        return overLocal(byLocalPath);
    }

    /** The files by the local paths at which their rows can be read, by {@code columns} as in {@link #over}. */
    Map<String, LiveFile> located(List<LiveFile> files, Supplier<Set<String>> columns) {
        if (files.isEmpty()) {
            return Map.of();
        }
        Map<String, LiveFile> byLocalPath = byLocalPath(files, columns);
        session.onFailure(e -> damaged(e, byLocalPath, columns));
        return byLocalPath;
    }

    /** As {@link #over}, with the place of every row: {@link #FILE}, the local path, and {@link #POSITION} in the file, from 0. */
    String positioned(Map<String, LiveFile> byLocalPath) {
        return byLocalPath.isEmpty()
                ? noRows(", NULL::VARCHAR AS " + FILE + ", NULL::BIGINT AS " + POSITION)
                : union(byLocalPath, PLACE);
    }

    /**
     * A FROM-expression in parentheses over some rows of files, with their places as in {@link #positioned}, whether or not
     * a deletion vector takes them out.
     *
     * @param positions of rows, by the local path of their file
     */
    String at(Map<String, LiveFile> byLocalPath, Map<String, List<Long>> positions) {
        Map<String, LiveFile> touched = new LinkedHashMap<>(byLocalPath);
        touched.keySet().retainAll(positions.keySet());
        Set<String> int96 = withInt96(touched);
        return touched.entrySet().stream()
                .map(file ->
                        allRows(int96.contains(file.getKey()), Map.of(file.getKey(), file.getValue()), Map.of(), PLACE)
                                + " WHERE f.file_row_number IN ("
                                + positions.get(file.getKey()).stream()
                                        .map(String::valueOf)
                                        .collect(Collectors.joining(", "))
                                + ")")
                .collect(Collectors.joining(" UNION ALL ", "(", ")"));
    }

    /** As {@link #over}, of files that are on this machine, by their path here. */
    String overLocal(Map<String, LiveFile> byLocalPath) {
        return byLocalPath.isEmpty() ? noRows("") : union(byLocalPath, "");
    }

    /** @param place the selected place of a row, empty when it is of no interest */
    private String union(Map<String, LiveFile> byLocalPath, String place) {
        Set<String> int96 = withInt96(byLocalPath);
        Map<Form, Map<String, LiveFile>> groups = new LinkedHashMap<>();
        byLocalPath.forEach((path, file) -> groups.computeIfAbsent(
                        new Form(int96.contains(path), file.deletionVector() != null), form -> new LinkedHashMap<>())
                .put(path, file));
        return groups.entrySet().stream()
                .map(group -> select(group.getKey(), group.getValue(), place))
                .collect(Collectors.joining(" UNION ALL ", "(", ")"));
    }

    private Map<String, LiveFile> byLocalPath(List<LiveFile> files, Supplier<Set<String>> columns) {
        lake.pins()
                .hold(session, files.stream().flatMap(file -> file.paths(table)).toList());
        try {
            return brought(files, () -> namesInFiles(columns.get()));
        } catch (NoSuchFileException e) {
            throw failure.of(e, files).orElseThrow(() -> new UncheckedIOException(e));
        } catch (IOException e) {
            throw new UncheckedIOException("data files of " + table + " cannot be read", e);
        } catch (TarnException e) {
            throw failure.of(e);
        }
    }

    /**
     * The files by the local paths at which they can be read.
     *
     * @param names by which columns of the files are read
     */
    Map<String, LiveFile> brought(List<LiveFile> files, Supplier<Set<String>> names) throws IOException {
        List<Path> local = lake.localFiles()
                .parquet(session, files.stream().map(LiveFile::stored).toList(), names);
        Map<String, LiveFile> byLocalPath = new LinkedHashMap<>();
        for (int file = 0; file < files.size(); file++) {
            byLocalPath.put(local.get(file).toString(), files.get(file));
        }
        return byLocalPath;
    }

    /** Those of the files, by local path, that hold moments as INT96. Refuses those with columns of other types. */
    Set<String> withInt96(Map<String, LiveFile> byLocalPath) {
        ForeignFiles foreign = new ForeignFiles(table, session, schema, byLocalPath);
        foreign.checkTypes(failure, columns(new StoredColumns(false)).entrySet());
        return foreign.withInt96();
    }

    /** For some damages DuckDB does not name the file: then each is tried. */
    private Optional<TarnException> damaged(
            SqlFailedException e, Map<String, LiveFile> files, Supplier<Set<String>> columns) {
        Optional<TarnException> named = failure.of(e, files, this::columnName);
        if (named.isPresent() || !e.kind().equals(SqlFailedException.UNKNOWN_KIND)) {
            return named;
        }
        Set<String> read = namesInFiles(columns.get());
        return files.entrySet().stream()
                .filter(file -> !isReadable(Path.of(file.getKey()), read))
                .findFirst()
                .map(file -> failure.damaged(file.getValue().file().path(), e));
    }

    private boolean isReadable(Path file, Set<String> names) {
        Map<String, Column> some = columns(new StoredColumns(false));
        some.keySet().retainAll(names);
        String values = some.isEmpty()
                ? "count(*)"
                : some.values().stream()
                        .map(column -> "bit_xor(hash(" + column.name() + "))")
                        .collect(Collectors.joining(", "));
        try (Session own = lake.duckDb().session()) {
            own.query(
                    "SELECT " + values + " FROM "
                            + ParquetScan.renamed(
                                    List.of(file), some.isEmpty() ? columns(new StoredColumns(false)) : some),
                    row -> true);
            return true;
        } catch (SqlFailedException e) {
            LOG.debug("{} cannot be read", file, e);
            return !e.kind().equals(SqlFailedException.UNKNOWN_KIND);
        }
    }

    /** The table's name for a column of a query, which has it or an alias. */
    private String columnName(String inQuery) {
        return schema.fields().stream()
                .filter(field -> alias(field).equals(inQuery) && schema.indexOf(inQuery) < 0)
                .map(StructField::getName)
                .findFirst()
                .orElse(inQuery);
    }

    Set<String> namesInFiles(Set<String> columns) {
        return schema.fields().stream()
                .filter(field -> columns.contains(field.getName()) && !partitionColumns.contains(field.getName()))
                .map(StoredColumns::name)
                .collect(Collectors.toSet());
    }

    /** A FROM-expression in parentheses without rows, with the columns of {@code place} besides. */
    String noRows(String place) {
        return schema.fields().stream()
                .map(field -> "CAST(NULL AS " + sqlType(field) + ") AS " + Sql.identifier(field.getName()))
                .collect(Collectors.joining(", ", "(SELECT ", place + " WHERE false)"));
    }

    private static String sqlType(StructField field) {
        return DuckDbTypes.sqlType(KernelTypes.fromKernel(field.getDataType()));
    }

    private String select(Form form, Map<String, LiveFile> files, String place) {
        StoredColumns stored = new StoredColumns(form.int96);
        if (place.isEmpty() && partitionColumns.isEmpty() && !form.deletedRows && !stored.differ(schema)) {
            return "SELECT * FROM "
                    + ParquetScan.of(
                            paths(files), KernelTypes.fromKernel(schema).columns());
        }
        return allRows(form.int96, files, Map.of(), place) + (form.deletedRows ? deletedRows(files) : "");
    }

    private static List<Path> paths(Map<String, LiveFile> files) {
        return files.keySet().stream().map(Path::of).toList();
    }

    /**
     * A query over the rows of the files, deleted ones too, in which {@code f} has their places. Joins may follow.
     *
     * @param more columns of the files that are not the table's, by their names there
     * @param place what is selected besides the table's columns
     */
    String allRows(boolean int96, Map<String, LiveFile> files, Map<String, Column> more, String place) {
        StoredColumns stored = new StoredColumns(int96);
        Map<String, Column> columns = columns(stored);
        columns.putAll(more);
        return "SELECT " + selectList(stored) + place + " FROM " + ParquetScan.renamed(paths(files), columns) + " f"
                + (partitionColumns.isEmpty() ? "" : partitions(files));
    }

    /** Columns in the files, under a name that no virtual column has. */
    private Map<String, Column> columns(StoredColumns stored) {
        Map<String, Column> columns = new LinkedHashMap<>();
        for (StructField field : schema.fields()) {
            if (!partitionColumns.contains(field.getName())) {
                columns.put(StoredColumns.name(field), new Column(alias(field), stored.type(field)));
            }
        }
        return columns;
    }

    private String alias(StructField field) {
        return "c" + schema.indexOf(field.getName());
    }

    private String selectList(StoredColumns stored) {
        return schema.fields().stream()
                .map(field -> (partitionColumns.contains(field.getName())
                                ? "p." + alias(field)
                                : stored.value("f." + alias(field), field.getDataType()))
                        + " AS " + Sql.identifier(field.getName()))
                .collect(Collectors.joining(", "));
    }

    private String partitions(Map<String, LiveFile> files) {
        List<StructField> columns = schema.fields().stream()
                .filter(field -> partitionColumns.contains(field.getName()))
                .toList();
        columns.forEach(field -> checkZone(field, files.values()));
        String rows = files.entrySet().stream()
                .map(file -> partitionRow(file.getKey(), file.getValue(), columns))
                .collect(Collectors.joining(", "));
        String names = columns.stream().map(this::alias).collect(Collectors.joining(", "));
        String typed = columns.stream()
                .map(field -> partitionValue(field) + " AS " + alias(field))
                .collect(Collectors.joining(", "));
        return " JOIN "
                + small("SELECT file, " + typed + " FROM (VALUES " + rows + ") v(file, " + names + ")")
                + " p ON f.filename = p.file";
    }

    private String partitionValue(StructField field) {
        return field.getDataType() instanceof BinaryType
                ? "encode(" + alias(field) + ")"
                : "CAST(" + alias(field) + " AS " + sqlType(field) + ")";
    }

    /** A moment that was written in the zone of its writer's session is one that nobody else can tell. */
    private void checkZone(StructField field, Collection<LiveFile> files) {
        if (field.getDataType() instanceof TimestampType
                && !files.stream()
                        .flatMap(file -> partitionText(file, field).stream())
                        .allMatch(text -> text.endsWith("Z"))) {
            throw new TarnException(
                    ErrorCode.TABLE_FEATURE_UNSUPPORTED,
                    table + " is partitioned by " + field.getName()
                            + ", which is a TIMESTAMP, and has files whose value is not in UTC.",
                    "Partition it by a DATE.");
        }
    }

    private static String partitionRow(String localPath, LiveFile file, List<StructField> columns) {
        return columns.stream()
                .map(field -> partitionText(file, field).map(Sql::literal).orElse("NULL"))
                .collect(Collectors.joining(", ", "(" + Sql.literal(localPath) + ", ", ")"));
    }

    /** The value as it stands in the log; empty for NULL. */
    private static Optional<String> partitionText(LiveFile file, StructField field) {
        @Nullable String value = file.partitionValues().get(StoredColumns.name(field));
        // Delta has no empty partition value: it means NULL.
        return Optional.ofNullable(value).filter(text -> !text.isEmpty());
    }

    private String deletedRows(Map<String, LiveFile> files) {
        return " ANTI JOIN " + small(hidden(files)) + " d ON f.filename = d.file AND f.file_row_number = d.position";
    }

    /** A query for {@code file}, the local path, and {@code position} of the rows that deletion vectors take out. */
    String hidden(Map<String, LiveFile> files) {
        return files.entrySet().stream()
                .map(file -> "SELECT " + Sql.literal(file.getKey()) + " AS file, position FROM "
                        + ParquetScan.of(
                                List.of(deletedPositions(file.getValue())), DeletionVectors.POSITION.columns()))
                .collect(Collectors.joining(" UNION ALL "));
    }

    /** A FROM-expression over the query's rows, which are few beside those of the files that they are joined with. */
    String small(String sql) {
        Spool spool = Spool.of(session, sql);
        session.keep(spool::close);
        return spool.from();
    }

    private Path deletedPositions(LiveFile file) {
        return positions(file.file().path(), requireNonNull(file.deletionVector()));
    }

    /**
     * A local file with the numbers of the rows that {@code vector} hides, as its column {@code position}.
     *
     * @param of the data file's path, for what is said when they cannot be told
     */
    Path positions(String of, DeletionVectorDescriptor vector) {
        try {
            return lake.deletionVectors().positions(session, table, vector);
        } catch (RuntimeException e) {
            String path = vector.isOnDisk()
                    ? KernelEngine.storagePath(vector.getAbsolutePath(KernelEngine.kernelPath(table.path())))
                    : "in the log";
            throw failure.deletedRows(of, path, e);
        }
    }
}
