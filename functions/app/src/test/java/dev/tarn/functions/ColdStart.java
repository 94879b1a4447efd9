package dev.tarn.functions;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.azurite.Azurite;
import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.azure.AzureAddress;
import dev.tarn.engine.storage.azure.AzureBlobStorage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Starts the packaged app as the worker does, in new processes, and prints where the time goes until the first commit has
 * run its flows, and until a webhook's first event is kept: on a lake in a folder, and on Azurite where that can run, there in turns with a bare function that puts one
 * blob. Arguments: the packaged folder, that of the bare function, and one to work in.
 */
public final class ColdStart {

    private static final int RUNS = 5;
    private static final String WHOLE = "whole, process start to both flows committed";
    private static final String WEBHOOK = "webhook, process start to its first event answered with 202";
    private static final String BARE = "bare function, process start to its blob";
    private static final int COMMITS = 12;
    private static final String WARM = "third to twelfth commit, two flows each";
    private static final Budget BUDGET = new Budget(128L << 20, 128L << 20, 128L << 20, 64L << 20, 128L << 20, 1);
    private static final Pattern LOGGED =
            Pattern.compile("here budget (\\d+) ms, storage (\\d+) ms, plan (\\d+) ms; DuckDB after (\\d+) ms");
    private static final List<String> BESIDE =
            List.of("- budget, workspace", "- storage client, format", "- plan", "- DuckDB, from its start");

    private final Path app;
    private final @Nullable Path bare;
    private final Path scratch;
    private final Map<String, List<Double>> phases = new LinkedHashMap<>();

    /** @param bare null where there is nothing to put a blob into */
    private ColdStart(Path app, @Nullable Path bare, Path scratch) {
        this.app = app;
        this.bare = bare;
        this.scratch = scratch;
    }

    public static void main(String[] arguments) throws IOException {
        Path app = Path.of(arguments[0]);
        Path work = Files.createTempDirectory(Files.createDirectories(Path.of(arguments[2])), "run");
        ColdStart folder = new ColdStart(app, null, work.resolve("on-folder"));
        Path root = work.resolve("lake");
        folder.measure(root.toUri().toString(), new LocalStorage(root));
        PrintStream out = new PrintStream(System.out, true, UTF_8);
        out.println("Java " + Runtime.version() + ", " + Runtime.getRuntime().availableProcessors()
                + " cores; no JVM flags; median of " + RUNS + " processes, ms");
        folder.print(out, "folder");
        if (Azurite.missing().isEmpty()) {
            String address = Azurite.shared().newLake();
            ColdStart azurite = new ColdStart(app, Path.of(arguments[1]), work.resolve("on-azurite"));
            azurite.measure(address, AzureBlobStorage.open(AzureAddress.parse(address)));
            azurite.print(out, "Azurite");
            azurite.compare(out);
        } else {
            out.println(Azurite.missing().get());
        }
        System.exit(0);
    }

    private void measure(String address, Storage storage) throws IOException {
        try (Lake lake = Lake.open(storage, DuckDb.open(BUDGET, scratch.resolve("writer")), Clock.systemUTC())) {
            OrdersLake orders = new OrdersLake(lake);
            orders.deployWithWebhook();
            for (int run = 0; run < RUNS; run++) {
                start(address, orders, Files.createDirectories(scratch.resolve("run-" + run)));
                startWebhook(address, Files.createDirectories(scratch.resolve("webhook-" + run)), run);
                if (bare != null) {
                    startBare(bare, address, Files.createDirectories(scratch.resolve("bare-" + run)));
                }
            }
        }
    }

    private void start(String address, OrdersLake orders, Path folder) throws IOException {
        Map<String, byte[]> first = event(orders.arrive(1));
        long start = System.nanoTime();
        try (FunctionHost host = start(address, folder)) {
            long listening = System.nanoTime();
            host.load("cleanse");
            long loaded = System.nanoTime();
            host.invoke("cleanse", first);
            long done = System.nanoTime();
            double second = again(host, orders);
            add("JVM, until the worker listens", listening - start);
            add("Quarkus, until the function is loaded", loaded - listening);
            add("first commit: rest of the lake, two flows", done - loaded);
            add(WHOLE, done - start);
            addLogged(host.log());
            phases.computeIfAbsent("second commit, two flows", name -> new ArrayList<>())
                    .add(second);
            for (int commit = 3; commit <= COMMITS; commit++) {
                phases.computeIfAbsent(WARM, name -> new ArrayList<>()).add(again(host, orders));
            }
            host.peakMegabytes()
                    .ifPresent(peak -> phases.computeIfAbsent("peak MB of the process", name -> new ArrayList<>())
                            .add((double) peak));
        }
    }

    /** Milliseconds that a process which has done so before takes for a commit. */
    private static double again(FunctionHost host, OrdersLake orders) throws IOException {
        Map<String, byte[]> commit = event(orders.arrive(1));
        long start = System.nanoTime();
        host.invoke("cleanse", commit);
        return (System.nanoTime() - start) / 1e6;
    }

    private FunctionHost start(String address, Path folder) throws IOException {
        return new FunctionHost(
                app,
                folder,
                Map.of(
                        "TARN_LAKE",
                        address,
                        "TARN_WORKSPACE",
                        folder.resolve("w").toString(),
                        OrdersLake.HOOK.environmentVariable(),
                        "open sesame"));
    }

    private void startWebhook(String address, Path folder, int event) throws IOException {
        Map<String, byte[]> sent = Map.of(
                "request",
                ("{\"id\": " + event + "}").getBytes(UTF_8),
                "source",
                "orders".getBytes(UTF_8),
                "header.content-type",
                "application/json".getBytes(UTF_8),
                "header.x-webhook-secret",
                "open sesame".getBytes(UTF_8));
        long start = System.nanoTime();
        try (FunctionHost host = start(address, folder)) {
            host.load("webhook");
            String answer = host.invoke("webhook", sent);
            if (!answer.startsWith("202 ")) {
                throw new IllegalStateException("the event was not accepted: " + answer);
            }
            add(WEBHOOK, System.nanoTime() - start);
        }
    }

    private void startBare(Path packaged, String address, Path folder) throws IOException {
        long start = System.nanoTime();
        try (FunctionHost host = new FunctionHost(packaged, folder, Map.of("TARN_LAKE", address))) {
            host.load("put");
            host.invoke("put", Map.of("request", "{}".getBytes(UTF_8)));
            add(BARE, System.nanoTime() - start);
        }
    }

    private void compare(PrintStream out) {
        out.printf(Locale.ROOT, "%n%s: %.0f ms (limit 300)%n", WARM, median(phases.get(WARM)));
        compare(out, WHOLE, 2.2);
        compare(out, WEBHOOK, 1.6);
    }

    private void compare(PrintStream out, String phase, double limit) {
        out.printf(
                Locale.ROOT,
                "%n%s: %.2f of the bare function (limit %.1f)%n",
                phase,
                median(phases.get(phase)) / median(phases.get(BARE)),
                limit);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static Map<String, byte[]> event(String commit) {
        return Map.of("file", new byte[0], "name", commit.getBytes(UTF_8));
    }

    private void add(String phase, long nanos) {
        phases.computeIfAbsent(phase, name -> new ArrayList<>()).add(nanos / 1e6);
    }

    /** What the app says of the threads that open its lake beside everything else. */
    private void addLogged(String log) {
        Matcher logged = LOGGED.matcher(log);
        if (!logged.find()) {
            throw new IllegalStateException("the app did not say how it opened its lake:\n" + log);
        }
        for (int phase = 0; phase < BESIDE.size(); phase++) {
            add(BESIDE.get(phase), Long.parseLong(logged.group(phase + 1)) * 1_000_000);
        }
    }

    private void print(PrintStream out, String lake) {
        out.println();
        out.println("| lake on " + lake + " | median |");
        out.println("|---|---|");
        phases.forEach((phase, values) -> out.printf(Locale.ROOT, "| %s | %.0f |%n", phase, median(values)));
    }
}
