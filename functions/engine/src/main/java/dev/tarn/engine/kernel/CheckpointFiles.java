package dev.tarn.engine.kernel;

import static dev.tarn.engine.kernel.KernelEngine.storagePath;

import dev.tarn.engine.cache.LocalFiles;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.DuckDbTypes;
import dev.tarn.engine.duckdb.FilePattern;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.SqlFailedException;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StoredFile;
import dev.tarn.model.Sql;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.engine.ParquetHandler;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import io.delta.kernel.utils.FileStatus;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checkpoints, the only Parquet files that Kernel itself reads and writes; DuckDB does the work. */
final class CheckpointFiles implements ParquetHandler {

    private final Storage storage;
    private final LocalFiles files;
    private final DuckDb duckDb;
    private final DamagedCheckpoints damaged;

    CheckpointFiles(Storage storage, LocalFiles files, DuckDb duckDb, DamagedCheckpoints damaged) {
        this.storage = storage;
        this.files = files;
        this.duckDb = duckDb;
        this.damaged = damaged;
    }

    @Override
    public CloseableIterator<FileReadResult> readParquetFiles(
            CloseableIterator<FileStatus> wanted, StructType schema, Optional<Predicate> hint) {
        return wanted.flatMap(file -> open(file.getPath(), schema));
    }

    private CheckpointRows open(String path, StructType schema) {
        return CheckpointRows.open(duckDb, files, path, schema, failure -> refusal(storagePath(path), failure));
    }

    private RuntimeException refusal(String path, SqlFailedException failure) {
        if (failure.isOutOfMemory() || failure.isOutOfDisk()) {
            return failure;
        }
        try {
            StoredFile file = storage.find(path).orElseThrow(() -> new NoSuchFileException(path));
            return damaged.add(file, "is no whole Parquet file (" + failure.kind() + ")", failure);
        } catch (IOException e) {
            failure.addSuppressed(e);
            return failure;
        }
    }

    @Override
    public CloseableIterator<DataFileStatus> writeParquetFiles(
            String folder, CloseableIterator<FilteredColumnarBatch> rows, List<Column> statistics) {
        throw new UnsupportedOperationException("DuckDB writes data files, not Kernel");
    }

    @Override
    public void writeParquetFileAtomically(String path, CloseableIterator<FilteredColumnarBatch> batches)
            throws IOException {
        try (Session session = duckDb.session()) {
            Path spool = session.newFile(".json");
            Path parquet = session.newFile(".parquet");
            try {
                Spooled spooled = spool(batches, spool);
                copy(session, spooled, spool, parquet);
                storage.putFile(storagePath(path), parquet);
            } finally {
                Files.deleteIfExists(spool);
                Files.deleteIfExists(parquet);
            }
        }
    }

    private record Spooled(StructType schema, long rows) {}

    private static Spooled spool(CloseableIterator<FilteredColumnarBatch> batches, Path spool) throws IOException {
        StructType schema = null;
        long rows = 0;
        try (batches;
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(spool), 1 << 16)) {
            while (batches.hasNext()) {
                FilteredColumnarBatch batch = batches.next();
                schema = batch.getData().getSchema();
                try (CloseableIterator<Row> selected = batch.getRows()) {
                    rows += JsonWriter.write(selected, out);
                }
            }
        }
        if (schema == null) {
            throw new IllegalStateException("a checkpoint has at least protocol and metadata");
        }
        return new Spooled(schema, rows);
    }

    private static void copy(Session session, Spooled spooled, Path spool, Path parquet) throws IOException {
        List<String> columns = new ArrayList<>();
        spooled.schema
                .fields()
                .forEach(field -> columns.add(Sql.identifier(field.getName()) + ": "
                        + Sql.literal(DuckDbTypes.sqlType(KernelTypes.fromKernel(field.getDataType())))));
        long written = session
                .query(
                        "COPY (SELECT * FROM read_json(" + FilePattern.literal(spool)
                                + ", format = 'newline_delimited', hive_partitioning = false, columns = {"
                                + String.join(", ", columns) + "})) TO "
                                + Sql.literal(parquet.toString()) + " (FORMAT parquet, COMPRESSION zstd, RETURN_STATS)",
                        row -> row.getLong("count"))
                .stream()
                .mapToLong(Long::longValue)
                .sum();
        // A checkpoint that lacks an action would silently lose data, so nothing is published on faith.
        if (written != spooled.rows) {
            throw new IOException("a checkpoint of " + spooled.rows + " actions came out with " + written);
        }
    }
}
