package dev.tarn.bench;

import dev.tarn.engine.delta.DataFile;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.model.TableName;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * A process that reads logs through {@code DeltaTable}, many times each. Prints {@code <what> <millis>} for each time,
 * {@code <table> <files> <bytes>} for what was listed, and {@code PEAK <MB>}.
 */
final class LogProcess {

    static final int RUNS = 30;

    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private LogProcess() {}

    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        Path workspace = Path.of(arguments[1]);
        LocalStorage storage = new LocalStorage(root);
        try (Lake lake = LogTables.open(storage, workspace)) {
            timed("first", () -> lake.table(LogTables.COMMITS).snapshot().orElseThrow());
            for (int run = 0; run < RUNS; run++) {
                timed(
                        "nothing-new",
                        () -> lake.table(LogTables.COMMITS).snapshot().orElseThrow());
            }
            for (int run = 0; run < RUNS; run++) {
                anew(storage, workspace);
            }
            list(lake, "FILES", LogTables.FILES);
            list(lake, "DIVIDED", LogTables.DIVIDED);
            afterCommit(lake, storage, workspace);
        }
        OUT.println("PEAK " + Child.peakMegabytes());
    }

    /** By somebody who has not seen the table, in a process that is warm. */
    private static void anew(LocalStorage storage, Path workspace) throws IOException {
        try (Lake other = LogTables.open(storage, workspace)) {
            timed("anew", () -> other.table(LogTables.COMMITS).snapshot().orElseThrow());
        }
    }

    /** Another one commits, so that its commits are new here. */
    private static void afterCommit(Lake lake, LocalStorage storage, Path workspace) throws IOException {
        try (Lake writer = LogTables.open(storage, workspace)) {
            for (int run = 0; run < RUNS; run++) {
                LogTables.append(writer, LogTables.COMMITS);
                timed("one-new", () -> lake.table(LogTables.COMMITS).snapshot().orElseThrow());
            }
        }
    }

    private static void list(Lake lake, String word, TableName name) {
        TableSnapshot table = lake.table(name).snapshot().orElseThrow();
        List<DataFile> files = List.of();
        for (int run = 0; run < RUNS; run++) {
            files = timed(word.toLowerCase(Locale.ROOT), table::files);
        }
        OUT.println(word + " " + files.size() + " "
                + files.stream().mapToLong(DataFile::size).sum());
    }

    private static <T> T timed(String what, Supplier<T> work) {
        long start = System.nanoTime();
        T result = work.get();
        OUT.printf(Locale.ROOT, "%s %.2f%n", what, (System.nanoTime() - start) / 1e6);
        return result;
    }
}
