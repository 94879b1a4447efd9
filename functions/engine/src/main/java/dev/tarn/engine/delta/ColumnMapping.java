package dev.tarn.engine.delta;

import dev.tarn.model.Sql;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import java.util.stream.Collectors;

/** Names of columns in the files where they differ from those of the table. */
final class ColumnMapping {

    private static final String PHYSICAL_NAME = "delta.columnMapping.physicalName";

    private ColumnMapping() {}

    static boolean isUsed(StructType schema) {
        return schema.fields().stream().anyMatch(field -> field.getMetadata().contains(PHYSICAL_NAME));
    }

    static String physicalName(StructField field) {
        return isMapped(field) ? field.getMetadata().getString(PHYSICAL_NAME) : field.getName();
    }

    private static boolean isMapped(StructField field) {
        return field.getMetadata().contains(PHYSICAL_NAME);
    }

    /** The expression {@code stored}, with the fields of structs under the names of the table. */
    static String logical(String stored, DataType type) {
        if (!isMappedInside(type)) {
            return stored;
        }
        if (type instanceof StructType struct) {
            String fields = struct.fields().stream()
                    .map(field -> Sql.identifier(field.getName()) + " := "
                            + logical(stored + "." + Sql.identifier(physicalName(field)), field.getDataType()))
                    .collect(Collectors.joining(", "));
            return "CASE WHEN " + stored + " IS NULL THEN NULL ELSE struct_pack(" + fields + ") END";
        }
        if (type instanceof ArrayType array) {
            return "list_transform(" + stored + ", lambda x: " + logical("x", array.getElementType()) + ")";
        }
        MapType map = (MapType) type;
        return "map_from_entries(list_transform(map_entries(" + stored + "), lambda x: struct_pack(key := "
                + logical("x.key", map.getKeyType()) + ", value := " + logical("x.value", map.getValueType()) + ")))";
    }

    private static boolean isMappedInside(DataType type) {
        if (type instanceof StructType struct) {
            return struct.fields().stream().anyMatch(field -> isMapped(field) || isMappedInside(field.getDataType()));
        }
        if (type instanceof ArrayType array) {
            return isMappedInside(array.getElementType());
        }
        return type instanceof MapType map && (isMappedInside(map.getKeyType()) || isMappedInside(map.getValueType()));
    }
}
