package dev.tarn.bench;

import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;

/**
 * A process that reads the same logs with Delta Kernel's own engine, and nothing of Tarn's; prints what {@link LogProcess}
 * prints.
 */
final class KernelLogProcess {

    private final Engine engine = DefaultEngine.create(new Configuration());

    private KernelLogProcess() {}

    public static void main(String[] arguments) throws IOException {
        KernelLogProcess process = new KernelLogProcess();
        for (int run = 0; run < LogProcess.RUNS; run++) {
            long start = System.nanoTime();
            process.snapshot(arguments[0]);
            print(run == 0 ? "first" : "anew", start);
        }
        process.list("FILES", arguments[1]);
        process.list("DIVIDED", arguments[2]);
        System.out.println("PEAK " + Child.peakMegabytes());
    }

    private Snapshot snapshot(String table) {
        return TableManager.loadSnapshot(table).build(engine);
    }

    private void list(String word, String table) throws IOException {
        Snapshot snapshot = snapshot(table);
        List<FileStatus> files = List.of();
        for (int run = 0; run < LogProcess.RUNS; run++) {
            long start = System.nanoTime();
            files = files(snapshot);
            print(word.toLowerCase(Locale.ROOT), start);
        }
        System.out.println(word + " " + files.size() + " "
                + files.stream().mapToLong(FileStatus::getSize).sum());
    }

    private List<FileStatus> files(Snapshot snapshot) throws IOException {
        List<FileStatus> files = new ArrayList<>();
        try (CloseableIterator<FilteredColumnarBatch> batches =
                snapshot.getScanBuilder().build().getScanFiles(engine)) {
            while (batches.hasNext()) {
                try (CloseableIterator<Row> rows = batches.next().getRows()) {
                    while (rows.hasNext()) {
                        files.add(InternalScanFileUtils.getAddFileStatus(rows.next()));
                    }
                }
            }
        }
        return files;
    }

    private static void print(String what, long start) {
        System.out.printf(Locale.ROOT, "%s %.2f%n", what, (System.nanoTime() - start) / 1e6);
    }
}
