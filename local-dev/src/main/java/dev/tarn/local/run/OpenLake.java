package dev.tarn.local.run;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** Opens lakes in a process of this machine, within a budget. */
public final class OpenLake {

    /** Memory of the whole process unless the user says otherwise, in bytes. */
    public static final long DEFAULT_MEMORY = 2L << 30;

    /** Temporary files unless the user says otherwise, in bytes. */
    public static final long DEFAULT_DISK = 2L << 30;

    private static final String FORMAT = "tarn/format.json";
    private static final String WORKSPACE = "tarn/workspace";

    private OpenLake() {}

    /**
     * Opens the lake at {@code storage}, or founds it. Files on their way into the lake are written next to it, so that
     * they need not be copied.
     *
     * @throws TarnException LAKE_NOT_WRITABLE, LAKE_FORMAT_NEWER, LAKE_DAMAGED, MEMORY_TOO_SMALL or DISK_TOO_SMALL
     */
    public static Lake writable(Storage storage, Path root, Clock clock, long memory, long disk) {
        Budget budget = Budget.ofProcess(memory, disk);
        Path workspace = root.resolve(WORKSPACE);
        try {
            Files.createDirectories(workspace);
        } catch (IOException e) {
            throw notWritable(root, e);
        }
        budget.check(workspace);
        return open(storage, DuckDb.open(budget, workspace), clock);
    }

    static TarnException notWritable(Path root, IOException cause) {
        return new TarnException(
                ErrorCode.LAKE_NOT_WRITABLE,
                "The lake at " + root + " cannot be written: "
                        + cause.getClass().getSimpleName() + ".",
                "Choose another place with --root, or give this user the right to create folders and files there.",
                cause);
    }

    /** Opens the lake in {@code storage} to look at it; empty when there is none. The lake is left as it is. */
    public static Optional<Lake> existing(Storage storage, Clock clock) {
        try {
            if (storage.find(FORMAT).isEmpty()) {
                return Optional.empty();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the lake at " + storage + " cannot be read", e);
        }
        return Optional.of(open(storage, duckDb(), clock));
    }

    /**
     * Opens the lake in {@code storage} to look at it and to deploy to it; founds it where there is none.
     *
     * @throws TarnException LAKE_NOT_WRITABLE, LAKE_FORMAT_NEWER or LAKE_DAMAGED
     */
    public static Lake founded(Storage storage, Clock clock) {
        return open(storage, duckDb(), clock);
    }

    /** DuckDB to look at what is there, with temporary files in the system's own folder for them. */
    public static DuckDb duckDb() {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"), "tarn-workspace");
        // Nobody said how much: a larger heap that the user wants takes nothing from DuckDB.
        long memory = Math.max(DEFAULT_MEMORY, 2 * Runtime.getRuntime().maxMemory());
        return DuckDb.open(Budget.ofProcess(memory, DEFAULT_DISK), temporary);
    }

    private static Lake open(Storage storage, DuckDb duckDb, Clock clock) {
        try {
            return Lake.open(storage, duckDb, clock);
        } catch (RuntimeException e) {
            duckDb.close();
            throw e;
        }
    }
}
