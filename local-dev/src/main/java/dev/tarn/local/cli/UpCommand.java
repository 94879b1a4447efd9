package dev.tarn.local.cli;

import dev.tarn.local.demo.DemoDatabases;
import dev.tarn.local.demo.OdooSeed;
import dev.tarn.local.run.LakeStorage;
import dev.tarn.local.run.OpenLake;
import dev.tarn.local.run.Stop;
import dev.tarn.local.run.Up;
import dev.tarn.local.run.UpListener;
import dev.tarn.local.run.UpSettings;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.SecretRef;
import dev.tarn.model.TarnException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tarn up}: a whole lake on this machine. */
@Command(
        name = "up",
        description =
                "Run the whole lake on this machine and react to changes. Without a project: the sample, on a demo Odoo.")
final class UpCommand implements Callable<Integer> {

    private static final int HIGHEST_PORT = 65_535;
    private static final int DEFAULT_PORT = 8080;
    private static final int DEFAULT_POSTGRES_PORT = 5433;
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration WATCH_FOLDER = Duration.ofMillis(50);

    /** Each look is a request for each table. */
    private static final Duration WATCH_SERVICE = Duration.ofMillis(250);

    private final RootCommand options;
    private final Surroundings surroundings;
    private final Stop stop;

    @Option(names = "--once", description = "End when everything has settled, instead of staying up.")
    private boolean once;

    @Mixin
    private LakeOptions lakeOptions = new LakeOptions();

    @Option(
            names = "--rows",
            paramLabel = "N",
            description = "Journal entries in the demo Odoo when it is made. Default: 10000.")
    private @Nullable Integer rows;

    @Option(
            names = "--odoo-secret",
            paramLabel = "NAME",
            description = "Secret with the address of the Odoo database, instead of the one the source names.")
    private @Nullable SecretRef odooSecret;

    @Option(names = "--port", paramLabel = "N", description = "Of the status page, 0 for any. Default: 8080.")
    private @Nullable Integer port;

    @Option(
            names = "--postgres-port",
            paramLabel = "N",
            description = "Of the demo databases, 0 for any. Default: 5433.")
    private @Nullable Integer postgresPort;

    @Option(names = "--memory", paramLabel = "SIZE", description = "Memory of the whole process. Default: 2GB.")
    private Size memory = new Size(OpenLake.DEFAULT_MEMORY);

    @Option(names = "--disk", paramLabel = "SIZE", description = "Disk for temporary files. Default: 2GB.")
    private Size disk = new Size(OpenLake.DEFAULT_DISK);

    UpCommand(RootCommand options, Surroundings surroundings, Stop stop) {
        this.options = options;
        this.surroundings = surroundings;
        this.stop = stop;
    }

    @Override
    public Integer call() throws InterruptedException {
        Place place = Place.find(options, surroundings, lakeOptions);
        Elsewhere elsewhere = place.elsewhere();
        if (elsewhere != null) {
            throw new TarnException(
                    ErrorCode.USAGE,
                    "The lake of target " + elsewhere.target() + " is " + elsewhere
                            + "; tarn up runs lakes of this machine.",
                    "Put the project there with tarn deploy" + elsewhere.option()
                            + ", or run it here with another target or --root DIR.");
        }
        Console console = new Console(surroundings, options.format());
        try (Progress progress = new Progress(surroundings)) {
            UpListener report = console.isJson()
                    ? new JsonReport(console, progress, options.stacktrace())
                    : new TableReport(
                            console,
                            progress,
                            surroundings.workingFolder(),
                            place.storage(),
                            once,
                            options.stacktrace());
            UpSettings settings = settings(place);
            try (LakeStorage storage = storage(place, progress)) {
                return new Up(settings, storage.storage(), surroundings.environment(), surroundings.clock(), report)
                        .run(stop);
            }
        }
    }

    private static LakeStorage storage(Place place, Progress progress) {
        return progress.during("start the storage", () -> LakeStorage.toRun(place.root(), place.storage()));
    }

    private UpSettings settings(Place place) {
        require(rows, 1, OdooSeed.MOST_MOVES, "--rows");
        require(port, 0, HIGHEST_PORT, "--port");
        require(postgresPort, 0, HIGHEST_PORT, "--postgres-port");
        return new UpSettings(
                place.project(),
                place.sample(),
                options.target(),
                place.root(),
                once,
                rows == null ? OptionalInt.empty() : OptionalInt.of(rows),
                Optional.ofNullable(odooSecret),
                pagePort(),
                portOr(postgresPort, once ? DemoDatabases.FREE_PORT : DEFAULT_POSTGRES_PORT),
                memory.bytes(),
                disk.bytes(),
                LOOK,
                place.storage() == LakeStorage.Kind.FOLDER ? WATCH_FOLDER : WATCH_SERVICE);
    }

    /** A lake that runs once has no page unless one is asked for. */
    private OptionalInt pagePort() {
        if (port == null) {
            return once ? OptionalInt.empty() : OptionalInt.of(DEFAULT_PORT);
        }
        return OptionalInt.of(port);
    }

    private static void require(@Nullable Integer value, long least, long most, String option) {
        if (value != null && (value < least || value > most)) {
            throw new TarnException(
                    ErrorCode.USAGE,
                    option + " takes " + least + " to " + most + ", not " + value + ".",
                    "See tarn up --help.");
        }
    }

    private static int portOr(@Nullable Integer port, int otherwise) {
        return port == null ? otherwise : port;
    }
}
