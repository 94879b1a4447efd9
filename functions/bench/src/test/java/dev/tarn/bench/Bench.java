package dev.tarn.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Starts a benchmark: {@code reference <folder> <rows> ...}, {@code read <folder>}, {@code log <folder>},
 * {@code merge <folder>}, {@code cdc <folder>}, {@code check <folder>}, {@code extract <folder>}, {@code instance <folder>} or
 * {@code webhook <folder>}.
 */
public final class Bench {

    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]).toAbsolutePath();
        List<String> rest = Arrays.asList(arguments).subList(2, arguments.length);
        switch (arguments[0]) {
            case "reference" -> new ReferencePipeline(folder).run(rest);
            case "cdc" -> new CdcBenchmark(folder).run();
            case "check" -> new CheckBenchmark(folder).run();
            case "extract" -> new ExtractBenchmark(folder).run();
            case "instance" -> new InstanceBenchmark(folder).run();
            case "log" -> new LogBenchmark(folder).run();
            case "merge" -> new MergeBenchmark(folder).run();
            case "read" -> new ReadBenchmark(folder).run();
            case "webhook" -> new WebhookBenchmark(folder).run();
            default -> throw new IllegalArgumentException("no benchmark is called " + arguments[0]);
        }
    }
}
