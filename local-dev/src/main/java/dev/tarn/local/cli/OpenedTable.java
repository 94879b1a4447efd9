package dev.tarn.local.cli;

import dev.tarn.compiler.Compiler;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.DeltaTables;
import dev.tarn.engine.delta.TableLocation;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.lake.UpdateIds;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.local.project.ProjectFolder;
import dev.tarn.local.run.OpenLake;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Nearest;
import dev.tarn.model.Plan;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import dev.tarn.model.UpdateId;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The table that a command is about, a table of the lake or any other on this machine. It exists. */
final class OpenedTable implements AutoCloseable {

    private static final ZoneId UTC = ZoneId.of("UTC");

    private final DeltaTable table;
    private final String path;
    private final DuckDb duckDb;
    private final UpdateIds updateIds;
    private final Supplier<ZoneId> timezone;
    private final Runnable closing;

    private OpenedTable(
            DeltaTable table, String path, DuckDb duckDb, Clock clock, Supplier<ZoneId> timezone, Runnable closing) {
        this.table = table;
        this.path = path;
        this.duckDb = duckDb;
        this.updateIds = new UpdateIds(clock);
        this.timezone = timezone;
        this.closing = closing;
    }

    /**
     * Opens what {@code name} names: a folder when it has a {@code /} or is one, else a table of the lake.
     *
     * @throws TarnException TABLE_NOT_FOUND, with the nearest names; USAGE for what can be no table
     */
    static OpenedTable open(String name, RootCommand options, LakeOptions lakeOptions, Surroundings surroundings) {
        return isPath(name, surroundings)
                ? ofFolder(name, options, surroundings)
                : ofLake(name, options, lakeOptions, surroundings);
    }

    private static boolean isPath(String name, Surroundings surroundings) {
        return name.contains("/") || Files.isDirectory(surroundings.resolve(name));
    }

    private static OpenedTable ofFolder(String name, RootCommand options, Surroundings surroundings) {
        Path folder = folder(name, surroundings);
        if (!Files.isDirectory(folder.resolve("_delta_log"))) {
            throw new TarnException(
                    ErrorCode.TABLE_NOT_FOUND,
                    Files.isDirectory(folder)
                            ? folder + " is no Delta table: it has no folder _delta_log."
                            : "There is no folder " + folder + ".",
                    "Name the folder of a Delta table, or a table of the lake by layer and name: silver.account_move.");
        }
        DuckDb duckDb = OpenLake.duckDb();
        try {
            DeltaTables tables = new DeltaTables(new LocalStorage(folder.getParent()), duckDb, surroundings.clock());
            DeltaTable table =
                    tables.table(new TableLocation(name, folder.getFileName().toString()));
            if (table.newestVersion().isEmpty()) {
                throw new TarnException(
                        ErrorCode.TABLE_NOT_FOUND,
                        folder + " is no Delta table: its _delta_log has no commit.",
                        "Name the folder of a Delta table.");
            }
            return new OpenedTable(
                    table,
                    folder.toString(),
                    duckDb,
                    surroundings.clock(),
                    () -> timezoneOfProject(options, surroundings),
                    duckDb::close);
        } catch (RuntimeException e) {
            duckDb.close();
            throw e;
        }
    }

    private static Path folder(String name, Surroundings surroundings) {
        Path folder;
        try {
            folder = name.startsWith("file:/") ? Path.of(URI.create(name)) : surroundings.resolve(name);
        } catch (IllegalArgumentException e) {
            throw notHere(name);
        }
        if (name.matches("(?!file:)[A-Za-z][A-Za-z0-9+.-]+:/.*")
                || folder.getFileName() == null
                || folder.getFileName().toString().indexOf('\\') >= 0) {
            throw notHere(name);
        }
        return folder;
    }

    private static TarnException notHere(String name) {
        return new TarnException(
                ErrorCode.USAGE,
                name + " is not the folder of a table on this machine.",
                "Name a folder, or a table of the lake by layer and name: silver.account_move.");
    }

    private static ZoneId timezoneOfProject(RootCommand options, Surroundings surroundings) {
        return options.project()
                .map(folder -> ProjectFolder.require(surroundings.resolve(folder)))
                .or(() -> ProjectFolder.nearest(surroundings.workingFolder()))
                .map(project -> Compiler.settings(project).timezone())
                .orElse(UTC);
    }

    private static OpenedTable ofLake(
            String name, RootCommand options, LakeOptions lakeOptions, Surroundings surroundings) {
        LakeOfPlace place = LakeOfPlace.open(Place.find(options, surroundings, lakeOptions), surroundings);
        try {
            Optional<Plan> plan = place.deployedPlan();
            DeltaTable table = TableName.tryParse(name)
                    .map(place.lake()::table)
                    .filter(found -> found.newestVersion().isPresent())
                    .orElseThrow(() -> unknown(name, plan, place));
            return new OpenedTable(
                    table,
                    place.lake().storage() + "/" + table.location().path(),
                    place.lake().duckDb(),
                    surroundings.clock(),
                    () -> plan.map(Plan::timezone).orElse(UTC),
                    place::close);
        } catch (RuntimeException e) {
            place.close();
            throw e;
        }
    }

    private static TarnException unknown(String name, Optional<Plan> plan, LakeOfPlace place) {
        List<String> names = plan.map(OpenedTable::names).orElse(List.of());
        String what = "The lake at " + place.lake().storage() + " has no table " + name;
        return names.contains(name)
                ? new TarnException(ErrorCode.TABLE_NOT_FOUND, what + " yet.", "Run tarn up: it fills the table.")
                : new TarnException(
                        ErrorCode.TABLE_NOT_FOUND,
                        what + ".",
                        Nearest.sentence(
                                name, names, "See its tables with tarn status, or name the folder of a Delta table."));
    }

    private static List<String> names(Plan plan) {
        return Stream.of(
                        plan.sources().stream()
                                .flatMap(source -> source.tables().stream())
                                .map(TableSource.Table::target),
                        plan.webhooks().stream()
                                .flatMap(source -> source.endpoints().stream())
                                .map(endpoint -> endpoint.target()),
                        plan.drops().stream().map(drop -> drop.target()),
                        plan.flows().stream().map(flow -> flow.target()))
                .flatMap(tables -> tables)
                .map(TableName::toString)
                .toList();
    }

    DeltaTable table() {
        return table;
    }

    /** Where the table is. */
    String path() {
        return path;
    }

    DuckDb duckDb() {
        return duckDb;
    }

    /** The zone of the project, UTC where there is none. */
    ZoneId timezone() {
        return timezone.get();
    }

    /** An id for work on the table. */
    UpdateId newUpdateId() {
        return updateIds.next();
    }

    @Override
    public void close() {
        closing.run();
    }
}
