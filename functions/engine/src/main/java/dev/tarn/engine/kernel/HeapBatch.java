package dev.tarn.engine.kernel;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows in memory, by column. */
final class HeapBatch implements ColumnarBatch {

    private final StructType schema;
    private final List<ColumnVector> columns;
    private final int size;

    HeapBatch(StructType schema, List<ColumnVector> columns, int size) {
        this.schema = schema;
        this.columns = columns;
        this.size = size;
    }

    /** A batch of rows, each with one value per field. */
    static HeapBatch of(StructType schema, List<@Nullable Object[]> rows) {
        List<ColumnVector> columns = new ArrayList<>(schema.length());
        for (int ordinal = 0; ordinal < schema.length(); ordinal++) {
            @Nullable Object[] values = new Object[rows.size()];
            for (int row = 0; row < values.length; row++) {
                values[row] = rows.get(row)[ordinal];
            }
            columns.add(new HeapVector(schema.at(ordinal).getDataType(), values));
        }
        return new HeapBatch(schema, columns, rows.size());
    }

    @Override
    public StructType getSchema() {
        return schema;
    }

    @Override
    public ColumnVector getColumnVector(int ordinal) {
        return columns.get(ordinal);
    }

    @Override
    public int getSize() {
        return size;
    }

    @Override
    public ColumnarBatch withNewColumn(int ordinal, StructField field, ColumnVector column) {
        List<StructField> fields = new ArrayList<>(schema.fields());
        fields.add(ordinal, field);
        List<ColumnVector> all = new ArrayList<>(columns);
        all.add(ordinal, column);
        return new HeapBatch(new StructType(fields), all, size);
    }

    @Override
    public ColumnarBatch withDeletedColumnAt(int ordinal) {
        List<StructField> fields = new ArrayList<>(schema.fields());
        fields.remove(ordinal);
        List<ColumnVector> rest = new ArrayList<>(columns);
        rest.remove(ordinal);
        return new HeapBatch(new StructType(fields), rest, size);
    }

    @Override
    public ColumnarBatch withNewSchema(StructType newSchema) {
        return new HeapBatch(newSchema, columns, size);
    }
}
