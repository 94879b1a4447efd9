package dev.tarn.compiler.project;

import dev.tarn.model.Layer;
import dev.tarn.model.OdooSource;
import dev.tarn.model.SecretRef;
import dev.tarn.model.TableName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the files of {@code sources/}. */
public final class SourceReader {

    public static final String FOLDER = "sources";

    private static final Pattern MODEL = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z0-9_]+)*");
    private static final Pattern VERSION = Pattern.compile("1[6-9]");

    private final Problems problems;

    public SourceReader(Problems problems) {
        this.problems = problems;
    }

    /** Every source without a problem; the others' problems are noted. */
    public List<OdooSource> readAll(ProjectFiles files) {
        List<OdooSource> sources = new ArrayList<>();
        for (String path : files.list(FOLDER, ".yml")) {
            files.find(path)
                    .flatMap(file -> YamlMap.of(file, problems))
                    .flatMap(this::read)
                    .ifPresent(sources::add);
        }
        return sources;
    }

    private Optional<OdooSource> read(YamlMap yaml) {
        Optional<String> name = yaml.required("source").filter(text -> !text.isBlank());
        Optional<String> type = yaml.required("type");
        if (type.filter(found -> !found.equals("odoo")).isPresent()) {
            return yaml.invalid("type", "A source of type " + type.get() + " is not read yet.", "Only type: odoo is.");
        }
        yaml.allow("source", "type", "connection", "schedule", "tables");
        Optional<YamlMap> connection = yaml.map("connection", true).map(map -> map.allow("database", "version"));
        Optional<SecretRef> database = connection.flatMap(map -> map.secret("database"));
        Optional<Integer> version = connection.flatMap(SourceReader::version);
        Optional<YamlMap> schedule = yaml.map("schedule", true).map(map -> map.allow("every"));
        schedule.ifPresent(map -> map.required("every"));
        Optional<Duration> every = schedule.flatMap(map -> map.duration("every"));
        List<OdooSource.Table> tables = yaml.maps("tables").stream()
                .flatMap(table -> table(table).stream())
                .toList();
        if (name.isEmpty() || database.isEmpty() || version.isEmpty() || every.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new OdooSource(name.get(), database.get(), version.get(), every.get(), tables, yaml.position()));
    }

    private static Optional<Integer> version(YamlMap connection) {
        return connection
                .required("version")
                .flatMap(text -> VERSION.matcher(text).matches()
                        ? Optional.of(Integer.valueOf(text))
                        : connection.invalid(
                                "version",
                                "Odoo " + text + " is not a version that Tarn knows.",
                                "Write the major version of the server: 16, 17, 18 or 19."));
    }

    private Optional<OdooSource.Table> table(YamlMap yaml) {
        yaml.allow("model", "table", "exclude");
        if (yaml.has("model") == yaml.has("table")) {
            return yaml.invalid(
                    yaml.has("model") ? "table" : "model",
                    "An entry of 'tables' needs either 'model' or 'table'.",
                    "Write model: account.move, or table: account_move.");
        }
        String key = yaml.has("model") ? "model" : "table";
        Set<String> exclude = Set.copyOf(yaml.texts("exclude"));
        return yaml.text(key).flatMap(text -> {
            String relation = text.replace('.', '_');
            if (!MODEL.matcher(text).matches()
                    || !TableName.isTableName(relation)
                    || (key.equals("table") && text.contains("."))) {
                return yaml.invalid(
                        key,
                        "'" + text + "' is not the name of a " + key + ".",
                        "Write model: account.move, or table: account_move.");
            }
            return Optional.of(
                    new OdooSource.Table(relation, new TableName(Layer.BRONZE, relation), exclude, yaml.position(key)));
        });
    }
}
