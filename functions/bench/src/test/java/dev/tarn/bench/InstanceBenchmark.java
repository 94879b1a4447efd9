package dev.tarn.bench;

import dev.tarn.azurite.Azurite;
import dev.tarn.engine.plan.PlanJson;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.azure.AzureAddress;
import dev.tarn.engine.storage.azure.AzureBlobStorage;
import dev.tarn.model.TableSchema;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The reference pipeline over 10 M rows, and {@code tarn up --once}, in the surroundings of an instance of 2 GB with
 * 800 MB of temporary disk. The lake itself is on another disk. No JVM flags for the pipeline; those of the
 * launcher for the command. Fails when either fails.
 */
final class InstanceBenchmark {

    private static final long MEMORY = 2L << 30;
    private static final long DISK = 800_000_000;
    private static final long ROWS = 10_000_000;

    private final Path folder;
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    InstanceBenchmark(Path folder) {
        this.folder = folder.resolve("instance");
    }

    void run() throws Exception {
        Child.delete(folder);
        Files.createDirectories(folder);
        Path disk = folder.resolve("disk");
        out.println("| what | limits | s | peak memory MB | peak temporary disk MB | of it spill MB |");
        out.println("|---|---|---|---|---|---|");
        pipeline(disk);
        up();
        tooLittle();
        Child.delete(folder);
    }

    private void pipeline(Path disk) throws Exception {
        Path bronze = folder.resolve("account_move.parquet");
        BronzeFile.write(bronze, ROWS);
        Path lake = Files.createDirectories(folder.resolve("lake"));
        load(bronze, new LocalStorage(lake));
        measure("lake in a folder", disk, Map.of(), lake);
        Child.delete(lake);
        if (Azurite.missing().isEmpty()) {
            try (Azurite azurite = Azurite.start(Files.createDirectories(folder.resolve("azurite")))) {
                String address = azurite.newLake();
                load(bronze, AzureBlobStorage.open(AzureAddress.parse(address)));
                measure("lake on Azurite", disk, Map.of("TARN_LAKE", address), lake);
            }
        } else {
            out.println(Azurite.missing().get());
        }
        Files.delete(bronze);
    }

    private void load(Path bronze, Storage lake) throws IOException {
        TableSchema schema = TarnPeer.load(bronze, lake, ReferencePipeline.BUDGET, folder.resolve("workspace"));
        Files.write(
                folder.resolve("plan.json"),
                PlanJson.write(TarnPeer.compile(ReferencePipeline.project(folder), schema)));
    }

    private void measure(String where, Path disk, Map<String, String> environment, Path lake)
            throws IOException, InterruptedException {
        Path scratch = folder.resolve("scratch");
        Child.delete(scratch);
        Files.createDirectories(scratch);
        try (InstanceLimits limits = new InstanceLimits(disk, MEMORY, DISK)) {
            List<String> command = new Child(
                            ClassPath.shipped(),
                            List.of("-Djava.io.tmpdir=" + disk),
                            PeerProcess.class,
                            "tarn-instance",
                            lake.toString(),
                            scratch.toString(),
                            "1")
                    .command();
            double seconds = seconds(limits.inside(command), environment, 0);
            report(String.format(Locale.ROOT, "%,d rows, %s", ROWS, where), limits, seconds);
        }
    }

    private void up() throws IOException, InterruptedException {
        Path root = Files.createDirectories(folder.resolve("up"));
        try (InstanceLimits limits = new InstanceLimits(root.resolve("tarn/workspace"), MEMORY, DISK)) {
            double seconds = seconds(limits.inside(tarn(root, "--memory", "1536MB", "--disk", "640MB")), Map.of(), 0);
            report("tarn up --once, PostgreSQL included", limits, seconds);
        }
    }

    private void tooLittle() throws IOException, InterruptedException {
        Path root = Files.createDirectories(folder.resolve("little"));
        try (InstanceLimits limits = new InstanceLimits(root.resolve("tarn/workspace"), MEMORY / 2, DISK / 2)) {
            out.println();
            out.println("In half of that, refused at the start:");
            for (List<String> budget : List.of(
                    List.of("--memory", "1536MB", "--disk", "300MB"), List.of("--memory", "1GB", "--disk", "640MB"))) {
                seconds(limits.inside(tarn(root, budget.toArray(String[]::new))), Map.of(), 2);
                out.println("    " + String.join(" ", budget) + ": "
                        + Files.readAllLines(folder.resolve("out")).stream()
                                .filter(line -> line.contains("_TOO_SMALL"))
                                .findFirst()
                                .orElseThrow());
            }
        }
    }

    private static List<String> tarn(Path root, String... budget) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "-cp",
                System.getProperty("tarn.lib") + File.separator + "*",
                "dev.tarn.local.Tarn",
                "up",
                "--once",
                "--root",
                root.toString()));
        command.addAll(List.of(budget));
        return command;
    }

    private double seconds(List<String> command, Map<String, String> environment, int exitCode)
            throws IOException, InterruptedException {
        Path said = folder.resolve("out");
        long start = System.nanoTime();
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        int ended = builder.directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start()
                .waitFor();
        if (ended != exitCode) {
            throw new IllegalStateException(command + " ended with " + ended + ":\n" + Files.readString(said));
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private void report(String what, InstanceLimits limits, double seconds) throws IOException {
        if (limits.killed() > 0) {
            throw new IllegalStateException(what + " met the kernel's killer");
        }
        try (Stream<String> lines = Files.lines(folder.resolve("out"))) {
            long process = lines.filter(line -> line.startsWith("PEAK "))
                    .mapToLong(line -> Long.parseLong(line.substring(5)))
                    .findFirst()
                    .orElse(0);
            out.printf(
                    Locale.ROOT,
                    "| %s | %s | %.1f | %d | %d | %d |%n",
                    what,
                    limits.kind(),
                    seconds,
                    Math.max(process, limits.peakMemoryMegabytes()),
                    limits.peakDiskMegabytes(),
                    limits.peakSpillMegabytes());
        }
    }
}
