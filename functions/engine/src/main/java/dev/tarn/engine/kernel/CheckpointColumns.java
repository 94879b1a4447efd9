package dev.tarn.engine.kernel;

import dev.tarn.model.Sql;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.duckdb.DuckDBDataChunkReader;

/** All columns of a schema, and the select list whose chunks they read. */
record CheckpointColumns(StructType schema, List<CheckpointColumn> columns, List<String> selected) {

    /** @param relation alias of what is selected from */
    static CheckpointColumns of(StructType schema, String relation) {
        List<String> selected = new ArrayList<>();
        List<CheckpointColumn> columns = new ArrayList<>();
        for (StructField field : schema.fields()) {
            String name = field.isMetadataColumn() ? "file_row_number" : Sql.identifier(field.getName());
            columns.add(column(relation + "." + name, field.getDataType(), selected));
        }
        return new CheckpointColumns(schema, List.copyOf(columns), List.copyOf(selected));
    }

    ColumnarBatch read(DuckDBDataChunkReader chunk) {
        List<ColumnVector> vectors =
                columns.stream().map(column -> column.read(chunk)).toList();
        return new HeapBatch(schema, vectors, Math.toIntExact(chunk.rowCount()));
    }

    private static CheckpointColumn column(String expression, DataType type, List<String> selected) {
        int ordinal = selected.size();
        if (type instanceof StructType struct) {
            selected.add(expression + " IS NULL");
            List<CheckpointColumn> fields = new ArrayList<>();
            for (StructField field : struct.fields()) {
                String child = "struct_extract(" + expression + ", " + Sql.literal(field.getName()) + ")";
                fields.add(column(child, field.getDataType(), selected));
            }
            return new CheckpointColumn.Struct(ordinal, struct, List.copyOf(fields));
        }
        if (type instanceof MapType) {
            selected.add(json(expression, "cardinality", "{}"));
            return new CheckpointColumn.Container(ordinal, type, new HashMap<>());
        }
        if (type instanceof ArrayType) {
            selected.add(json(expression, "len", "[]"));
            return new CheckpointColumn.Container(ordinal, type, new HashMap<>());
        }
        selected.add(expression);
        return new CheckpointColumn.Plain(ordinal, type);
    }

    /** Most are empty, and JSON costs more than to ask. */
    private static String json(String expression, String size, String empty) {
        return "CASE WHEN " + expression + " IS NULL THEN NULL WHEN " + size + "(" + expression + ") = 0 THEN '" + empty
                + "' ELSE to_json(" + expression + ")::VARCHAR END";
    }
}
