package dev.tarn.bench;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * {@code tarn check}, each time in a process of its own, over the sample project and over one of 100 SQL files, beside the
 * three seconds that were promised for the latter.
 */
final class CheckBenchmark {

    private static final int FILES = 100;
    private static final int RUNS = 5;
    private static final double MOST_MILLIS = 3000;

    private static final Pattern TABLE = Pattern.compile("\\b(silver|gold)\\.\\w+");

    /** Names that are no tables': of views and flows, which a project has once, too. */
    private static final Pattern NAMED = Pattern.compile("CREATE (?:TEMPORARY VIEW|FLOW) (\\w+)");

    private final Path folder;
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    CheckBenchmark(Path folder) {
        this.folder = folder.resolve("check");
    }

    void run() throws IOException, InterruptedException {
        Child.delete(folder);
        Files.createDirectories(folder);
        Path project = folder.resolve("project");
        tarn("init", project.toString());
        Files.writeString(
                project.resolve(".secrets"),
                "odoo-url=postgresql://u:p@localhost/odoo\nsupabase-url=postgresql://u:p@localhost/supabase\n");
        out.println("| tarn check of SQL files | cold process ms, median of " + RUNS + " | of the promised 3,000 ms |");
        out.println("|---|---|---|");
        report(project);
        multiply(project.resolve("pipelines"));
        double millis = report(project);
        Child.delete(folder);
        if (millis > MOST_MILLIS) {
            throw new IllegalStateException("the check of " + FILES + " files takes more than " + MOST_MILLIS + " ms");
        }
    }

    private double report(Path project) throws IOException, InterruptedException {
        List<Double> millis = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            long start = System.nanoTime();
            tarn("check", "--project", project.toString());
            millis.add((System.nanoTime() - start) / 1e6);
        }
        double median = Child.median(millis);
        out.printf(
                Locale.ROOT,
                "| %d | %.0f | %.2f |%n",
                files(project.resolve("pipelines")).size(),
                median,
                median / MOST_MILLIS);
        return median;
    }

    private void tarn(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "-cp",
                System.getProperty("tarn.lib") + File.separator + "*",
                "dev.tarn.local.Tarn"));
        command.addAll(List.of(arguments));
        Child.lines(command, folder.resolve("err"), new ArrayList<>());
    }

    /** Files with flows, those of gold behind those of silver, which they read. */
    private static List<Path> files(Path pipelines) throws IOException {
        try (Stream<Path> files = Files.walk(pipelines)) {
            return files.filter(file -> file.toString().endsWith(".sql"))
                    .sorted(Comparator.comparing(
                                    (Path file) -> file.getFileName().toString().startsWith("gold"))
                            .thenComparing(Path::toString))
                    .toList();
        }
    }

    /** Adds copies of the files, each over tables, views and flows of its own number. */
    private static void multiply(Path pipelines) throws IOException {
        List<Path> files = files(pipelines);
        for (int number = files.size(); number < FILES; number++) {
            Path file = files.get(number % files.size());
            int copy = number / files.size();
            String sql = TABLE.matcher(Files.readString(file)).replaceAll("$0_" + copy);
            for (String name :
                    NAMED.matcher(sql).results().map(found -> found.group(1)).toList()) {
                sql = sql.replaceAll("\\b" + Matcher.quoteReplacement(name) + "\\b", name + "_" + copy);
            }
            Files.writeString(
                    Files.createDirectories(pipelines.resolve("copy_" + copy)).resolve(file.getFileName()), sql);
        }
    }
}
