package dev.tarn.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads 5 M rows of 13 columns from a PostgreSQL on this machine into an empty lake, beside what {@code psql} takes to throw
 * them away as CSV, in turns; then what looks cost that find nothing, or 1,000 changed rows, beside {@code count(*)}.
 */
final class ExtractBenchmark {

    private static final int RUNS = 3;
    private static final double LEAST_RATIO = 0.8;
    private static final double MOST_MEGABYTES = 400;
    private static final double MOST_COUNTS = 3;
    private static final double MOST_FRESH_MILLIS = 2_000;

    private final Path folder;
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    ExtractBenchmark(Path folder) {
        this.folder = folder.resolve("extract");
    }

    void run() throws IOException, InterruptedException, SQLException {
        Child.delete(folder);
        Files.createDirectories(folder);
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("postgres"))
                .setServerConfig("shared_buffers", "1GB")
                .setServerConfig("max_wal_size", "4GB")
                .setPGStartupWait(Duration.ofSeconds(60))
                .start()) {
            try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
                OdooLines.create(connection);
            }
            measure(postgres.getPort());
        }
        Child.delete(folder);
    }

    private void measure(int port) throws IOException, InterruptedException {
        out.printf(
                Locale.ROOT,
                "Java %s, %d cores; %,d rows of 13 columns, warm%n%n",
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                OdooLines.ROWS);
        List<Double> copies = new ArrayList<>();
        List<Double> loads = new ArrayList<>();
        List<Double> peaks = new ArrayList<>();
        List<String> lines = List.of();
        for (int run = 0; run < RUNS; run++) {
            copies.add(copy(port));
            lines = load(port);
            loads.add(Double.parseDouble(Child.value(lines, "LOAD")));
            peaks.add(Double.parseDouble(Child.value(lines, "PEAK")));
        }
        double ratio = Child.median(copies) / Child.median(loads);
        out.println("| first load | s | of psql's speed | peak MB |");
        out.println("|---|---|---|---|");
        out.printf(
                Locale.ROOT,
                "| `psql -c \"COPY ... TO STDOUT (FORMAT csv)\"`, thrown away | %.2f | 1 | |%n",
                Child.median(copies));
        out.printf(
                Locale.ROOT,
                "| Tarn, from connection to committed Delta version | %.2f | %.2f | %.0f |%n%n",
                Child.median(loads),
                ratio,
                Child.median(peaks));
        double count = look(lines, "count");
        out.println("| look | ms | of count(*) |");
        out.println("|---|---|---|");
        for (String kind : List.of("count", "idle", "horizon", "fresh", "keys")) {
            out.printf(Locale.ROOT, "| %s | %.0f | %.1f |%n", kind, look(lines, kind), look(lines, kind) / count);
        }
        if (ratio < LEAST_RATIO
                || Child.median(peaks) > MOST_MEGABYTES
                || look(lines, "idle") > MOST_COUNTS * count
                || look(lines, "fresh") > MOST_FRESH_MILLIS) {
            throw new IllegalStateException("a limit is missed: " + LEAST_RATIO + " of psql, " + MOST_MEGABYTES
                    + " MB, " + MOST_COUNTS + " x count(*), " + MOST_FRESH_MILLIS + " ms");
        }
    }

    private static double look(List<String> lines, String kind) {
        return Child.median(lines.stream()
                .filter(line -> line.startsWith("LOOK " + kind + " "))
                .map(line -> Double.parseDouble(line.split(" ")[2]))
                .toList());
    }

    private double copy(int port) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process psql = new ProcessBuilder(
                        "psql",
                        "-h",
                        "127.0.0.1",
                        "-p",
                        Integer.toString(port),
                        "-U",
                        "postgres",
                        "-c",
                        "COPY " + OdooLines.TABLE + " TO STDOUT (FORMAT csv)")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(folder.resolve("psql.err").toFile())
                .start();
        if (psql.waitFor() != 0) {
            throw new IllegalStateException("psql failed: " + Files.readString(folder.resolve("psql.err")));
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private List<String> load(int port) throws IOException, InterruptedException {
        Child.delete(folder.resolve("lake"));
        return new Child(
                        ClassPath.shipped(),
                        ReferencePipeline.flags("tarn"),
                        ExtractProcess.class,
                        folder.resolve("lake").toString(),
                        folder.resolve("workspace").toString(),
                        "postgresql://postgres@127.0.0.1:" + port + "/postgres")
                .lines(folder.resolve("extract.err"));
    }
}
