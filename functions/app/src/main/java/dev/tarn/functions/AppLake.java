package dev.tarn.functions;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** The lake of this process, opened by the first function that asks for it and kept open for the next. */
@Singleton
public class AppLake {

    private final TarnConfig config;
    private @Nullable Lake lake;

    public AppLake(TarnConfig config) {
        this.config = config;
        // While the rest of the app starts: the first event then finds the library loaded.
        Lake.preload();
    }

    /** The open lake. Throws {@link TarnException} when a setting is wrong or the lake cannot be opened. */
    public synchronized Lake open() {
        if (lake == null) {
            Storage storage = storage();
            Budget budget = Budget.ofProcess(
                    config.memory().asLongValue(), config.disk().asLongValue());
            budget.check(config.workspace());
            lake = Lake.open(storage, DuckDb.open(budget, config.workspace()), Clock.systemUTC());
        }
        return lake;
    }

    private Storage storage() {
        URI address = config.lake()
                .orElseThrow(() -> new TarnException(
                        ErrorCode.CONFIGURATION_INVALID,
                        "The setting tarn.lake is missing, so the app has no lake.",
                        "Set TARN_LAKE to the lake's folder, for example file:///srv/lake."));
        if (!"file".equals(address.getScheme()) || address.getAuthority() != null || address.isOpaque()) {
            // The address may carry a signature, so only its kind is named.
            throw new TarnException(
                    ErrorCode.CONFIGURATION_INVALID,
                    "The setting tarn.lake is an address of kind '" + address.getScheme()
                            + "', and this app opens lakes in folders only.",
                    "Set TARN_LAKE to the lake's folder, for example file:///srv/lake.");
        }
        return new LocalStorage(Path.of(address));
    }

    @PreDestroy
    synchronized void close() {
        if (lake != null) {
            lake.close();
            lake = null;
        }
    }
}
