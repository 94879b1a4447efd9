package dev.tarn.bench;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.plan.PlanJson;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.model.Plan;
import dev.tarn.model.TableSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The benchmark: every peer in a process of its own, cold (one run in a new process, its start included) and warm (the
 * median of later runs in one process), peers taking turns. Prints a table in Markdown with ratios to bare DuckDB.
 */
final class ReferencePipeline {

    /** What every peer gets: two threads and the memory of a small instance. */
    static final Budget BUDGET = new Budget(256L << 20, 400L << 20, 400L << 20, 400L << 20, 200L << 20, 2);

    private static final int WARM_RUNS = 7;
    private static final int COLD_RUNS = 5;
    private static final int SPARK_RUNS = 4;

    private final Path folder;
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    ReferencePipeline(Path folder) {
        this.folder = folder;
    }

    private record Measured(double coldMillis, double warmMillis, long peakMegabytes, String result) {}

    /** @param arguments numbers of rows, and optionally {@code --without-spark} */
    void run(List<String> arguments) throws Exception {
        List<String> rows = new ArrayList<>(arguments);
        boolean spark = !rows.remove("--without-spark");
        header();
        for (String number : rows) {
            measure(Long.parseLong(number), spark);
        }
    }

    static Plan readPlan(Path folder) throws IOException {
        return PlanJson.read(Files.readAllBytes(folder.resolve("plan.json")));
    }

    private void header() {
        out.println("Java " + Runtime.version() + ", " + Runtime.getRuntime().availableProcessors()
                + " cores, DuckDB limit "
                + (BUDGET.duckdbMemoryBytes() >> 20) + " MB, heap " + (BUDGET.heapBytes() >> 20)
                + " MB (Spark 2 GB); warm: median of "
                + (WARM_RUNS - 2) + " after 2, cold: median of " + COLD_RUNS + " whole processes (Spark: median of "
                + (SPARK_RUNS - 2)
                + " after 2, cold once)");
        out.println();
        out.println("| rows | peer | warm s | to DuckDB | cold process s | to DuckDB | peak MB |");
        out.println("|---|---|---|---|---|---|---|");
    }

    private void measure(long rows, boolean spark) throws Exception {
        Path work = Files.createDirectories(folder.resolve("rows-" + rows));
        Child.delete(work);
        Files.createDirectories(work);
        Path bronzeFile = work.resolve("account_move.parquet");
        BronzeFile.write(bronzeFile, rows);
        Path lake = Files.createDirectories(work.resolve("lake"));
        TableSchema schema = TarnPeer.load(bronzeFile, new LocalStorage(lake), BUDGET, work.resolve("workspace"));
        Files.write(work.resolve("plan.json"), PlanJson.write(TarnPeer.compile(project(work), schema)));
        Measured raw = measure("duckdb", bronzeFile, work, WARM_RUNS, COLD_RUNS);
        Measured tarn = measure("tarn", lake, work, WARM_RUNS, COLD_RUNS);
        print(rows, "DuckDB", raw, raw);
        print(rows, "Tarn", tarn, raw);
        same(raw, tarn);
        if (spark) {
            Measured measured = measure("spark", lake, work, SPARK_RUNS, 1);
            print(rows, "Spark", measured, raw);
            same(raw, measured);
        }
        Child.delete(work);
    }

    private void print(long rows, String peer, Measured measured, Measured raw) {
        out.printf(
                Locale.ROOT,
                "| %,d | %s | %.2f | %.2f | %.2f | %.2f | %d |%n",
                rows,
                peer,
                measured.warmMillis / 1000,
                measured.warmMillis / raw.warmMillis,
                measured.coldMillis / 1000,
                measured.coldMillis / raw.coldMillis,
                measured.peakMegabytes);
    }

    private static void same(Measured one, Measured other) {
        if (!one.result.equals(other.result)) {
            throw new IllegalStateException("the peers differ: " + one.result + " and " + other.result);
        }
    }

    private Measured measure(String peer, Path bronze, Path work, int warmRuns, int coldRuns) throws Exception {
        List<Double> cold = new ArrayList<>();
        for (int run = 0; run < coldRuns; run++) {
            long start = System.nanoTime();
            run(peer, bronze, work, 1);
            cold.add((System.nanoTime() - start) / 1e6);
        }
        List<String> lines = run(peer, bronze, work, warmRuns);
        List<String> runs =
                lines.stream().filter(line -> line.startsWith("RUN ")).toList();
        List<Double> warm = runs.stream()
                .skip(2)
                .map(line -> Double.parseDouble(line.split(" ")[1]))
                .toList();
        String last = runs.get(runs.size() - 1);
        long peak = lines.stream()
                .filter(line -> line.startsWith("PEAK "))
                .mapToLong(line -> Long.parseLong(line.substring(5)))
                .findFirst()
                .orElseThrow();
        return new Measured(Child.median(cold), Child.median(warm), peak, last.substring(last.indexOf(' ', 4) + 1));
    }

    private List<String> run(String peer, Path bronze, Path work, int runs) throws IOException, InterruptedException {
        Path scratch = work.resolve("scratch");
        Child.delete(scratch);
        Files.createDirectories(scratch);
        return new Child(
                        peer.equals("spark") ? ClassPath.everything() : ClassPath.shipped(),
                        flags(peer),
                        PeerProcess.class,
                        peer,
                        bronze.toString(),
                        scratch.toString(),
                        String.valueOf(runs))
                .lines(work.resolve(peer + ".err"));
    }

    static List<String> flags(String peer) {
        if (!peer.equals("spark")) {
            return List.of("-Xmx" + (BUDGET.heapBytes() >> 20) + "m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        }
        List<String> flags = new ArrayList<>(List.of("-Xmx2g"));
        for (String packageName : List.of(
                "java.lang",
                "java.lang.invoke",
                "java.lang.reflect",
                "java.io",
                "java.net",
                "java.nio",
                "java.util",
                "java.util.concurrent",
                "java.util.concurrent.atomic",
                "sun.nio.ch",
                "sun.nio.cs",
                "sun.security.action",
                "sun.util.calendar")) {
            flags.add("--add-opens=java.base/" + packageName + "=ALL-UNNAMED");
        }
        return flags;
    }

    static Path project(Path work) throws IOException {
        Path project = work.resolve("project");
        for (String file : List.of(
                "spark-pipeline.yml",
                "tarn.yml",
                "sources/odoo.yml",
                "pipelines/silver_account_move.sql",
                "pipelines/gold_monthly_journal.sql")) {
            Files.createDirectories(project.resolve(file).getParent());
            try (InputStream in = ReferencePipeline.class.getResourceAsStream("/reference/" + file)) {
                Files.write(project.resolve(file), in.readAllBytes());
            }
        }
        return project;
    }
}
