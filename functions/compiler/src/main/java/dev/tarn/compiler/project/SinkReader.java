package dev.tarn.compiler.project;

import dev.tarn.model.Layer;
import dev.tarn.model.PostgresSink;
import dev.tarn.model.SecretRef;
import dev.tarn.model.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the files of {@code sinks/}. */
public final class SinkReader {

    public static final String FOLDER = "sinks";

    private static final Pattern SCHEMA_AND_TABLE = Pattern.compile("[a-z_][a-z0-9_]{0,62}\\.[a-z_][a-z0-9_]{0,62}");

    private final Problems problems;

    public SinkReader(Problems problems) {
        this.problems = problems;
    }

    /** Every sink without a problem; the others' problems are noted. */
    public List<PostgresSink> readAll(ProjectFiles files) {
        List<PostgresSink> sinks = new ArrayList<>();
        for (String path : files.list(FOLDER, ".yml")) {
            files.find(path)
                    .flatMap(file -> YamlMap.of(file, problems))
                    .flatMap(this::read)
                    .ifPresent(sinks::add);
        }
        return sinks;
    }

    private Optional<PostgresSink> read(YamlMap yaml) {
        Optional<String> name = yaml.required("sink").filter(text -> !text.isBlank());
        Optional<String> type = yaml.required("type");
        if (type.filter(found -> !found.equals("postgres")).isPresent()) {
            return yaml.invalid(
                    "type", "A sink of type " + type.get() + " is not written yet.", "Only type: postgres is.");
        }
        yaml.allow("sink", "type", "connection", "tables");
        Optional<SecretRef> connection = yaml.secret("connection");
        List<PostgresSink.Table> tables = yaml.maps("tables").stream()
                .flatMap(table -> table(table).stream())
                .toList();
        return name.isPresent() && connection.isPresent()
                ? Optional.of(new PostgresSink(name.get(), connection.get(), tables, yaml.position()))
                : Optional.empty();
    }

    private Optional<PostgresSink.Table> table(YamlMap yaml) {
        yaml.allow("from", "to", "key", "mode", "scope");
        Optional<TableName> from = yaml.required("from").flatMap(text -> gold(yaml, text));
        Optional<String> to = yaml.required("to")
                .flatMap(text -> SCHEMA_AND_TABLE.matcher(text).matches()
                        ? Optional.of(text)
                        : yaml.invalid(
                                "to",
                                "'" + text + "' is not a table of PostgreSQL.",
                                "Write schema.table in lower case."));
        List<String> key = yaml.texts("key");
        if (key.isEmpty()) {
            yaml.invalid("key", "A published table needs a key.", "Write key: [column, ...].");
        }
        Optional<PostgresSink.Mode> mode = yaml.required("mode").flatMap(text -> mode(yaml, text));
        if (from.isEmpty() || to.isEmpty() || key.isEmpty() || mode.isEmpty()) {
            return Optional.empty();
        }
        String[] target = to.get().split("\\.");
        return Optional.of(
                new PostgresSink.Table(from.get(), target[0], target[1], key, mode.get(), yaml.position("from")));
    }

    private static Optional<TableName> gold(YamlMap yaml, String text) {
        Optional<TableName> table = TableName.tryParse(text);
        if (table.isEmpty()) {
            return yaml.invalid("from", "'" + text + "' is not the name of a table.", "Write gold.table.");
        }
        if (table.get().layer() != Layer.GOLD) {
            return yaml.invalid(
                    "from", text + " is not gold: only gold is published.", "Make a gold table from it and name that.");
        }
        return table;
    }

    private static Optional<PostgresSink.Mode> mode(YamlMap yaml, String text) {
        Optional<String> scope = yaml.text("scope");
        if (text.equals("upsert")) {
            return scope.isEmpty()
                    ? Optional.of(PostgresSink.Mode.UPSERT)
                    : yaml.invalid("scope", "'scope' has no meaning for mode upsert.", "Leave it out.");
        }
        if (!text.equals("mirror")) {
            return yaml.invalid("mode", "'" + text + "' is not a mode.", "Write upsert or mirror.");
        }
        return scope.filter("all"::equals).isPresent()
                ? Optional.of(PostgresSink.Mode.MIRROR)
                : yaml.invalid(
                        scope.isPresent() ? "scope" : "mode",
                        "Mode mirror deletes rows and needs 'scope: all': Tarn owns the whole table.",
                        "Add scope: all, or write mode: upsert.");
    }
}
