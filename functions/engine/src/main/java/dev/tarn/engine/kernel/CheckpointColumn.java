package dev.tarn.engine.kernel;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBReadableVector;
import org.jspecify.annotations.Nullable;

/**
 * A column of a checkpoint, taken apart into the plain columns that DuckDB hands over without a detour: a struct becomes
 * whether it is NULL and the columns of its fields, a map or an array its JSON.
 */
sealed interface CheckpointColumn {

    /** The column's rows in the chunk. */
    ColumnVector read(DuckDBDataChunkReader chunk);

    /** @param ordinal of the column that tells whether it is NULL */
    record Struct(int ordinal, StructType type, List<CheckpointColumn> fields) implements CheckpointColumn {

        @Override
        public ColumnVector read(DuckDBDataChunkReader chunk) {
            DuckDBReadableVector absent = chunk.vector(ordinal);
            boolean[] nulls = new boolean[Math.toIntExact(chunk.rowCount())];
            boolean any = false;
            for (int row = 0; row < nulls.length; row++) {
                nulls[row] = absent.getBoolean(row);
                any |= !nulls[row];
            }
            return any
                    ? FlatVector.struct(
                            type,
                            nulls,
                            fields.stream().map(field -> field.read(chunk)).toList())
                    : FlatVector.absent(type, nulls.length);
        }
    }

    /**
     * A map or an array.
     *
     * @param known values by their JSON: files of a partition have the same
     */
    record Container(int ordinal, DataType type, Map<String, Object> known) implements CheckpointColumn {

        private static final int MOST_KNOWN = 4_096;

        @Override
        public ColumnVector read(DuckDBDataChunkReader chunk) {
            DuckDBReadableVector vector = chunk.vector(ordinal);
            @Nullable Object[] values = new Object[Math.toIntExact(chunk.rowCount())];
            for (int row = 0; row < values.length; row++) {
                values[row] = vector.isNull(row) ? null : value(vector.getString(row));
            }
            return new HeapVector(type, values);
        }

        private Object value(String json) {
            Object value = known.get(json);
            if (value == null) {
                if (known.size() >= MOST_KNOWN) {
                    known.clear();
                }
                value = parsed(json);
                known.put(json, value);
            }
            return value;
        }

        private Object parsed(String json) {
            try {
                return HeapVector.container(type, JsonReader.container(json, type));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A column that is one in DuckDB, too. */
    record Plain(int ordinal, DataType type) implements CheckpointColumn {

        @Override
        public ColumnVector read(DuckDBDataChunkReader chunk) {
            DuckDBReadableVector vector = chunk.vector(ordinal);
            boolean[] nulls = new boolean[Math.toIntExact(chunk.rowCount())];
            for (int row = 0; row < nulls.length; row++) {
                nulls[row] = vector.isNull(row);
            }
            if (type instanceof StringType) {
                return FlatVector.texts(nulls, texts(vector, nulls));
            }
            return numbers(vector, nulls);
        }

        private ColumnVector numbers(DuckDBReadableVector vector, boolean[] nulls) {
            if (type instanceof LongType) {
                long[] values = new long[nulls.length];
                for (int row = 0; row < nulls.length; row++) {
                    values[row] = nulls[row] ? 0 : vector.getLong(row);
                }
                return FlatVector.longs(nulls, values);
            }
            if (type instanceof IntegerType) {
                int[] values = new int[nulls.length];
                for (int row = 0; row < nulls.length; row++) {
                    values[row] = nulls[row] ? 0 : vector.getInt(row);
                }
                return FlatVector.integers(nulls, values);
            }
            if (type instanceof BooleanType) {
                boolean[] values = new boolean[nulls.length];
                for (int row = 0; row < nulls.length; row++) {
                    values[row] = !nulls[row] && vector.getBoolean(row);
                }
                return FlatVector.booleans(nulls, values);
            }
            if (type instanceof DoubleType) {
                double[] values = new double[nulls.length];
                for (int row = 0; row < nulls.length; row++) {
                    values[row] = nulls[row] ? 0 : vector.getDouble(row);
                }
                return FlatVector.doubles(nulls, values);
            }
            throw new IllegalStateException("no action of a Delta log holds a " + type);
        }

        private static @Nullable String[] texts(DuckDBReadableVector vector, boolean[] nulls) {
            @Nullable String[] values = new String[nulls.length];
            for (int row = 0; row < nulls.length; row++) {
                values[row] = nulls[row] ? null : vector.getString(row);
            }
            return values;
        }
    }
}
