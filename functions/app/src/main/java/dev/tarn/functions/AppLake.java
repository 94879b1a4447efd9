package dev.tarn.functions;

import dev.tarn.connect.trigger.EnvironmentSecrets;
import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.plan.PlanStore;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.azure.AzureBlobStorage;
import dev.tarn.engine.storage.azure.LakeAddress;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Plan;
import dev.tarn.model.TarnException;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lake of this process, open for every function. It is opened beside the start of the app, so that the first event
 * finds it open; what keeps it from opening is told to the first function that asks for it, and the next one tries again.
 */
@Singleton
@Startup
public class AppLake {

    private static final Logger LOG = LoggerFactory.getLogger(AppLake.class);

    private final TarnConfig config;
    private final EnvironmentSecrets secrets;
    private @Nullable CompletableFuture<Lake> lake;

    @Inject
    public AppLake(TarnConfig config) {
        this(config, System.getenv());
    }

    AppLake(TarnConfig config, Map<String, String> environment) {
        this.config = config;
        this.secrets = new EnvironmentSecrets(environment);
        Lake.preload();
        CompletableFuture<Lake> opening = new CompletableFuture<>();
        lake = opening;
        Thread starter = new Thread(() -> start(opening), "lake-open");
        starter.setDaemon(true);
        starter.start();
    }

    /** The open lake. Throws {@link TarnException} when a setting is wrong or the lake cannot be opened. */
    public synchronized Lake open() {
        if (lake == null) {
            lake = CompletableFuture.completedFuture(open(startDuckDb()));
        }
        try {
            return lake.join();
        } catch (CompletionException e) {
            lake = null;
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }

    /** Those of the app's settings. */
    EnvironmentSecrets secrets() {
        return secrets;
    }

    /** Whether events announce the lake's files: those of a storage account do, those of a folder do not. */
    boolean isToldOfFiles() {
        return config.lake().map(LakeAddress::parse).orElseThrow() instanceof LakeAddress.Account;
    }

    private void start(CompletableFuture<Lake> opening) {
        long start = System.nanoTime();
        try {
            DuckDb duckDb = startDuckDb();
            long budget = System.nanoTime();
            Lake opened = open(duckDb);
            long open = System.nanoTime();
            opening.complete(opened);
            lookAhead(opened);
            long plan = System.nanoTime();
            opened.duckDb().session().close();
            LOG.info(
                    "lake open: process began {} ms ago; here budget {} ms, storage {} ms, plan {} ms; DuckDB after {} ms",
                    ManagementFactory.getRuntimeMXBean().getUptime(),
                    millis(start, budget),
                    millis(budget, open),
                    millis(open, plan),
                    millis(start, System.nanoTime()));
        } catch (RuntimeException | LinkageError e) {
            if (opening.isDone()) {
                // Told by the first event, which meets the same, to somebody who can act on it.
                LOG.debug("the start could not look ahead", e);
                return;
            }
            if (e instanceof TarnException) {
                LOG.error("The app cannot work:\n{}", e.getMessage());
            }
            // Only now, so that the log says it before any function does.
            opening.completeExceptionally(e);
        }
    }

    private DuckDb startDuckDb() {
        long memory = config.memory().map(MemorySize::asLongValue).orElseGet(Budget::usualMemory);
        Budget budget = Budget.ofProcess(memory, config.disk().asLongValue());
        budget.check(config.workspace());
        tell(budget);
        return DuckDb.open(budget, config.workspace());
    }

    private void tell(Budget budget) {
        LOG.info(
                "Tarn {} on Java {}: memory {}, of which Java's heap {} and DuckDB {}; disk {} below {}, of which spill {},"
                        + " cache {} and files being written {}; {} threads",
                Version.TEXT,
                Runtime.version(),
                Budget.mebibytes(budget.memoryBytes()),
                Budget.mebibytes(budget.heapBytes()),
                Budget.mebibytes(budget.duckdbMemoryBytes()),
                Budget.mebibytes(budget.diskBytes()),
                config.workspace(),
                Budget.mebibytes(budget.spillBytes()),
                Budget.mebibytes(budget.cacheBytes()),
                Budget.mebibytes(budget.writingBytes()),
                budget.threads());
    }

    private Lake open(DuckDb duckDb) {
        try {
            return Lake.open(storage(config), duckDb, Clock.systemUTC());
        } catch (RuntimeException e) {
            duckDb.close();
            throw e;
        }
    }

    private static Storage storage(TarnConfig config) {
        LakeAddress address = LakeAddress.parse(config.lake()
                .orElseThrow(() -> new TarnException(
                        ErrorCode.CONFIGURATION_INVALID,
                        "The setting tarn.lake is missing, so the app has no lake.",
                        "Set TARN_LAKE to the lake's storage account, for example https://<account>.blob.core.windows.net,"
                                + " or to its folder, for example file:///srv/lake.")));
        return address instanceof LakeAddress.Account account
                        && config.identity().isPresent()
                ? AzureBlobStorage.open(account.address().as(config.identity().get()))
                : address.open();
    }

    /** Reads the plan as the first event will: then its classes are there, and the storage's connection. */
    private void lookAhead(Lake lake) {
        try {
            Optional<Plan> plan = new PlanStore(lake.storage()).current();
            if (plan.isEmpty()) {
                LOG.warn("The lake has no plan. Deploy the project to this lake.");
            }
            plan.map(secrets::missing).orElse(List.of()).forEach(problem -> LOG.error("{}", problem));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long millis(long from, long to) {
        return (to - from) / 1_000_000;
    }

    @PreDestroy
    synchronized void close() {
        CompletableFuture<Lake> opened = lake;
        lake = null;
        if (opened != null && opened.handle((there, failure) -> failure == null).join()) {
            opened.join().close();
        }
    }
}
