package dev.tarn.engine.kernel;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A column of plain values; a struct is the columns of its fields. */
abstract class FlatVector implements ColumnVector {

    private final DataType type;
    private final boolean[] nulls;

    private FlatVector(DataType type, boolean[] nulls) {
        this.type = type;
        this.nulls = nulls;
    }

    static ColumnVector booleans(boolean[] nulls, boolean[] values) {
        return new FlatVector(BooleanType.BOOLEAN, nulls) {
            @Override
            public boolean getBoolean(int row) {
                return values[row];
            }
        };
    }

    static ColumnVector integers(boolean[] nulls, int[] values) {
        return new FlatVector(IntegerType.INTEGER, nulls) {
            @Override
            public int getInt(int row) {
                return values[row];
            }
        };
    }

    static ColumnVector longs(boolean[] nulls, long[] values) {
        return new FlatVector(LongType.LONG, nulls) {
            @Override
            public long getLong(int row) {
                return values[row];
            }
        };
    }

    static ColumnVector doubles(boolean[] nulls, double[] values) {
        return new FlatVector(DoubleType.DOUBLE, nulls) {
            @Override
            public double getDouble(int row) {
                return values[row];
            }
        };
    }

    static ColumnVector texts(boolean[] nulls, @Nullable String[] values) {
        return new FlatVector(StringType.STRING, nulls) {
            @Override
            public @Nullable String getString(int row) {
                return values[row];
            }
        };
    }

    /** @param fields null where the struct is */
    static ColumnVector struct(StructType type, boolean[] nulls, List<ColumnVector> fields) {
        return new FlatVector(type, nulls) {
            @Override
            public ColumnVector getChild(int ordinal) {
                return fields.get(ordinal);
            }
        };
    }

    /** Nothing but NULL. */
    static ColumnVector absent(DataType type, int rows) {
        boolean[] nulls = new boolean[rows];
        Arrays.fill(nulls, true);
        return absent(type, nulls);
    }

    private static ColumnVector absent(DataType type, boolean[] nulls) {
        if (type instanceof StructType struct) {
            List<ColumnVector> fields = struct.fields().stream()
                    .map(field -> absent(field.getDataType(), nulls))
                    .toList();
            return struct(struct, nulls, fields);
        }
        return new HeapVector(type, new Object[nulls.length]);
    }

    @Override
    public final DataType getDataType() {
        return type;
    }

    @Override
    public final int getSize() {
        return nulls.length;
    }

    @Override
    public final boolean isNullAt(int row) {
        return nulls[row];
    }

    @Override
    public final void close() {}
}
