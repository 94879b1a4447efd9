package dev.tarn.engine.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import java.util.List;
import java.util.Map;

/** Columns in the JSON that Spark writes of a {@code StructType}, and reads with {@code DataType.fromJson}. */
final class SparkSchema {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final Map<DataType.Simple, String> SIMPLE = Map.ofEntries(
            Map.entry(DataType.Simple.BOOLEAN, "boolean"),
            Map.entry(DataType.Simple.TINYINT, "byte"),
            Map.entry(DataType.Simple.SMALLINT, "short"),
            Map.entry(DataType.Simple.INT, "integer"),
            Map.entry(DataType.Simple.BIGINT, "long"),
            Map.entry(DataType.Simple.FLOAT, "float"),
            Map.entry(DataType.Simple.DOUBLE, "double"),
            Map.entry(DataType.Simple.STRING, "string"),
            Map.entry(DataType.Simple.BINARY, "binary"),
            Map.entry(DataType.Simple.DATE, "date"),
            Map.entry(DataType.Simple.TIMESTAMP, "timestamp"),
            Map.entry(DataType.Simple.TIMESTAMP_NTZ, "timestamp_ntz"));

    private SparkSchema() {}

    static ObjectNode struct(List<Column> columns) {
        ObjectNode struct = JSON.objectNode().put("type", "struct");
        ArrayNode fields = struct.putArray("fields");
        for (Column column : columns) {
            ObjectNode field = fields.addObject().put("name", column.name());
            field.set("type", type(column.type()));
            ObjectNode metadata = field.put("nullable", true).putObject("metadata");
            if (!column.comment().isEmpty()) {
                metadata.put("comment", column.comment());
            }
        }
        return struct;
    }

    private static JsonNode type(DataType type) {
        if (type instanceof DataType.Simple) {
            return JSON.textNode(SIMPLE.get(type));
        }
        if (type instanceof DataType.Array array) {
            ObjectNode node = JSON.objectNode().put("type", "array");
            node.set("elementType", type(array.element()));
            return node.put("containsNull", true);
        }
        if (type instanceof DataType.MapOf map) {
            ObjectNode node = JSON.objectNode().put("type", "map");
            node.set("keyType", type(map.key()));
            node.set("valueType", type(map.value()));
            return node.put("valueContainsNull", true);
        }
        if (type instanceof DataType.Struct struct) {
            return struct(struct.fields());
        }
        DataType.Decimal decimal = (DataType.Decimal) type;
        return JSON.textNode("decimal(" + decimal.precision() + "," + decimal.scale() + ")");
    }
}
