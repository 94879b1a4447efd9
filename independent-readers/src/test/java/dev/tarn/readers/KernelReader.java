package dev.tarn.readers;

import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.ByteType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/** Delta Kernel with its own default engine: Hadoop's file system and parquet-java, none of it Tarn's. */
final class KernelReader implements TableReader {

    private final Engine engine = DefaultEngine.create(new Configuration());

    @Override
    public TableContent read(Path folder, OptionalLong version) throws IOException {
        Snapshot snapshot = snapshot(folder, version);
        Scan scan = snapshot.getScanBuilder().build();
        List<String> rows = new ArrayList<>();
        Row state = scan.getScanState(engine);
        try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine)) {
            while (batches.hasNext()) {
                try (CloseableIterator<Row> files = batches.next().getRows()) {
                    while (files.hasNext()) {
                        readFile(state, files.next(), rows);
                    }
                }
            }
        }
        List<String> columns = snapshot.getSchema().fields().stream()
                .map(field -> TableContent.column(field.getName(), sparkName(field.getDataType())))
                .toList();
        return new TableContent(columns, rows);
    }

    private Snapshot snapshot(Path folder, OptionalLong version) {
        String path = folder.toAbsolutePath().toString();
        return version.isPresent()
                ? TableManager.loadSnapshot(path).atVersion(version.getAsLong()).build(engine)
                : TableManager.loadSnapshot(path).build(engine);
    }

    private void readFile(Row state, Row file, List<String> rows) throws IOException {
        FileStatus status = InternalScanFileUtils.getAddFileStatus(file);
        StructType schema = ScanStateRow.getPhysicalDataReadSchema(state);
        CloseableIterator<ColumnarBatch> physical = engine.getParquetHandler()
                .readParquetFiles(Utils.singletonCloseableIterator(status), schema, Optional.empty())
                .map(FileReadResult::getData);
        try (CloseableIterator<FilteredColumnarBatch> logical =
                Scan.transformPhysicalData(engine, state, file, physical)) {
            while (logical.hasNext()) {
                addRows(logical.next(), rows);
            }
        }
    }

    private static void addRows(FilteredColumnarBatch batch, List<String> rows) {
        ColumnarBatch data = batch.getData();
        Optional<ColumnVector> selection = batch.getSelectionVector();
        for (int row = 0; row < data.getSize(); row++) {
            int at = row;
            if (selection.isEmpty()
                    || !selection.get().isNullAt(at) && selection.get().getBoolean(at)) {
                List<Object> values = new ArrayList<>();
                for (int column = 0; column < data.getSchema().length(); column++) {
                    values.add(value(data.getColumnVector(column), at));
                }
                rows.add(CanonicalText.of(values));
            }
        }
    }

    private static @Nullable Object value(ColumnVector vector, int row) {
        if (vector.isNullAt(row)) {
            return null;
        }
        DataType type = vector.getDataType();
        if (type instanceof ArrayType) {
            return values(vector.getArray(row).getElements());
        }
        if (type instanceof MapType) {
            return map(vector.getMap(row));
        }
        if (type instanceof StructType struct) {
            List<Object> fields = new ArrayList<>();
            for (int field = 0; field < struct.length(); field++) {
                fields.add(value(vector.getChild(field), row));
            }
            return fields;
        }
        return scalar(vector, row, type);
    }

    private static Object scalar(ColumnVector vector, int row, DataType type) {
        if (type instanceof BooleanType) {
            return vector.getBoolean(row);
        } else if (type instanceof ByteType) {
            return vector.getByte(row);
        } else if (type instanceof ShortType) {
            return vector.getShort(row);
        } else if (type instanceof IntegerType) {
            return vector.getInt(row);
        } else if (type instanceof LongType) {
            return vector.getLong(row);
        } else if (type instanceof FloatType) {
            return vector.getFloat(row);
        } else if (type instanceof DoubleType) {
            return vector.getDouble(row);
        } else if (type instanceof DecimalType) {
            return vector.getDecimal(row);
        } else if (type instanceof StringType) {
            return vector.getString(row);
        } else if (type instanceof BinaryType) {
            return vector.getBinary(row);
        } else if (type instanceof DateType) {
            return LocalDate.ofEpochDay(vector.getInt(row));
        } else if (type instanceof TimestampType) {
            return instant(vector.getLong(row));
        } else if (type instanceof TimestampNTZType) {
            return LocalDateTime.ofInstant(instant(vector.getLong(row)), ZoneOffset.UTC);
        }
        throw new IllegalStateException("Kernel read a " + type);
    }

    private static Instant instant(long epochMicros) {
        return Instant.EPOCH.plus(epochMicros, ChronoUnit.MICROS);
    }

    private static List<Object> values(ColumnVector vector) {
        List<Object> values = new ArrayList<>();
        for (int row = 0; row < vector.getSize(); row++) {
            values.add(value(vector, row));
        }
        return values;
    }

    private static Map<Object, Object> map(MapValue map) {
        List<Object> keys = values(map.getKeys());
        List<Object> values = values(map.getValues());
        Map<Object, Object> entries = new LinkedHashMap<>();
        for (int entry = 0; entry < map.getSize(); entry++) {
            entries.put(keys.get(entry), values.get(entry));
        }
        return entries;
    }

    private static String sparkName(DataType type) {
        if (type instanceof ArrayType array) {
            return "ARRAY<" + sparkName(array.getElementType()) + ">";
        } else if (type instanceof MapType map) {
            return "MAP<" + sparkName(map.getKeyType()) + "," + sparkName(map.getValueType()) + ">";
        } else if (type instanceof StructType struct) {
            return struct.fields().stream()
                    .map(field -> field.getName() + ":" + sparkName(field.getDataType()))
                    .collect(Collectors.joining(",", "STRUCT<", ">"));
        } else if (type instanceof DecimalType decimal) {
            return "DECIMAL(" + decimal.getPrecision() + "," + decimal.getScale() + ")";
        } else if (type instanceof ByteType) {
            return "TINYINT";
        } else if (type instanceof ShortType) {
            return "SMALLINT";
        } else if (type instanceof IntegerType) {
            return "INT";
        } else if (type instanceof LongType) {
            return "BIGINT";
        }
        return type.toString();
    }
}
