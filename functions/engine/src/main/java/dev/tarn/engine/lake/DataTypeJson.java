package dev.tarn.engine.lake;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Types in JSON: {@code "BIGINT"}, {@code {"decimal":[18,2]}}, {@code {"array":type}}, {@code {"map":[key,value]}},
 * {@code {"struct":[column, ...]}}.
 */
final class DataTypeJson {

    private DataTypeJson() {}

    static final class Writer extends StdSerializer<DataType> {

        private static final long serialVersionUID = 1L;

        Writer() {
            super(DataType.class);
        }

        @Override
        public void serialize(DataType type, JsonGenerator out, SerializerProvider provider) throws IOException {
            if (type instanceof DataType.Simple) {
                out.writeString(((DataType.Simple) type).name());
                return;
            }
            out.writeStartObject();
            if (type instanceof DataType.Decimal) {
                DataType.Decimal decimal = (DataType.Decimal) type;
                out.writeFieldName("decimal");
                out.writeArray(new int[] {decimal.precision(), decimal.scale()}, 0, 2);
            } else if (type instanceof DataType.Array) {
                provider.defaultSerializeField("array", ((DataType.Array) type).element(), out);
            } else if (type instanceof DataType.MapOf) {
                DataType.MapOf map = (DataType.MapOf) type;
                provider.defaultSerializeField("map", List.of(map.key(), map.value()), out);
            } else if (type instanceof DataType.Struct) {
                provider.defaultSerializeField("struct", ((DataType.Struct) type).fields(), out);
            }
            out.writeEndObject();
        }
    }

    static final class Reader extends StdDeserializer<DataType> {

        private static final long serialVersionUID = 1L;

        Reader() {
            super(DataType.class);
        }

        @Override
        public DataType deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return type(context.readTree(in), context);
        }

        private DataType type(JsonNode node, DeserializationContext context) throws IOException {
            if (node.isTextual()) {
                return DataType.Simple.valueOf(node.textValue());
            }
            if (node.has("decimal")) {
                return new DataType.Decimal(
                        node.get("decimal").get(0).intValue(),
                        node.get("decimal").get(1).intValue());
            }
            if (node.has("array")) {
                return new DataType.Array(type(node.get("array"), context));
            }
            if (node.has("map")) {
                JsonNode map = node.get("map");
                return new DataType.MapOf(type(map.get(0), context), type(map.get(1), context));
            }
            if (node.has("struct")) {
                List<Column> fields = new ArrayList<>();
                for (JsonNode field : node.get("struct")) {
                    fields.add(context.readTreeAsValue(field, Column.class));
                }
                return new DataType.Struct(fields);
            }
            throw JsonMappingException.from(context, "not a type: " + node);
        }
    }
}
