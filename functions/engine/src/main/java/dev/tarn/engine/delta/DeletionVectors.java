package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.feed.ColumnWriter;
import dev.tarn.engine.feed.RowFeed;
import dev.tarn.engine.kernel.KernelEngine;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Sql;
import dev.tarn.model.TableSchema;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.deletionvectors.Base85Codec;
import io.delta.kernel.internal.deletionvectors.DeletionVectorUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Row numbers that are deleted, as a file that DuckDB can read. A deletion vector never changes, so each is made once. */
final class DeletionVectors {

    /** Columns of the files. */
    static final TableSchema POSITION = new TableSchema(List.of(new Column("position", DataType.Simple.BIGINT)));

    private final DeltaTables lake;

    DeletionVectors(DeltaTables lake) {
        this.lake = lake;
    }

    /** Path of the vector's file, relative to the table's folder; empty when it is elsewhere or in the log itself. */
    static Optional<String> path(DeletionVectorDescriptor vector) {
        if (!vector.getStorageType().equals(DeletionVectorDescriptor.UUID_DV_MARKER)) {
            return Optional.empty();
        }
        String text = vector.getPathOrInlineDv();
        int prefix = text.length() - Base85Codec.ENCODED_UUID_LENGTH;
        String name = "deletion_vector_" + Base85Codec.decodeUUID(text.substring(prefix)) + ".bin";
        return Optional.of(prefix == 0 ? name : text.substring(0, prefix) + "/" + name);
    }

    /** A Parquet file with the BIGINT column {@code position}: numbers of deleted rows, from 0. Until the session closes. */
    Path positions(Session session, TableLocation table, DeletionVectorDescriptor vector) {
        try {
            return lake.localFiles().made(session, table + "/" + vector.getUniqueId(), () -> write(table, vector));
        } catch (IOException e) {
            throw new UncheckedIOException("deleted rows of " + table + " cannot be told", e);
        }
    }

    private Path write(TableLocation table, DeletionVectorDescriptor vector) {
        String root = KernelEngine.kernelPath(table.path());
        long[] positions = DeletionVectorUtils.loadNewDvAndBitmap(lake.engine(), root, vector)
                ._2
                .toArray();
        try (Session session = lake.duckDb().session()) {
            Path file = session.newFile(".parquet");
            session.feed("positions", new Positions(positions));
            session.execute(
                    "COPY (SELECT * FROM \"positions\"()) TO " + Sql.literal(file.toString()) + " (FORMAT parquet)");
            return file;
        }
    }

    private record Positions(long[] values) implements RowFeed {

        @Override
        public TableSchema schema() {
            return POSITION;
        }

        @Override
        public int maxThreads() {
            return 1;
        }

        @Override
        public Reader open() {
            return new Reader() {
                private int next;

                @Override
                public int read(ColumnWriter out) {
                    int rows = Math.min(out.capacity(), values.length - next);
                    for (int row = 0; row < rows; row++) {
                        out.setLong(0, row, values[next++]);
                    }
                    return rows;
                }

                @Override
                public void close() {}
            };
        }
    }
}
