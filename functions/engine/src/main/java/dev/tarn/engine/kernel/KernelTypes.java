package dev.tarn.engine.kernel;

import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.DataType.Simple;
import dev.tarn.model.TableSchema;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.ByteType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FieldMetadata;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Types and schemas between Kernel's words and Tarn's. */
public final class KernelTypes {

    private static final String COMMENT = "comment";
    private static final Map<Simple, io.delta.kernel.types.DataType> SIMPLE = Map.ofEntries(
            Map.entry(Simple.BOOLEAN, BooleanType.BOOLEAN),
            Map.entry(Simple.TINYINT, ByteType.BYTE),
            Map.entry(Simple.SMALLINT, ShortType.SHORT),
            Map.entry(Simple.INT, IntegerType.INTEGER),
            Map.entry(Simple.BIGINT, LongType.LONG),
            Map.entry(Simple.FLOAT, FloatType.FLOAT),
            Map.entry(Simple.DOUBLE, DoubleType.DOUBLE),
            Map.entry(Simple.STRING, StringType.STRING),
            Map.entry(Simple.BINARY, BinaryType.BINARY),
            Map.entry(Simple.DATE, DateType.DATE),
            Map.entry(Simple.TIMESTAMP, TimestampType.TIMESTAMP),
            Map.entry(Simple.TIMESTAMP_NTZ, TimestampNTZType.TIMESTAMP_NTZ));
    private static final Map<io.delta.kernel.types.DataType, Simple> FROM_KERNEL =
            SIMPLE.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));

    private KernelTypes() {}

    public static StructType toKernel(TableSchema schema) {
        return struct(schema.columns());
    }

    private static StructType struct(List<Column> columns) {
        return new StructType(columns.stream().map(KernelTypes::field).toList());
    }

    private static StructField field(Column column) {
        FieldMetadata metadata = column.comment().isEmpty()
                ? FieldMetadata.empty()
                : FieldMetadata.builder().putString(COMMENT, column.comment()).build();
        return new StructField(column.name(), toKernel(column.type()), true, metadata);
    }

    public static io.delta.kernel.types.DataType toKernel(DataType type) {
        if (type instanceof DataType.Decimal decimal) {
            return new DecimalType(decimal.precision(), decimal.scale());
        }
        if (type instanceof DataType.Array array) {
            return new ArrayType(toKernel(array.element()), true);
        }
        if (type instanceof DataType.MapOf map) {
            return new MapType(toKernel(map.key()), toKernel(map.value()), true);
        }
        if (type instanceof DataType.Struct struct) {
            return struct(struct.fields());
        }
        return SIMPLE.get(type);
    }

    public static TableSchema fromKernel(StructType schema) {
        return new TableSchema(columns(schema, StructField::getName));
    }

    /** Throws {@link IllegalArgumentException} for a type that Tarn does not know, such as VARIANT. */
    public static DataType fromKernel(io.delta.kernel.types.DataType type) {
        return fromKernel(type, StructField::getName);
    }

    /** As {@link #fromKernel(io.delta.kernel.types.DataType)}, with the fields of structs named by {@code names}. */
    public static DataType fromKernel(io.delta.kernel.types.DataType type, Function<StructField, String> names) {
        if (type instanceof DecimalType decimal) {
            return new DataType.Decimal(decimal.getPrecision(), decimal.getScale());
        }
        if (type instanceof ArrayType array) {
            return new DataType.Array(fromKernel(array.getElementType(), names));
        }
        if (type instanceof MapType map) {
            return new DataType.MapOf(fromKernel(map.getKeyType(), names), fromKernel(map.getValueType(), names));
        }
        if (type instanceof StructType struct) {
            return new DataType.Struct(columns(struct, names));
        }
        Simple simple = type instanceof StringType ? Simple.STRING : FROM_KERNEL.get(type);
        if (simple == null) {
            throw new IllegalArgumentException("the type " + type + " is not known");
        }
        return simple;
    }

    private static List<Column> columns(StructType struct, Function<StructField, String> names) {
        return struct.fields().stream()
                .map(field -> new Column(names.apply(field), fromKernel(field.getDataType(), names), comment(field)))
                .toList();
    }

    private static String comment(StructField field) {
        return field.getMetadata().contains(COMMENT) ? field.getMetadata().getString(COMMENT) : "";
    }
}
