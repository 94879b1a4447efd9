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

/**
 * A column of boxed values: a struct is an {@code Object[]}, an array a {@code List} or an {@link ArrayValue}, a map a
 * {@code Map} or a {@link MapValue}.
 */
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
        Object map = values[row];
        return map == null || map instanceof MapValue ? (MapValue) map : new HeapMap((MapType) type, (Map<?, ?>) map);
    }

    @Override
    public @Nullable ArrayValue getArray(int row) {
        Object list = values[row];
        return list == null || list instanceof ArrayValue
                ? (ArrayValue) list
                : new HeapArray((ArrayType) type, (List<?>) list);
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

    /** The value as Kernel knows it, made once for all rows that have it. */
    static Object container(DataType type, Object value) {
        return type instanceof MapType map
                ? new HeapMap(map, (Map<?, ?>) value)
                : new HeapArray((ArrayType) type, (List<?>) value);
    }

    private static final class HeapMap implements MapValue {

        private final ColumnVector keys;
        private final ColumnVector values;

        HeapMap(MapType type, Map<?, ?> map) {
            this.keys = new HeapVector(type.getKeyType(), map.keySet().toArray());
            this.values = new HeapVector(type.getValueType(), map.values().toArray());
        }

        @Override
        public int getSize() {
            return keys.getSize();
        }

        @Override
        public ColumnVector getKeys() {
            return keys;
        }

        @Override
        public ColumnVector getValues() {
            return values;
        }
    }

    private static final class HeapArray implements ArrayValue {

        private final ColumnVector elements;

        HeapArray(ArrayType type, List<?> list) {
            this.elements = new HeapVector(type.getElementType(), list.toArray());
        }

        @Override
        public int getSize() {
            return elements.getSize();
        }

        @Override
        public ColumnVector getElements() {
            return elements;
        }
    }
}
