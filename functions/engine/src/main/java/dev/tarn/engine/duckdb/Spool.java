package dev.tarn.engine.duckdb;

import dev.tarn.model.Sql;
import dev.tarn.model.TableSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The rows of a query in a file of the workspace, until they are closed. A join with data files takes them from here rather
 * than from a temporary table: DuckDB does not know how many rows files have that are read by a schema, takes them for the
 * smaller side, and would keep all of them in memory.
 */
public final class Spool implements AutoCloseable {

    private final Path file;
    private final TableSchema schema;
    private final long rows;

    private Spool(Path file, TableSchema schema, long rows) {
        this.file = file;
        this.schema = schema;
        this.rows = rows;
    }

    /** Runs the query, whose columns have types that a table can have. */
    public static Spool of(Session session, String sql) {
        return of(session, sql, session.describe(sql));
    }

    /** As {@link #of(Session, String)}, of a query whose columns are known to be those of {@code schema}. */
    public static Spool of(Session session, String sql, TableSchema schema) {
        Path file = session.newFile(".parquet");
        try {
            long rows = session
                    .query(
                            "COPY (" + sql + ") TO " + Sql.literal(file.toString()) + " (FORMAT parquet, RETURN_STATS)",
                            row -> row.getLong("count"))
                    .stream()
                    .mapToLong(Long::longValue)
                    .sum();
            return new Spool(file, schema, rows);
        } catch (RuntimeException e) {
            delete(file);
            throw e;
        }
    }

    /** A FROM-expression over the rows. */
    public String from() {
        return ParquetScan.of(List.of(file), schema.columns());
    }

    public TableSchema schema() {
        return schema;
    }

    /** Number of rows. */
    public long rows() {
        return rows;
    }

    @Override
    public void close() {
        delete(file);
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("a temporary file cannot be deleted: " + file, e);
        }
    }
}
