package dev.tarn.engine.kernel;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads JSON objects as rows of a schema in one pass, without a tree; fields that the schema does not name are skipped. */
final class JsonReader {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .build();

    private JsonReader() {}

    /** All objects of a text that holds one after the other. */
    static List<@Nullable Object[]> rows(byte[] utf8, StructType schema) throws IOException {
        List<@Nullable Object[]> rows = new ArrayList<>();
        try (JsonParser parser = FACTORY.createParser(utf8)) {
            while (parser.nextToken() != null) {
                if (!parser.isExpectedStartObjectToken()) {
                    throw new JsonParseException(parser, "an object is expected");
                }
                rows.add(struct(parser, schema));
            }
        }
        return rows;
    }

    /** The one object of the text. */
    static @Nullable Object[] row(String json, StructType schema) throws IOException {
        try (JsonParser parser = FACTORY.createParser(json)) {
            parser.nextToken();
            return struct(parser, schema);
        }
    }

    /** The map or array that the text is: a {@code Map} or a {@code List}. */
    static Object container(String json, DataType type) throws IOException {
        try (JsonParser parser = FACTORY.createParser(json)) {
            parser.nextToken();
            return type instanceof MapType map
                    ? map(parser, map.getValueType())
                    : array(parser, ((ArrayType) type).getElementType());
        }
    }

    private static @Nullable Object[] struct(JsonParser parser, StructType schema) throws IOException {
        @Nullable Object[] fields = new Object[schema.length()];
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            int ordinal = schema.indexOf(parser.currentName());
            parser.nextToken();
            if (ordinal < 0) {
                parser.skipChildren();
            } else {
                fields[ordinal] = value(parser, schema.at(ordinal).getDataType());
            }
        }
        return fields;
    }

    private static @Nullable Object value(JsonParser parser, DataType type) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        if (type instanceof StringType) {
            return text(parser);
        }
        if (type instanceof StructType struct) {
            if (!parser.isExpectedStartObjectToken()) {
                throw new JsonParseException(parser, "an object is expected");
            }
            return struct(parser, struct);
        }
        if (type instanceof MapType map) {
            return map(parser, map.getValueType());
        }
        if (type instanceof ArrayType array) {
            return array(parser, array.getElementType());
        }
        return scalar(parser, type);
    }

    private static Object scalar(JsonParser parser, DataType type) throws IOException {
        if (type instanceof LongType) {
            return parser.getLongValue();
        }
        if (type instanceof IntegerType) {
            return parser.getIntValue();
        }
        if (type instanceof BooleanType) {
            return parser.getBooleanValue();
        }
        if (type instanceof DoubleType) {
            return parser.getDoubleValue();
        }
        if (type instanceof FloatType) {
            return parser.getFloatValue();
        }
        throw new IllegalStateException("no action of a Delta log holds a " + type);
    }

    /** An object where a text is expected is kept as its JSON. */
    private static String text(JsonParser parser) throws IOException {
        if (!parser.currentToken().isStructStart()) {
            return parser.getText();
        }
        StringWriter copy = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(copy)) {
            generator.copyCurrentStructure(parser);
        }
        return copy.toString();
    }

    private static Map<String, @Nullable Object> map(JsonParser parser, DataType valueType) throws IOException {
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            entries.put(key, value(parser, valueType));
        }
        return entries;
    }

    private static List<@Nullable Object> array(JsonParser parser, DataType elementType) throws IOException {
        List<@Nullable Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value(parser, elementType));
        }
        return elements;
    }
}
