package dev.tarn.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * AUTO CDC of type 1 and type 2 into a table of 10 M rows: the first update, then updates of 1,000 changes each, all over
 * the table or among its newest rows, beside the second that was promised.
 */
final class CdcBenchmark {

    private static final int RUNS = 9;
    private static final int WARM_UP = 3;
    private static final double MOST_MILLIS = 1000;

    /** @param percent of the table's rows, the newest, among which those are that change */
    private record Run(String type, int percent) {}

    private final Path folder;
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    CdcBenchmark(Path folder) {
        this.folder = folder.resolve("cdc");
    }

    void run() throws IOException, InterruptedException {
        out.printf(
                Locale.ROOT,
                "Java %s, %d cores; 1,000 changes (half updates, 3 of 10 new rows, 2 of 10 deletes) into %,d rows of 8"
                        + " columns, change feed and deletion vectors on%n%n",
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                MergeTable.ROWS);
        out.println(
                "| AUTO CDC | rows that change are among | first update s | 1,000 changes ms | of the promised 1,000 ms"
                        + " | peak MB |");
        out.println("|---|---|---|---|---|---|");
        boolean kept = true;
        for (Run run :
                List.of(new Run("TYPE_1", 100), new Run("TYPE_1", 5), new Run("TYPE_2", 100), new Run("TYPE_2", 5))) {
            Child.delete(folder);
            Files.createDirectories(folder);
            List<String> lines = new Child(
                            ClassPath.shipped(),
                            ReferencePipeline.flags("tarn"),
                            CdcProcess.class,
                            folder.resolve("lake").toString(),
                            folder.resolve("workspace").toString(),
                            run.type(),
                            String.valueOf(run.percent()),
                            String.valueOf(RUNS))
                    .lines(folder.resolve("cdc.err"));
            double millis = Child.median(lines.stream()
                    .filter(line -> line.startsWith("RUN "))
                    .skip(WARM_UP)
                    .map(line -> Double.parseDouble(line.substring(4)))
                    .toList());
            kept &= run.type().equals("TYPE_2") || millis <= MOST_MILLIS;
            out.printf(
                    Locale.ROOT,
                    "| %s | %s | %s | %.0f | %.2f | %s |%n",
                    run.type(),
                    run.percent() == 100 ? "all" : "the newest " + run.percent() + " %",
                    Child.value(lines, "FIRST"),
                    millis,
                    millis / MOST_MILLIS,
                    Child.value(lines, "PEAK"));
        }
        Child.delete(folder);
        if (!kept) {
            throw new IllegalStateException("an update of 1,000 changes takes more than " + MOST_MILLIS + " ms");
        }
    }
}
