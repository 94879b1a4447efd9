package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Sql;
import dev.tarn.model.TableSchema;
import io.delta.kernel.statistics.DataFileStatistics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs a query and leaves its rows as Parquet files in a table's folder. */
final class DataFileWriter {

    private static final String NAME = "part-%s.zstd.parquet";
    private static final Pattern OWN = Pattern.compile("(.*/)?part-[0-9a-f-]{36}\\.zstd\\.parquet");

    private final DeltaTables lake;
    private final Session session;
    private final TableSnapshot base;

    DataFileWriter(DeltaTables lake, Session session, TableSnapshot base) {
        this.lake = lake;
        this.session = session;
        this.base = base;
    }

    /** Whether the name of the data file is one that is given here. */
    static boolean isOwn(String path) {
        return OWN.matcher(path).matches();
    }

    Written write(String sql) {
        checkColumns(session.describe(sql));
        Path folder = session.newFile("");
        List<Written.NewFile> files = new ArrayList<>();
        try {
            for (Local local : copy(sql, folder)) {
                if (local.rows > 0) {
                    files.add(move(local));
                }
            }
            return new Written(files);
        } catch (IOException e) {
            UncheckedIOException failure =
                    new UncheckedIOException("files of " + base.table() + " cannot be written", e);
            deleteMoved(files, failure);
            throw failure;
        } finally {
            deleteAll(folder);
        }
    }

    private void deleteMoved(List<Written.NewFile> files, UncheckedIOException failure) {
        for (Written.NewFile file : files) {
            try {
                lake.storage().delete(base.table().path() + "/" + file.name());
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
    }

    private record Local(
            Path file,
            long rows,
            long size,
            Map<String, Map<String, String>> columns,
            Map<String, @Nullable String> partitionValues) {}

    private List<Local> copy(String sql, Path folder) {
        String columns = base.schema().columns().stream().map(this::select).collect(Collectors.joining(", "));
        String layout = base.partitionBy().isEmpty()
                ? "PER_THREAD_OUTPUT"
                : "PARTITION_BY (" + Sql.identifiers(base.partitionBy()) + ")";
        return session.query(
                "COPY (SELECT " + columns + " FROM (" + sql + ")) TO " + Sql.literal(folder.toString())
                        + " (FORMAT parquet, COMPRESSION zstd, RETURN_STATS, FILENAME_PATTERN 'part-{uuid}', " + layout
                        + ")",
                this::local);
    }

    private String select(Column column) {
        String name = Sql.identifier(column.name());
        boolean emptyMeansNull = base.partitionBy().contains(column.name()) && column.type() == DataType.Simple.STRING;
        return emptyMeansNull ? "nullif(" + name + ", '') AS " + name : name;
    }

    private Local local(ResultSet row) throws SQLException {
        Map<String, Map<String, String>> columns = new HashMap<>();
        ((Map<?, ?>) row.getObject("column_statistics"))
                .forEach((column, values) -> columns.put(column.toString(), texts((Map<?, ?>) values)));
        Map<String, @Nullable String> partition = new HashMap<>();
        Map<?, ?> keys = (Map<?, ?>) row.getObject("partition_keys");
        for (String column : base.partitionBy()) {
            Object value = keys.get(column);
            partition.put(column, value == null ? null : value.toString());
        }
        return new Local(
                Path.of(row.getString("filename")),
                row.getLong("count"),
                row.getLong("file_size_bytes"),
                columns,
                partition);
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

    /** Flat, whatever the partitions: the log knows them, and blob storages have no folders. */
    private Written.NewFile move(Local local) throws IOException {
        DataFileStatistics statistics =
                FileStatistics.of(session, local.file, local.rows, local.columns, base.kernel());
        String name = String.format(NAME, UUID.randomUUID());
        lake.localFiles().put(session, base.table().path() + "/" + name, local.file);
        return new Written.NewFile(name, local.size, lake.clock().millis(), local.partitionValues, statistics);
    }

    private void checkColumns(TableSchema actual) {
        ColumnsMismatch.check(base.table(), base.schema(), actual);
    }

    private static void deleteAll(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("temporary files cannot be deleted: " + folder, e);
        }
    }
}
