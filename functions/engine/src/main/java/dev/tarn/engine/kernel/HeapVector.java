package dev.tarn.engine.kernel;

import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StructType;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A column of boxed values: a struct is an {@code Object[]}, an array a {@code List}, a map a {@code Map}. */
final class HeapVector implements ColumnVector {

    private final DataType type;
    private final @Nullable Object[] values;
    private final HeapVector @Nullable [] children;

    HeapVector(DataType type, @Nullable Object[] values) {
        this.type = type;
        this.values = values;
        this.children = type instanceof StructType struct ? new HeapVector[struct.length()] : null;
    }

    @Override
    public DataType getDataType() {
        return type;
    }

    @Override
    public int getSize() {
        return values.length;
    }

    @Override
    public void close() {}

    @Override
    public boolean isNullAt(int row) {
        return values[row] == null;
    }

    @SuppressWarnings("unchecked")
    private <T> T value(int row) {
        return (T) values[row];
    }

    @Override
    public boolean getBoolean(int row) {
        return this.<Boolean>value(row);
    }

    @Override
    public byte getByte(int row) {
        return this.<Number>value(row).byteValue();
    }

    @Override
    public short getShort(int row) {
        return this.<Number>value(row).shortValue();
    }

    @Override
    public int getInt(int row) {
        return this.<Number>value(row).intValue();
    }

    @Override
    public long getLong(int row) {
        return this.<Number>value(row).longValue();
    }

    @Override
    public float getFloat(int row) {
        return this.<Number>value(row).floatValue();
    }

    @Override
    public double getDouble(int row) {
        return this.<Number>value(row).doubleValue();
    }

    @Override
    public byte[] getBinary(int row) {
        return value(row);
    }

    @Override
    public String getString(int row) {
        return value(row);
    }

    @Override
    public BigDecimal getDecimal(int row) {
        return value(row);
    }

    @Override
    public @Nullable MapValue getMap(int row) {
        Map<?, ?> map = value(row);
        return map == null ? null : new HeapMap((MapType) type, map);
    }

    @Override
    public @Nullable ArrayValue getArray(int row) {
        List<?> list = value(row);
        return list == null ? null : new HeapArray((ArrayType) type, list);
    }

    /** Kept once made: Kernel asks for it row by row. */
    @Override
    public ColumnVector getChild(int ordinal) {
        if (children == null) {
            throw new IllegalStateException(type + " has no fields");
        }
        if (children[ordinal] == null) {
            @Nullable Object[] fields = new Object[values.length];
            for (int row = 0; row < fields.length; row++) {
                fields[row] = values[row] == null ? null : ((Object[]) values[row])[ordinal];
            }
            children[ordinal] = new HeapVector(((StructType) type).at(ordinal).getDataType(), fields);
        }
        return children[ordinal];
    }

    private record HeapMap(MapType type, Map<?, ?> map) implements MapValue {

        @Override
        public int getSize() {
            return map.size();
        }

        @Override
        public ColumnVector getKeys() {
            return new HeapVector(type.getKeyType(), map.keySet().toArray());
        }

        @Override
        public ColumnVector getValues() {
            return new HeapVector(type.getValueType(), map.values().toArray());
        }
    }

    private record HeapArray(ArrayType type, List<?> list) implements ArrayValue {

        @Override
        public int getSize() {
            return list.size();
        }

        @Override
        public ColumnVector getElements() {
            return new HeapVector(type.getElementType(), list.toArray());
        }
    }
}
