package dev.tarn.bench;

import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.BitSet;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * A process that reads the table with Delta Kernel's own engine, and nothing of Tarn's: the two columns that are needed,
 * aggregated in Java. Prints {@code ROW <result>} and {@code PEAK <MB>}.
 */
final class KernelProcess {

    private final Engine engine = DefaultEngine.create(new Configuration());
    private final BitSet customers = new BitSet();
    private long rows;
    private BigDecimal amount = BigDecimal.ZERO;

    private KernelProcess() {}

    public static void main(String[] arguments) throws IOException {
        KernelProcess process = new KernelProcess();
        process.read(arguments[0]);
        System.out.println("ROW " + process.rows + " " + process.amount + " " + process.customers.cardinality());
        System.out.println("PEAK " + Child.peakMegabytes());
    }

    private void read(String table) throws IOException {
        Snapshot snapshot = TableManager.loadSnapshot(table).build(engine);
        StructType schema = snapshot.getSchema();
        Scan scan = snapshot.getScanBuilder()
                .withReadSchema(new StructType().add(schema.get("customer_id")).add(schema.get("amount")))
                .build();
        Row state = scan.getScanState(engine);
        try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine)) {
            while (batches.hasNext()) {
                try (CloseableIterator<Row> files = batches.next().getRows()) {
                    while (files.hasNext()) {
                        readFile(state, files.next());
                    }
                }
            }
        }
    }

    private void readFile(Row state, Row file) throws IOException {
        CloseableIterator<ColumnarBatch> physical = engine.getParquetHandler()
                .readParquetFiles(
                        Utils.singletonCloseableIterator(InternalScanFileUtils.getAddFileStatus(file)),
                        ScanStateRow.getPhysicalDataReadSchema(state),
                        Optional.empty())
                .map(FileReadResult::getData);
        try (CloseableIterator<FilteredColumnarBatch> logical =
                Scan.transformPhysicalData(engine, state, file, physical)) {
            while (logical.hasNext()) {
                add(logical.next().getData());
            }
        }
    }

    private void add(ColumnarBatch batch) {
        ColumnVector customer = batch.getColumnVector(0);
        ColumnVector sold = batch.getColumnVector(1);
        for (int row = 0; row < batch.getSize(); row++) {
            customers.set(customer.getInt(row));
            amount = amount.add(sold.getDecimal(row));
        }
        rows += batch.getSize();
    }
}
