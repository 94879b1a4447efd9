package dev.tarn.readers;

import static org.assertj.core.api.Assertions.assertThat;

import io.delta.kernel.Scan;
import io.delta.kernel.ScanBuilder;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.In;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.expressions.Or;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.Utils;
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
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kernel's own engine finds the same rows whether it passes over files by their statistics or reads them all. */
class KernelSkippingTest {

    private final Engine engine = DefaultEngine.create(new Configuration());

    @TempDir
    private Path folder;

    private WrittenLake lake;
    private Snapshot snapshot;
    private final Map<String, List<ColumnarBatch>> contents = new LinkedHashMap<>();
    private int skipped;

    @BeforeEach
    void write() throws IOException {
        Path root = Files.createDirectory(folder.resolve("lake"));
        lake = new WrittenLake(root, folder.resolve("writing"));
        SkippedFiles.write(lake);
        snapshot = TableManager.loadSnapshot(
                        root.resolve(SkippedFiles.TABLE.path()).toAbsolutePath().toString())
                .build(engine);
        Scan all = snapshot.getScanBuilder().build();
        Row state = all.getScanState(engine);
        for (Row file : files(all)) {
            FileStatus status = InternalScanFileUtils.getAddFileStatus(file);
            CloseableIterator<ColumnarBatch> batches = engine.getParquetHandler()
                    .readParquetFiles(
                            Utils.singletonCloseableIterator(status),
                            ScanStateRow.getPhysicalDataReadSchema(state),
                            Optional.empty())
                    .map(FileReadResult::getData);
            List<ColumnarBatch> content = new ArrayList<>();
            batches.forEachRemaining(content::add);
            contents.put(status.getPath(), content);
        }
    }

    @AfterEach
    void close() {
        lake.close();
    }

    private List<Row> files(Scan scan) throws IOException {
        List<Row> files = new ArrayList<>();
        try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine)) {
            while (batches.hasNext()) {
                batches.next().getRows().forEachRemaining(files::add);
            }
        }
        return files;
    }

    @Test
    void theSameRowsAreFoundWithSkipping() throws IOException {
        for (String name : SkippedFiles.columns()) {
            int before = skipped;
            assertFound(new Column(name), List.of("=", "<", ">"));
            assertFound(new Column(new String[] {"deep", "in", name}), List.of("="));
            assertThat(skipped - before).as("files passed over by " + name).isGreaterThan(5);
        }
    }

    private void assertFound(Column column, List<String> comparators) throws IOException {
        List<Literal> values = values(column);
        assertThat(values).as(column.toString()).isNotEmpty();
        assertFound(new Predicate("IS_NULL", column));
        assertFound(new Predicate("IS_NOT_NULL", column));
        boolean isOrdered = !(values.get(0).getDataType() instanceof BooleanType);
        for (int at = 0; isOrdered && at < values.size(); at++) {
            Literal value = values.get(at);
            for (String comparator : comparators) {
                assertFound(new Predicate(comparator, column, value));
            }
            assertFound(oneOf(column, value, values.get((at + 1) % values.size())));
        }
    }

    private static Predicate oneOf(Column column, Literal one, Literal other) {
        // Kernel's own engine has no IN for moments without a zone.
        return one.getDataType() instanceof TimestampNTZType
                ? new Or(new Predicate("=", column, one), new Predicate("=", column, other))
                : new In(column, List.of(one, other));
    }

    private void assertFound(Predicate predicate) throws IOException {
        ScanBuilder filtered = snapshot.getScanBuilder().withFilter(predicate);
        List<String> kept = files(filtered.build()).stream()
                .map(file -> InternalScanFileUtils.getAddFileStatus(file).getPath())
                .toList();
        skipped += contents.size() - kept.size();
        assertThat(ids(kept, predicate)).as(predicate.toString()).isEqualTo(ids(contents.keySet(), predicate));
    }

    private TreeSet<Integer> ids(Iterable<String> files, Predicate predicate) {
        TreeSet<Integer> ids = new TreeSet<>();
        for (String file : files) {
            for (ColumnarBatch batch : contents.get(file)) {
                ColumnVector holds = engine.getExpressionHandler()
                        .getPredicateEvaluator(batch.getSchema(), predicate)
                        .eval(batch, Optional.empty());
                ColumnVector id = batch.getColumnVector(0);
                for (int row = 0; row < batch.getSize(); row++) {
                    if (!holds.isNullAt(row) && holds.getBoolean(row)) {
                        ids.add(id.getInt(row));
                    }
                }
            }
        }
        return ids;
    }

    /** Those that are in the table, each once. */
    private List<Literal> values(Column column) {
        Map<String, Literal> values = new LinkedHashMap<>();
        for (List<ColumnarBatch> batches : contents.values()) {
            for (ColumnarBatch batch : batches) {
                ColumnVector vector = batch.getColumnVector(batch.getSchema().indexOf(column.getNames()[0]));
                for (int row = 0; row < batch.getSize(); row++) {
                    literal(vector, column.getNames(), row)
                            .ifPresent(literal -> values.put(literal.toString() + literal.getValue(), literal));
                }
            }
        }
        return List.copyOf(values.values());
    }

    private static Optional<Literal> literal(ColumnVector top, String[] names, int row) {
        ColumnVector vector = top;
        for (int depth = 1; depth < names.length; depth++) {
            if (vector.isNullAt(row)) {
                return Optional.empty();
            }
            vector = vector.getChild(((StructType) vector.getDataType()).indexOf(names[depth]));
        }
        return vector.isNullAt(row) ? Optional.empty() : Optional.of(literal(vector, row));
    }

    private static Literal literal(ColumnVector vector, int row) {
        DataType type = vector.getDataType();
        if (type instanceof BooleanType) {
            return Literal.ofBoolean(vector.getBoolean(row));
        } else if (type instanceof ByteType) {
            return Literal.ofByte(vector.getByte(row));
        } else if (type instanceof ShortType) {
            return Literal.ofShort(vector.getShort(row));
        } else if (type instanceof IntegerType) {
            return Literal.ofInt(vector.getInt(row));
        } else if (type instanceof LongType) {
            return Literal.ofLong(vector.getLong(row));
        } else if (type instanceof FloatType) {
            return Literal.ofFloat(vector.getFloat(row));
        } else if (type instanceof DoubleType) {
            return Literal.ofDouble(vector.getDouble(row));
        } else if (type instanceof DecimalType decimal) {
            return Literal.ofDecimal(vector.getDecimal(row), decimal.getPrecision(), decimal.getScale());
        } else if (type instanceof StringType) {
            return Literal.ofString(vector.getString(row));
        } else if (type instanceof BinaryType) {
            return Literal.ofBinary(vector.getBinary(row));
        } else if (type instanceof DateType) {
            return Literal.ofDate(vector.getInt(row));
        } else if (type instanceof TimestampType) {
            return Literal.ofTimestamp(vector.getLong(row));
        } else if (type instanceof TimestampNTZType) {
            return Literal.ofTimestampNtz(vector.getLong(row));
        }
        throw new IllegalStateException("Kernel read a " + type);
    }
}
