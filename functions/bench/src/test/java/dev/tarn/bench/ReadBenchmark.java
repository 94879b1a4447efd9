package dev.tarn.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Reading a table of 5 M rows: the time from the start of a process to the first row of an aggregate, beside Delta Kernel's
 * own engine; and warm, beside {@code read_parquet} of the same files. No JVM flags but where a row says so, no archive of classes.
 */
final class ReadBenchmark {

    /** What Azure's worker gives its JVM unasked. */
    private static final List<String> WORKER_FLAGS = List.of("-XX:TieredStopAtLevel=1", "-noverify");

    private static final int COLD_RUNS = 5;
    private static final int WARM_UP = 5;

    private final Path folder;
    private final Path root;
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    ReadBenchmark(Path folder) {
        this.folder = folder.resolve("read");
        this.root = this.folder.resolve("lake");
    }

    private record Cold(List<Double> millis, List<Double> peaks, String result) {}

    void run() throws IOException, InterruptedException {
        Child.delete(folder);
        Files.createDirectories(folder);
        SalesTable.make(root, folder.resolve("workspace"));
        out.printf(Locale.ROOT, "Java %s, %d cores; %s%n%n", Runtime.version(), processors(), size());
        cold();
        warm();
        Child.delete(folder);
    }

    private static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    private void cold() throws IOException, InterruptedException {
        Cold tarn = new Cold(new ArrayList<>(), new ArrayList<>(), "");
        Cold asWorker = new Cold(new ArrayList<>(), new ArrayList<>(), "");
        Cold kernel = new Cold(new ArrayList<>(), new ArrayList<>(), "");
        for (int run = 0; run < COLD_RUNS; run++) {
            tarn = measured(tarn, tarnProcess("cold", List.of()));
            asWorker = measured(asWorker, tarnProcess("cold", WORKER_FLAGS));
            kernel = measured(kernel, kernelProcess());
        }
        if (!tarn.result.equals(kernel.result)) {
            throw new IllegalStateException("the peers differ: " + tarn.result + " and " + kernel.result);
        }
        out.println("| cold process, median of " + COLD_RUNS + " | first row ms | to Tarn | peak MB |");
        out.println("|---|---|---|---|");
        print("Tarn", tarn, tarn);
        print("Tarn, with the flags of Azure's worker", asWorker, tarn);
        print("Kernel's own engine", kernel, tarn);
        out.println();
    }

    private Cold measured(Cold before, Child child) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        before.millis.add(child.millisUntil("ROW ", folder.resolve("read.err"), lines));
        before.peaks.add(Double.parseDouble(Child.value(lines, "PEAK")));
        return new Cold(before.millis, before.peaks, Child.value(lines, "ROW"));
    }

    private void print(String peer, Cold measured, Cold reference) {
        out.printf(
                Locale.ROOT,
                "| %s | %.0f | %.2f | %.0f |%n",
                peer,
                Child.median(measured.millis),
                Child.median(measured.millis) / Child.median(reference.millis),
                Child.median(measured.peaks));
    }

    private void warm() throws IOException, InterruptedException {
        List<String> lines = tarnProcess("warm", List.of()).lines(folder.resolve("read.err"));
        double raw = median(lines, "RAW ");
        double tarn = median(lines, "TARN ");
        out.println("| warm, median of " + (ReadProcess.WARM_RUNS - WARM_UP) + " | ms | to read_parquet |");
        out.println("|---|---|---|");
        out.printf(Locale.ROOT, "| read_parquet of the files | %.1f | 1.00 |%n", raw);
        out.printf(Locale.ROOT, "| through the table | %.1f | %.2f |%n", tarn, tarn / raw);
    }

    private static double median(List<String> lines, String word) {
        return Child.median(lines.stream()
                .filter(line -> line.startsWith(word))
                .skip(WARM_UP)
                .map(line -> Double.parseDouble(line.substring(word.length())))
                .toList());
    }

    private Child tarnProcess(String mode, List<String> flags) {
        return new Child(
                ClassPath.shipped(),
                flags,
                ReadProcess.class,
                mode,
                root.toString(),
                folder.resolve("workspace").toString());
    }

    private Child kernelProcess() {
        return new Child(
                ClassPath.kernelDefaults(),
                List.of(),
                KernelProcess.class,
                root.resolve(SalesTable.NAME.path()).toString());
    }

    private String size() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(SalesTable.NAME.path()))) {
            List<Path> data =
                    files.filter(file -> file.toString().endsWith(".parquet")).toList();
            long bytes = 0;
            for (Path file : data) {
                bytes += Files.size(file);
            }
            return "5 M rows of 8 columns in " + data.size() + " files, " + bytes / 1_000_000 + " MB";
        }
    }
}
