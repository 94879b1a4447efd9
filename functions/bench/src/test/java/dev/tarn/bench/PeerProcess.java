package dev.tarn.bench;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.azure.AzureAddress;
import dev.tarn.engine.storage.azure.AzureBlobStorage;
import dev.tarn.model.Plan;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One process that runs one peer several times and prints, per run, {@code RUN <millis> <silver> <gold> <total>}, and at
 * its end {@code PEAK <MB>}: the most memory the whole process held, as the kernel counts it.
 */
final class PeerProcess {

    private PeerProcess() {}

    public static void main(String[] arguments) throws Exception {
        String name = arguments[0];
        Path bronze = Path.of(arguments[1]);
        Path scratch = Path.of(arguments[2]);
        int runs = Integer.parseInt(arguments[3]);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (Peer peer = peer(name, scratch)) {
            for (int run = 0; run < runs; run++) {
                Path target = Files.createDirectories(scratch.resolve(name + "-" + run));
                long start = System.nanoTime();
                Peer.Result result = peer.run(bronze, target);
                long millis = (System.nanoTime() - start) / 1_000_000;
                out.printf(
                        Locale.ROOT,
                        "RUN %d %d %d %s%n",
                        millis,
                        result.silverRows(),
                        result.goldRows(),
                        result.total());
            }
        }
        out.println("PEAK " + Child.peakMegabytes());
        out.flush();
        // Spark leaves threads behind that would hold the process for seconds.
        Runtime.getRuntime().halt(0);
    }

    private static Peer peer(String name, Path scratch) throws Exception {
        Budget budget = ReferencePipeline.BUDGET;
        Path workspace = Files.createDirectories(scratch.resolve("workspace"));
        switch (name) {
            case "duckdb":
                return new RawDuckDb(budget.duckdbMemoryBytes(), budget.threads(), workspace);
            case "spark":
                return new SparkPeer(workspace);
            case "tarn-instance":
                // As the function app has it, whatever the instance.
                Budget whole = Budget.ofProcess(Budget.usualMemory(), 640L << 20);
                Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
                whole.check(temporary);
                return new TarnPeer(ReferencePipeline.readPlan(scratch.getParent()), whole, temporary, account());
            case "tarn":
                Lake.preload();
                Plan plan = ReferencePipeline.readPlan(scratch.getParent());
                return new TarnPeer(plan, budget, workspace);
            default:
                throw new IllegalArgumentException("no peer is called " + name);
        }
    }

    /** The storage account that the lake is in; null for a folder. */
    private static @Nullable Storage account() {
        String address = System.getenv("TARN_LAKE");
        return address == null ? null : AzureBlobStorage.open(AzureAddress.parse(address));
    }
}
