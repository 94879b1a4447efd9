package dev.tarn.compiler.project;

import dev.tarn.model.Layer;
import dev.tarn.model.Relation;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads an entry of {@code tables} of a source. */
final class SourceTableReader {

    private static final Pattern MODEL = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z0-9_]+)*");
    private static final Pattern RELATION = Pattern.compile("[^.]{1,63}(\\.[^.]{1,63})?");

    private static final String FILES = "file_megabytes";
    private static final String WITH_FILES = "ir_attachment";
    private static final Set<String> NEEDED_FOR_FILES = Set.of("checksum", "file_size", "type");
    private static final Pattern MEGABYTES = Pattern.compile("[1-9]|10");

    private final YamlMap yaml;
    private final boolean odoo;
    private final boolean api;

    private SourceTableReader(YamlMap yaml, boolean odoo, boolean api) {
        this.yaml = yaml;
        this.odoo = odoo;
        this.api = api;
    }

    /** @param api whether an Odoo is read through its API */
    static Optional<TableSource.Table> read(YamlMap yaml, boolean odoo, boolean api) {
        return new SourceTableReader(yaml, odoo, api).read();
    }

    private Optional<TableSource.Table> read() {
        if (odoo) {
            yaml.allow("model", "table", "exclude", "key", "split", "schedule", FILES);
        } else {
            yaml.allow("table", "as", "exclude", "key", "split", "schedule");
        }
        return odoo ? odooTable() : yaml.required("table").flatMap(this::anyTable);
    }

    private Optional<TableSource.Table> odooTable() {
        if (yaml.has("model") == yaml.has("table")) {
            return yaml.invalid(
                    yaml.has("model") ? "table" : "model",
                    "An entry of 'tables' needs either 'model' or 'table'.",
                    "Write model: account.move, or table: account_move.");
        }
        String key = yaml.has("model") ? "model" : "table";
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
            return Optional.of(table(new Relation(null, relation), relation, key));
        });
    }

    private Optional<TableSource.Table> anyTable(String text) {
        if (!RELATION.matcher(text).matches()) {
            return yaml.invalid(
                    "table",
                    "'" + text + "' is not the name of a table.",
                    "Write table: orders, or table: shop.orders.");
        }
        String target = yaml.text("as").orElse(text.replace('.', '_'));
        if (!TableName.isTableName(target)) {
            return yaml.invalid(
                    yaml.has("as") ? "as" : "table",
                    "'" + target + "' cannot be the name of a bronze table.",
                    "Give it one of small letters, digits and _: as: orders.");
        }
        return Optional.of(table(Relation.parse(text), target, "table"));
    }

    private TableSource.Table table(Relation relation, String target, String at) {
        Optional<YamlMap> schedule = yaml.map("schedule", false).map(map -> map.allow("every", "fresh"));
        if (api) {
            refuseWhatIsOfDatabases(schedule);
        }
        return new TableSource.Table(
                relation,
                new TableName(Layer.BRONZE, target),
                Set.copyOf(yaml.texts("exclude")),
                yaml.texts("key"),
                yaml.text("split").orElse(null),
                schedule.flatMap(map -> map.duration("every")).orElse(null),
                schedule.flatMap(map -> map.duration("fresh")).orElse(null),
                fileMegabytes(relation),
                yaml.position(at));
    }

    private @Nullable Integer fileMegabytes(Relation relation) {
        if (!yaml.has(FILES)) {
            return null;
        }
        List<String> missing = yaml.texts("exclude").stream()
                .filter(NEEDED_FOR_FILES::contains)
                .toList();
        Optional<Integer> megabytes;
        if (!api || !relation.name().equals(WITH_FILES)) {
            megabytes = yaml.invalid(
                    FILES,
                    "'" + FILES + "' is for the model ir.attachment of an Odoo that is read by its API.",
                    "Take " + FILES + " out.");
        } else if (!missing.isEmpty()) {
            megabytes = yaml.invalid(
                    FILES,
                    "Files are found by fields that 'exclude' takes out: " + String.join(", ", missing) + ".",
                    "Take them out of exclude, or take " + FILES + " out.");
        } else {
            megabytes = yaml.text(FILES)
                    .flatMap(text -> MEGABYTES.matcher(text).matches()
                            ? Optional.of(Integer.valueOf(text))
                            : yaml.invalid(
                                    FILES,
                                    "'" + FILES + "' is no size of the largest file to keep.",
                                    "Write a whole number of megabytes from 1 to 10: " + FILES + ": 5."));
        }
        return megabytes.orElse(null);
    }

    /** What would do nothing is refused, so that nobody relies on it. */
    private void refuseWhatIsOfDatabases(Optional<YamlMap> schedule) {
        ofDatabases(yaml, "key", "its records are told apart by their id", "Take key out.");
        ofDatabases(
                yaml,
                "split",
                "a first reading goes by write_date and id, and goes on where it broke off",
                "Take split out.");
        schedule.ifPresent(map -> ofDatabases(
                map,
                "fresh",
                "every look goes by write_date already",
                "Take fresh out, and write every for how often the table is looked at."));
    }

    private static void ofDatabases(YamlMap map, String key, String why, String mend) {
        if (map.has(key)) {
            map.invalid(
                    key,
                    "'" + key + "' is for sources that are read from their database; by Odoo's API " + why + ".",
                    mend);
        }
    }
}
