package dev.tarn.local.cli;

import static java.util.Objects.requireNonNull;

import dev.tarn.connect.extract.Extraction;
import dev.tarn.connect.odoo.api.ApiAccess;
import dev.tarn.connect.odoo.api.Patience;
import dev.tarn.connect.postgres.PostgresUrl;
import dev.tarn.engine.lake.Lake;
import dev.tarn.local.project.ProjectFolder;
import dev.tarn.local.project.Secrets;
import dev.tarn.local.run.CompiledProject;
import dev.tarn.local.run.SourceAddress;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Nearest;
import dev.tarn.model.Plan;
import dev.tarn.model.SourceConnection;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A source of the project, how it is reached, and the lake that it is read into. */
final class OpenedSource implements AutoCloseable {

    private final Place place;
    private final LakeOfPlace lake;
    private final Plan plan;
    private final TableSource source;
    private final Secrets secrets;
    private final String target;

    private OpenedSource(Place place, LakeOfPlace lake, Plan plan, TableSource source, Secrets secrets, String target) {
        this.place = place;
        this.lake = lake;
        this.plan = plan;
        this.source = source;
        this.secrets = secrets;
        this.target = target;
    }

    /**
     * Opens it; nothing is connected yet.
     *
     * @param name null for the only one there is
     * @param command that is run, {@code tarn odoo resync}
     * @throws TarnException PROJECT_NOT_FOUND, every problem of the project, USAGE for a source that is not there,
     *     SECRET_MISSING
     */
    static OpenedSource open(
            RootCommand options,
            Surroundings surroundings,
            LakeOptions lakeOptions,
            Optional<String> name,
            String command) {
        Place place = Place.find(options, surroundings, lakeOptions);
        Path project = project(place, surroundings);
        String target = CompiledProject.target(project, options.target()).name();
        LakeOfPlace lake = LakeOfPlace.open(place, surroundings);
        try {
            Plan plan = CompiledProject.compile(project, target, lake.lake());
            TableSource source = choose(plan, name, command);
            Secrets secrets = Secrets.of(surroundings.environment(), project);
            if (isDatabase(source)) {
                SourceAddress.require(source, secrets, place.root(), target);
            }
            return new OpenedSource(place, lake, plan, source, secrets, target);
        } catch (RuntimeException e) {
            lake.close();
            throw e;
        }
    }

    /** Folder of the project; the sample's is there once it has run. */
    static Path project(Place place, Surroundings surroundings) {
        return place.sample() && !Files.isDirectory(place.project())
                ? ProjectFolder.requireNearest(surroundings.workingFolder())
                : place.project();
    }

    /** The source of that name, or the only one there is to choose. */
    static TableSource choose(Plan plan, Optional<String> name, String command) {
        if (name.isEmpty()) {
            return only(plan.sources(), command);
        }
        return plan.sources().stream()
                .filter(found -> found.name().equals(name.get()))
                .findFirst()
                .orElseThrow(() -> new TarnException(
                        ErrorCode.USAGE,
                        "The project has no source " + name.get() + " that tables are read from.",
                        Nearest.sentence(name.get(), names(plan.sources()), "It has " + listed(plan.sources()) + ".")));
    }

    private static TableSource only(List<TableSource> possible, String command) {
        if (possible.size() == 1) {
            return possible.get(0);
        }
        if (possible.isEmpty()) {
            throw new TarnException(
                    ErrorCode.USAGE,
                    "The project has no source that tables are read from.",
                    "Describe one in a file of the folder sources: see docs/how-to/own-odoo.md.");
        }
        throw new TarnException(
                ErrorCode.USAGE,
                "The project has " + possible.size() + " sources: " + listed(possible) + ".",
                "Name one of them to " + command + ".");
    }

    private static boolean isDatabase(TableSource source) {
        return !(source.connection() instanceof SourceConnection.OdooApi);
    }

    private static List<String> names(List<TableSource> sources) {
        return sources.stream().map(TableSource::name).toList();
    }

    private static String listed(List<TableSource> sources) {
        return sources.isEmpty() ? "none" : String.join(", ", names(sources));
    }

    /** The tables of these names, in the source's order; all for none. Throws {@link TarnException} (TABLE_NOT_FOUND). */
    List<TableSource.Table> tables(List<String> names) {
        return tables(source, names);
    }

    /** As {@link #tables(List)}. */
    static List<TableSource.Table> tables(TableSource source, List<String> names) {
        List<TableSource.Table> chosen = new ArrayList<>();
        names.forEach(name -> chosen.add(table(source, name)));
        return names.isEmpty()
                ? source.tables()
                : source.tables().stream().filter(chosen::contains).toList();
    }

    /** The table whose name in the database, whose model or whose bronze table it is. */
    static TableSource.Table table(TableSource source, String name) {
        return source.tables().stream()
                .filter(table -> table.relation().toString().equals(name)
                        || table.target().toString().equals(name)
                        || isModel(source, table, name))
                .findFirst()
                .orElseThrow(() -> new TarnException(
                        ErrorCode.TABLE_NOT_FOUND,
                        "Source " + source.name() + " has no table " + name + ".",
                        Nearest.sentence(
                                name,
                                source.tables().stream()
                                        .map(table -> table.relation().toString())
                                        .toList(),
                                "List it below tables of " + source.position().file() + ".")));
    }

    private static boolean isModel(TableSource source, TableSource.Table table, String name) {
        return !(source.connection() instanceof SourceConnection.Postgres)
                && table.relation().toString().equals(name.replace('.', '_'));
    }

    Lake lake() {
        return lake.lake();
    }

    /** Folder of the lake. */
    Path root() {
        return place.root();
    }

    Plan plan() {
        return requireNonNull(plan);
    }

    TableSource source() {
        return source;
    }

    /** The address of its database. */
    PostgresUrl url() {
        return SourceAddress.require(source, secrets, place.root(), target);
    }

    /** How it is read through Odoo's API; empty for a database. */
    Optional<ApiAccess> api() {
        return source.connection() instanceof SourceConnection.OdooApi api
                ? Optional.of(SourceAddress.access(source, api, secrets, target, Patience.usual(lake().clock())))
                : Optional.empty();
    }

    /** What reads it into the lake. */
    Extraction extraction() {
        return SourceAddress.extraction(lake(), source, secrets, place.root(), target);
    }

    @Override
    public void close() {
        lake.close();
    }
}
