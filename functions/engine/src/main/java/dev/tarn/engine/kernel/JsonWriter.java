package dev.tarn.engine.kernel;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.data.Row;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;

/** Writes rows of Kernel as newline-delimited JSON; fields that are NULL are left out. */
public final class JsonWriter {

    // The stream may take several batches of rows, so a generator must not close it.
    private static final JsonFactory FACTORY =
            JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

    private JsonWriter() {}

    /** The lines of a commit. */
    public static byte[] lines(List<Row> rows) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(rows.iterator(), out);
        return out.toByteArray();
    }

    /** Writes a line per row and returns how many. {@code out} stays open. */
    static long write(Iterator<Row> rows, OutputStream out) throws IOException {
        long count = 0;
        try (JsonGenerator generator = FACTORY.createGenerator(out).setRootValueSeparator(null)) {
            while (rows.hasNext()) {
                row(generator, rows.next());
                generator.writeRaw('\n');
                count++;
            }
        }
        return count;
    }

    private static void row(JsonGenerator out, Row row) throws IOException {
        StructType schema = row.getSchema();
        out.writeStartObject();
        for (int ordinal = 0; ordinal < schema.length(); ordinal++) {
            if (!row.isNullAt(ordinal)) {
                out.writeFieldName(schema.at(ordinal).getName());
                field(out, row, ordinal, schema.at(ordinal).getDataType());
            }
        }
        out.writeEndObject();
    }

    private static void field(JsonGenerator out, Row row, int ordinal, DataType type) throws IOException {
        if (type instanceof StructType) {
            row(out, row.getStruct(ordinal));
        } else if (type instanceof MapType) {
            map(out, row.getMap(ordinal));
        } else if (type instanceof ArrayType) {
            array(out, row.getArray(ordinal).getElements());
        } else if (type instanceof StringType) {
            out.writeString(row.getString(ordinal));
        } else if (type instanceof LongType) {
            out.writeNumber(row.getLong(ordinal));
        } else if (type instanceof IntegerType) {
            out.writeNumber(row.getInt(ordinal));
        } else if (type instanceof BooleanType) {
            out.writeBoolean(row.getBoolean(ordinal));
        } else if (type instanceof DoubleType) {
            out.writeNumber(row.getDouble(ordinal));
        } else {
            throw new IllegalStateException("no action of a Delta log holds a " + type);
        }
    }

    private static void map(JsonGenerator out, MapValue map) throws IOException {
        ColumnVector keys = map.getKeys();
        ColumnVector values = map.getValues();
        out.writeStartObject();
        for (int i = 0; i < map.getSize(); i++) {
            out.writeFieldName(keys.getString(i));
            element(out, values, i);
        }
        out.writeEndObject();
    }

    private static void array(JsonGenerator out, ColumnVector elements) throws IOException {
        out.writeStartArray();
        for (int i = 0; i < elements.getSize(); i++) {
            element(out, elements, i);
        }
        out.writeEndArray();
    }

    private static void element(JsonGenerator out, ColumnVector values, int i) throws IOException {
        DataType type = values.getDataType();
        if (values.isNullAt(i)) {
            out.writeNull();
        } else if (type instanceof StructType struct) {
            struct(out, struct, values, i);
        } else if (type instanceof MapType) {
            map(out, values.getMap(i));
        } else if (type instanceof ArrayType) {
            array(out, values.getArray(i).getElements());
        } else if (type instanceof StringType) {
            out.writeString(values.getString(i));
        } else if (type instanceof LongType) {
            out.writeNumber(values.getLong(i));
        } else if (type instanceof IntegerType) {
            out.writeNumber(values.getInt(i));
        } else if (type instanceof BooleanType) {
            out.writeBoolean(values.getBoolean(i));
        } else {
            throw new IllegalStateException("no action of a Delta log holds a list or map of " + type);
        }
    }

    private static void struct(JsonGenerator out, StructType struct, ColumnVector values, int i) throws IOException {
        out.writeStartObject();
        for (int ordinal = 0; ordinal < struct.length(); ordinal++) {
            ColumnVector child = values.getChild(ordinal);
            if (!child.isNullAt(i)) {
                out.writeFieldName(struct.at(ordinal).getName());
                element(out, child, i);
            }
        }
        out.writeEndObject();
    }
}
