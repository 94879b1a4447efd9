package dev.tarn.bench;

import dev.tarn.bench.MergeTable.Shape;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Merging 1 % into a table of 10 M rows, half updates and half inserts: Tarn beside Spark's MERGE, the same table with the
 * same properties, the same keys, both warm, each in a process of its own with two threads.
 */
final class MergeBenchmark {

    private static final int TARN_RUNS = 7;
    private static final int SPARK_RUNS = 4;
    private static final int WARM_UP = 2;

    /** Where rows that are updated lie in one file, the promise that was given. */
    private static final double LEAST_RATIO = 10;

    private static final long DISK = 800_000_000;

    private final Path folder;
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    MergeBenchmark(Path folder) {
        this.folder = folder.resolve("merge");
    }

    void run() throws IOException, InterruptedException {
        Child.delete(folder);
        Files.createDirectories(folder);
        MergeTable.make(folder.resolve("lake"), folder.resolve("sources"), folder.resolve("workspace"));
        out.printf(
                Locale.ROOT,
                "Java %s, %d cores; merge of 1 %% (half updates, half inserts) into %,d rows of 8 columns, change feed and"
                        + " deletion vectors on%n%n",
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                MergeTable.ROWS);
        List<String> tarn = lines("tarn", TARN_RUNS);
        List<String> spark = lines("spark", SPARK_RUNS);
        out.println("| updated rows are in | Tarn ms | Spark ms | Spark to Tarn |");
        out.println("|---|---|---|---|");
        boolean kept = true;
        for (Shape shape : Shape.values()) {
            checkSame(shape, tarn, spark);
            double ours = median(tarn, shape);
            double theirs = median(spark, shape);
            kept &= theirs / ours >= LEAST_RATIO;
            out.printf(
                    Locale.ROOT,
                    "| %d of 20 files | %.0f | %.0f | %.1f |%n",
                    shape.files(),
                    ours,
                    theirs,
                    theirs / ours);
        }
        out.println("peak MB: Tarn " + Child.value(tarn, "PEAK") + ", Spark " + Child.value(spark, "PEAK"));
        withinLimits(Child.value(tarn, "SUM " + Shape.SCATTERED));
        Child.delete(folder);
        if (!kept) {
            throw new IllegalStateException("Spark takes less than " + LEAST_RATIO + " times as long");
        }
    }

    /** The merge into every file, and packing them afterwards, with the memory and disk that were promised to suffice. */
    private void withinLimits(String sums) throws IOException, InterruptedException {
        Path lake = folder.resolve("limited");
        MergeTable.copy(folder.resolve("lake"), lake);
        Path disk = folder.resolve("disk");
        try (InstanceLimits limits = new InstanceLimits(disk, MergeProcess.INSTANCE_MEMORY, DISK)) {
            List<String> command = new Child(
                            ClassPath.shipped(),
                            List.of("-Xmx256m", "-Djava.io.tmpdir=" + disk),
                            MergeProcess.class,
                            "limited",
                            lake.toString(),
                            folder.resolve("sources").toString(),
                            folder.resolve("scratch").toString(),
                            "1")
                    .command();
            List<String> lines = new ArrayList<>();
            Child.lines(limits.inside(command), folder.resolve("limited.err"), lines);
            if (limits.killed() > 0
                    || !Child.value(lines, "SUM " + Shape.SCATTERED).equals(sums)) {
                throw new IllegalStateException("not within the limits, or with another result: " + lines);
            }
            out.printf(
                    Locale.ROOT,
                    "%nWithin 1 GB of memory and 800 MB of temporary disk (%s): merge %s s (files), then optimize %s s"
                            + " (files); peak memory %d MB, temporary disk %d MB, of it spill %d MB%n",
                    limits.kind(),
                    Child.value(lines, "MERGE"),
                    Child.value(lines, "OPTIMIZE"),
                    Math.max(limits.peakMemoryMegabytes(), Long.parseLong(Child.value(lines, "PEAK"))),
                    limits.peakDiskMegabytes(),
                    limits.peakSpillMegabytes());
        }
    }

    private static void checkSame(Shape shape, List<String> tarn, List<String> spark) {
        String ours = Child.value(tarn, "SUM " + shape);
        String theirs = Child.value(spark, "SUM " + shape);
        if (!ours.equals(theirs)) {
            throw new IllegalStateException("the peers differ: " + ours + " and " + theirs);
        }
    }

    private static double median(List<String> lines, Shape shape) {
        String word = "RUN " + shape + " ";
        return Child.median(lines.stream()
                .filter(line -> line.startsWith(word))
                .skip(WARM_UP)
                .map(line -> Double.parseDouble(line.substring(word.length())))
                .toList());
    }

    private List<String> lines(String peer, int runs) throws IOException, InterruptedException {
        return new Child(
                        peer.equals("spark") ? ClassPath.everything() : ClassPath.shipped(),
                        ReferencePipeline.flags(peer),
                        MergeProcess.class,
                        peer,
                        folder.resolve("lake").toString(),
                        folder.resolve("sources").toString(),
                        folder.resolve(peer).toString(),
                        String.valueOf(runs))
                .lines(folder.resolve(peer + ".err"));
    }
}
