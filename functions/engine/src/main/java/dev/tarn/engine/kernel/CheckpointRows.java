package dev.tarn.engine.kernel;

import dev.tarn.engine.cache.LocalFiles;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.FilePattern;
import dev.tarn.engine.duckdb.ParquetScan;
import dev.tarn.engine.duckdb.RowChunks;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.SqlFailedException;
import dev.tarn.model.Column;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;

/** The rows of one checkpoint file, a chunk at a time, while DuckDB reads the next ones. Ends by itself or by being closed. */
final class CheckpointRows implements CloseableIterator<FileReadResult> {

    private static final String RELATION = "actions";

    private final String path;
    private final CheckpointColumns columns;
    private final Session session;
    private final String sql;
    private final long expected;
    private final RowChunks chunks;
    private final Function<SqlFailedException, RuntimeException> refusal;
    private long read;
    private boolean ready;
    private boolean closed;

    private CheckpointRows(
            String path,
            StructType schema,
            Session session,
            Path local,
            Function<SqlFailedException, RuntimeException> refusal) {
        this.refusal = refusal;
        this.path = path;
        this.session = session;
        this.columns = CheckpointColumns.of(schema, RELATION);
        List<Column> wanted = schema.fields().stream()
                .filter(field -> !field.isMetadataColumn())
                .map(field -> new Column(field.getName(), KernelTypes.fromKernel(field.getDataType())))
                .toList();
        this.sql = "SELECT " + String.join(", ", columns.selected()) + " FROM " + ParquetScan.of(List.of(local), wanted)
                + " AS " + RELATION;
        this.expected = session.query(
                        "SELECT num_rows FROM parquet_file_metadata(" + FilePattern.literal(local) + ")",
                        row -> row.getLong(1))
                .get(0);
        this.chunks = session.chunks(sql);
    }

    /**
     * @param path Kernel's
     * @param refusal what is thrown for what DuckDB says of the file
     */
    static CheckpointRows open(
            DuckDb duckDb,
            LocalFiles files,
            String path,
            StructType schema,
            Function<SqlFailedException, RuntimeException> refusal) {
        Session session = duckDb.session();
        try {
            Path local = files.whole(session, KernelEngine.storagePath(path));
            return new CheckpointRows(path, schema, session, local, refusal);
        } catch (SqlFailedException e) {
            session.close();
            throw refusal.apply(e);
        } catch (NoSuchFileException e) {
            session.close();
            throw LogDamage.of(KernelEngine.storagePath(path), "is missing", e);
        } catch (IOException e) {
            session.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    @Override
    public boolean hasNext() {
        if (!ready && !closed) {
            ready = chunks.next();
            if (ready) {
                read += chunks.chunk().rowCount();
            } else {
                end();
            }
        }
        return ready;
    }

    @Override
    public FileReadResult next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        ready = false;
        return new FileReadResult(columns.read(chunks.chunk()), path);
    }

    /** A checkpoint that was read in part would silently lose data. */
    private void end() {
        try (session) {
            closed = true;
            chunks.close();
            if (read != expected) {
                // Asked without chunks, DuckDB tells what went wrong.
                session.query(
                        "SELECT count(*) FROM (" + sql + ") AS wanted WHERE hash(wanted) IS NULL",
                        row -> row.getLong(1));
                throw new UncheckedIOException(
                        new IOException(path + " has " + expected + " actions, of which " + read + " were read"));
            }
        } catch (SqlFailedException e) {
            throw refusal.apply(e);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            ready = false;
            try (session) {
                chunks.close();
            }
        }
    }
}
