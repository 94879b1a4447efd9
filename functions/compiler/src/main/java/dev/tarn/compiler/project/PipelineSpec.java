package dev.tarn.compiler.project;

import static dev.tarn.model.ErrorCode.CONFIGURATION_INVALID;
import static dev.tarn.model.ErrorCode.PROJECT_NOT_FOUND;

import dev.tarn.model.Layer;
import dev.tarn.model.SourcePosition;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/**
 * {@code spark-pipeline.yml}, in exactly Spark's own format.
 *
 * @param name of the project
 * @param catalog that may stand before a layer
 * @param layer of tables that are named without one, from {@code database}
 * @param timezone from {@code spark.sql.session.timeZone}, with its place
 * @param sqlFiles what {@code libraries} names, ordered by path, each once
 */
public record PipelineSpec(
        String name,
        Optional<String> catalog,
        Optional<Layer> layer,
        Optional<TimezoneSetting> timezone,
        List<String> sqlFiles) {

    public static final String FILE = "spark-pipeline.yml";

    private static final String TIMEZONE = "spark.sql.session.timeZone";
    private static final String EVERYTHING_BELOW = "/**";

    /** A time zone as written, and where. */
    public record TimezoneSetting(String zone, SourcePosition position) {}

    /** Reads the file; empty when something in it is wrong, which is then noted. */
    public static Optional<PipelineSpec> read(ProjectFiles files, Problems problems) {
        Optional<ProjectFile> file = files.find(FILE);
        if (file.isEmpty()) {
            if (problems.none()) {
                problems.add(
                        PROJECT_NOT_FOUND,
                        null,
                        "The folder is no project: it has no " + FILE + ".",
                        "Name the project's folder, or make a project with tarn init.");
            }
            return Optional.empty();
        }
        return YamlMap.of(file.get(), problems).flatMap(yaml -> read(yaml, files, problems));
    }

    private static Optional<PipelineSpec> read(YamlMap yaml, ProjectFiles files, Problems problems) {
        yaml.allow("name", "storage", "catalog", "database", "schema", "configuration", "libraries");
        Optional<String> catalog = yaml.text("catalog");
        yaml.required("storage").ifPresent(storage -> requireUri(yaml, storage));
        Optional<TimezoneSetting> timezone = yaml.map("configuration", false).flatMap(PipelineSpec::timezone);
        TreeSet<String> sqlFiles = new TreeSet<>();
        for (YamlMap library : yaml.maps("libraries")) {
            library.allow("glob")
                    .map("glob", true)
                    .ifPresent(glob -> sqlFiles.addAll(sqlFiles(glob.allow("include"), files, problems)));
        }
        Optional<Layer> layer = layer(yaml);
        return yaml.required("name")
                .map(name -> new PipelineSpec(name, catalog, layer, timezone, List.copyOf(sqlFiles)));
    }

    private static void requireUri(YamlMap yaml, String storage) {
        boolean absolute;
        try {
            absolute = new URI(storage).isAbsolute();
        } catch (URISyntaxException e) {
            absolute = false;
        }
        if (!absolute) {
            yaml.invalid(
                    "storage",
                    "'storage' is no absolute address, which Spark demands.",
                    "Write file:///some/folder. Tarn itself keeps nothing there.");
        }
    }

    private static Optional<TimezoneSetting> timezone(YamlMap configuration) {
        configuration.allow(TIMEZONE);
        return configuration.text(TIMEZONE).map(zone -> new TimezoneSetting(zone, configuration.position(TIMEZONE)));
    }

    /** The layer of that name, whatever its case, among those that hold tables of projects. */
    public static Optional<Layer> layer(String name) {
        return Arrays.stream(Layer.values())
                .filter(candidate -> candidate != Layer.TARN)
                .filter(candidate -> candidate.folder().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    private static Optional<Layer> layer(YamlMap yaml) {
        String key = yaml.has("schema") ? "schema" : "database";
        if (yaml.has("schema") && yaml.has("database")) {
            return yaml.invalid("schema", "'database' and 'schema' mean the same.", "Keep one of them.");
        }
        return yaml.text(key).flatMap(name -> {
            Optional<Layer> layer = layer(name);
            return layer.isPresent()
                    ? layer
                    : yaml.invalid(key, "'" + name + "' is not a layer.", "Write bronze, silver or gold.");
        });
    }

    private static List<String> sqlFiles(YamlMap glob, ProjectFiles files, Problems problems) {
        String include = glob.required("include").orElse("");
        if (include.isEmpty()) {
            return List.of();
        }
        boolean folder = include.endsWith(EVERYTHING_BELOW);
        String path = folder ? include.substring(0, include.length() - EVERYTHING_BELOW.length()) : include;
        if (path.isEmpty() || path.startsWith("/") || path.contains("..") || path.matches(".*[*?\\[\\]{}\\\\].*")) {
            glob.invalid(
                    "include",
                    "'" + include + "' is not a path that Spark takes.",
                    "Name a file of the project, or a folder and /** behind it: pipelines/**.");
            return List.of();
        }
        List<String> found = new ArrayList<>(folder ? files.list(path, "") : List.of(path));
        for (String name : found) {
            if (name.endsWith(".py")) {
                problems.add(
                        CONFIGURATION_INVALID,
                        glob.position("include"),
                        name + " is Python, which Tarn does not run.",
                        "Write the tables in SQL, or leave the file out of 'include'.");
            }
        }
        found.removeIf(name -> !name.endsWith(".sql"));
        if (found.isEmpty()) {
            glob.invalid(
                    "include", "'" + include + "' names no .sql file.", "Correct the path, or add the first file.");
        }
        return found;
    }
}
