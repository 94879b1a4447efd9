package dev.tarn.bench;

import dev.tarn.model.TableName;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reading large logs: the snapshot of a table with 10,000 commits, and the list of 72,000 files from a checkpoint, beside
 * Delta Kernel's own engine. The peers have processes of their own and take turns. Fails when a limit is missed.
 */
final class LogBenchmark {

    private static final int TURNS = 3;

    /** What an update has in the reference pipeline. */
    private static final List<String> HEAP = List.of("-Xmx256m");

    /** Runs of each process that only warm it. */
    private static final int WARM_UP = 10;

    private static final double SNAPSHOT_MILLIS = 100;

    private final Path folder;
    private final Path root;
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    LogBenchmark(Path folder) {
        this.folder = folder.resolve("log");
        this.root = this.folder.resolve("lake");
    }

    /** Milliseconds of a peer, by what was done, and what it listed. */
    private record Measured(Map<String, List<Double>> warm, Map<String, String> listed, List<Double> peaks) {

        Measured() {
            this(new HashMap<>(), new HashMap<>(), new ArrayList<>());
        }

        void add(List<String> lines) {
            Map<String, List<Double>> ofProcess = new HashMap<>();
            for (String line : lines) {
                String[] words = line.split(" ", 2);
                if (words[0].equals("PEAK")) {
                    peaks.add(Double.valueOf(words[1]));
                } else if (words[0].equals(words[0].toUpperCase(Locale.ROOT))) {
                    listed.put(words[0], words[1]);
                } else {
                    ofProcess
                            .computeIfAbsent(words[0], what -> new ArrayList<>())
                            .add(Double.valueOf(words[1]));
                }
            }
            ofProcess.forEach((what, millis) -> warm.computeIfAbsent(what, all -> new ArrayList<>())
                    .addAll(millis.size() > WARM_UP ? millis.subList(WARM_UP, millis.size()) : millis));
        }

        double median(String what) {
            return Child.median(warm.getOrDefault(what, List.of(Double.NaN)));
        }
    }

    void run() throws IOException, InterruptedException {
        Child.delete(folder);
        Files.createDirectories(folder);
        new LogTables(root, workspace()).make();
        out.printf(
                Locale.ROOT,
                "Java %s, %d cores%n%n",
                Runtime.version(),
                Runtime.getRuntime().availableProcessors());
        Measured tarn = new Measured();
        Measured kernel = new Measured();
        for (int turn = 0; turn < TURNS; turn++) {
            kernel.add(kernelProcess().lines(folder.resolve("log.err")));
            tarn.add(tarnProcess().lines(folder.resolve("log.err")));
        }
        print(tarn, kernel);
        check(tarn, kernel);
        Child.delete(folder);
    }

    private Child kernelProcess() {
        return new Child(
                ClassPath.kernelDefaults(),
                HEAP,
                KernelLogProcess.class,
                table(LogTables.COMMITS),
                table(LogTables.FILES),
                table(LogTables.DIVIDED));
    }

    private String table(TableName name) {
        return root.resolve(name.path()).toString();
    }

    private Child tarnProcess() {
        return new Child(
                ClassPath.shipped(),
                HEAP,
                LogProcess.class,
                root.toString(),
                workspace().toString());
    }

    private Path workspace() {
        return folder.resolve("workspace");
    }

    private void print(Measured tarn, Measured kernel) {
        out.println("| what | Tarn ms | Kernel's own engine ms | Tarn to Kernel's |");
        out.println("|---|---|---|---|");
        print("10,000 commits: the newest snapshot again, nothing new", "nothing-new", tarn, kernel);
        print("the same after one new commit", "one-new", tarn, kernel);
        print("the same, by somebody who has not seen the table, warm", "anew", tarn, kernel);
        print("the same, the first in a process", "first", tarn, kernel);
        print("72,000 files, listed from a checkpoint", "files", tarn, kernel);
        print("the same, partitioned by two columns", "divided", tarn, kernel);
        out.printf(
                Locale.ROOT,
                "| peak of the process, MB | %.0f | %.0f | %.2f |%n",
                Child.median(tarn.peaks),
                Child.median(kernel.peaks),
                Child.median(tarn.peaks) / Child.median(kernel.peaks));
    }

    private void print(String what, String word, Measured tarn, Measured kernel) {
        double ours = tarn.median(word);
        double theirs = kernel.median(word);
        if (Double.isNaN(theirs)) {
            out.printf(Locale.ROOT, "| %s | %.0f | – | – |%n", what, ours);
        } else {
            out.printf(Locale.ROOT, "| %s | %.0f | %.0f | %.2f |%n", what, ours, theirs, ours / theirs);
        }
    }

    private static void check(Measured tarn, Measured kernel) {
        if (!tarn.listed.equals(kernel.listed)) {
            throw new IllegalStateException("the peers differ: " + tarn.listed + " and " + kernel.listed);
        }
        List<String> missed = new ArrayList<>();
        for (String snapshot : List.of("nothing-new", "one-new", "anew")) {
            if (tarn.median(snapshot) > SNAPSHOT_MILLIS) {
                missed.add(snapshot + " takes more than " + SNAPSHOT_MILLIS + " ms");
            }
        }
        for (String listing : List.of("files", "divided")) {
            if (tarn.median(listing) > kernel.median(listing)) {
                missed.add(listing + " is slower than Kernel's own engine");
            }
        }
        if (!missed.isEmpty()) {
            throw new IllegalStateException("limits are missed: " + missed);
        }
    }
}
