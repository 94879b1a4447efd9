package dev.tarn.engine.delta;

import dev.tarn.engine.kernel.KernelTypes;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.DataType.Simple;
import dev.tarn.model.Sql;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import java.util.stream.Collectors;

/**
 * How columns stand in the files where that differs from the table: under other names (column mapping), and with moments
 * as INT96, which DuckDB takes for a date and time without a zone.
 */
final class StoredColumns {

    private static final String PHYSICAL_NAME = "delta.columnMapping.physicalName";

    private final boolean int96;

    /** @param int96 whether the files hold moments as INT96 */
    StoredColumns(boolean int96) {
        this.int96 = int96;
    }

    /** Name of the field in the files. */
    static String name(StructField field) {
        return isMapped(field) ? field.getMetadata().getString(PHYSICAL_NAME) : field.getName();
    }

    private static boolean isMapped(StructField field) {
        return field.getMetadata().contains(PHYSICAL_NAME);
    }

    /** Whether reading by the table's own names and types is not enough. */
    boolean differ(StructType schema) {
        return schema.fields().stream().anyMatch(field -> isMapped(field) || differs(field.getDataType()));
    }

    private boolean differs(io.delta.kernel.types.DataType type) {
        if (type instanceof StructType struct) {
            return differ(struct);
        }
        if (type instanceof ArrayType array) {
            return differs(array.getElementType());
        }
        if (type instanceof MapType map) {
            return differs(map.getKeyType()) || differs(map.getValueType());
        }
        return int96 && type instanceof TimestampType;
    }

    /** Type of the field in the files. */
    DataType type(StructField field) {
        DataType type = KernelTypes.fromKernel(field.getDataType(), StoredColumns::name);
        return int96 ? withoutZone(type) : type;
    }

    private static DataType withoutZone(DataType type) {
        if (type instanceof DataType.Struct struct) {
            return new DataType.Struct(struct.fields().stream()
                    .map(field -> new Column(field.name(), withoutZone(field.type())))
                    .toList());
        }
        if (type instanceof DataType.Array array) {
            return new DataType.Array(withoutZone(array.element()));
        }
        if (type instanceof DataType.MapOf map) {
            return new DataType.MapOf(withoutZone(map.key()), withoutZone(map.value()));
        }
        return type == Simple.TIMESTAMP ? Simple.TIMESTAMP_NTZ : type;
    }

    /** The table's value, from the expression {@code stored} of type {@link #type}. */
    String value(String stored, io.delta.kernel.types.DataType type) {
        if (!differs(type)) {
            return stored;
        }
        if (type instanceof StructType struct) {
            String fields = struct.fields().stream()
                    .map(field -> Sql.identifier(field.getName()) + " := "
                            + value(stored + "." + Sql.identifier(name(field)), field.getDataType()))
                    .collect(Collectors.joining(", "));
            return "CASE WHEN " + stored + " IS NULL THEN NULL ELSE struct_pack(" + fields + ") END";
        }
        if (type instanceof ArrayType array) {
            return "list_transform(" + stored + ", lambda x: " + value("x", array.getElementType()) + ")";
        }
        if (type instanceof MapType map) {
            return "map_from_entries(list_transform(map_entries(" + stored + "), lambda x: struct_pack(key := "
                    + value("x.key", map.getKeyType()) + ", value := " + value("x.value", map.getValueType()) + ")))";
        }
        // Whatever the session's zone is: INT96 is in UTC.
        return "timezone('UTC', " + stored + ")";
    }
}
