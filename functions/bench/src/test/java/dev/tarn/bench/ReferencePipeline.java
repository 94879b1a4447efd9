package dev.tarn.bench;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.plan.PlanJson;
import dev.tarn.model.Plan;
import dev.tarn.model.TableSchema;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The benchmark: every peer in a process of its own, cold (one run in a new process, its start included) and warm (the
 * median of later runs in one process), peers taking turns. Prints a table in Markdown with ratios to bare DuckDB.
 * Arguments: the folder to work in, then the numbers of rows, then optionally {@code --without-spark}.
 */
public final class ReferencePipeline {

    /** What every peer gets: two threads and the memory of a small instance. */
    static final Budget BUDGET = new Budget(256L << 20, 400L << 20, 400L << 20, 400L << 20, 200L << 20, 2);

    private static final Pattern SHIPPED = Pattern.compile(
            "(classes$|/(shared-model|engine|compiler|duckdb_jdbc|delta-kernel-api|RoaringBitmap|shims|jackson-[a-z0-9-]+|"
                    + "slf4j-api|java-uuid-generator)-[0-9][^/]*$)");

    private static final int WARM_RUNS = 7;
    private static final int COLD_RUNS = 5;
    private static final int SPARK_RUNS = 4;

    private final Path folder;
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private ReferencePipeline(Path folder) {
        this.folder = folder;
    }

    private record Measured(double coldMillis, double warmMillis, long peakMegabytes, String result) {}

    public static void main(String[] arguments) throws Exception {
        List<String> rest = new ArrayList<>(Arrays.asList(arguments).subList(1, arguments.length));
        boolean spark = !rest.remove("--without-spark");
        ReferencePipeline pipeline = new ReferencePipeline(Path.of(arguments[0]).toAbsolutePath());
        pipeline.header();
        for (String rows : rest) {
            pipeline.measure(Long.parseLong(rows), spark);
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
        delete(work);
        Files.createDirectories(work);
        Path bronzeFile = work.resolve("account_move.parquet");
        BronzeFile.write(bronzeFile, rows);
        Path lake = Files.createDirectories(work.resolve("lake"));
        TableSchema schema = TarnPeer.load(bronzeFile, lake, BUDGET, work.resolve("workspace"));
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
        delete(work);
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
        return new Measured(median(cold), median(warm), peak, last.substring(last.indexOf(' ', 4) + 1));
    }

    private List<String> run(String peer, Path bronze, Path work, int runs) throws IOException, InterruptedException {
        Path scratch = work.resolve("scratch");
        delete(scratch);
        Files.createDirectories(scratch);
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath(peer)));
        command.addAll(flags(peer));
        command.addAll(List.of(
                PeerProcess.class.getName(), peer, bronze.toString(), scratch.toString(), String.valueOf(runs)));
        Process process = new ProcessBuilder(command)
                .redirectError(work.resolve(peer + ".err").toFile())
                .start();
        List<String> lines;
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            lines = reader.lines().toList();
        }
        if (process.waitFor() != 0) {
            throw new IllegalStateException(peer + " failed:\n" + Files.readString(work.resolve(peer + ".err")));
        }
        return lines;
    }

    /** Spark's whole world for Spark, only what ships for the others: class paths cost time at start. */
    private static String classPath(String peer) {
        String everything = System.getProperty("java.class.path");
        return peer.equals("spark")
                ? everything
                : Arrays.stream(everything.split(File.pathSeparator))
                        .filter(entry ->
                                SHIPPED.matcher(Path.of(entry).toString()).find())
                        .collect(Collectors.joining(File.pathSeparator));
    }

    private static List<String> flags(String peer) {
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

    private static Path project(Path work) throws IOException {
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

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
