package dev.tarn.compiler.export;

import static java.util.stream.Collectors.joining;

import dev.tarn.compiler.grammar.SparkGrammar;
import dev.tarn.compiler.grammar.SparkGrammar.Slice;
import dev.tarn.compiler.statement.FlowStatement.Changes;
import dev.tarn.model.Effect;
import dev.tarn.model.Effect.ScdType;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows that AUTO CDC makes of all its changes, as one query for Spark.
 *
 * @param from the source behind FROM
 * @param columns of the target
 */
record ChangesQuery(Changes changes, Effect.AutoCdc effect, String from, List<String> columns) {

    private static final String SEQUENCE = Effect.AutoCdc.SEQUENCE;
    private static final String DELETED = "_tarn_deleted";
    private static final String TRUNCATES = "_tarn_truncates";
    private static final String PLACE = "_tarn_place";
    private static final String UNTIL_NOW = " ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)";

    ChangesQuery {
        columns = List.copyOf(columns);
    }

    String sql() {
        if (changes.snapshots()) {
            return "SELECT " + names(columns) + "\nFROM (SELECT * " + from + ") AS tarn_rows";
        }
        List<String> steps = new ArrayList<>();
        steps.add(step("tarn_changes", judged()));
        String last = changes.truncateWhen().isPresent() ? truncated(steps) : "tarn_changes";
        last = each(steps, last);
        if (!effect.ignoreNulls().isEmpty()) {
            last = filled(steps, last);
        }
        String result = effect.type() == ScdType.TYPE_2 ? versions(steps, last) : newest(steps, last);
        return "WITH " + String.join(", ", steps) + "\n" + result;
    }

    private static String step(String name, String query) {
        return name + " AS (\n" + query.indent(2) + ")";
    }

    private String judged() {
        String sequence = SparkGrammar.text(changes.sequence().orElseThrow());
        String deleted = changes.deleteWhen().map(ChangesQuery::holds).orElse("FALSE");
        String truncates = changes.truncateWhen().map(ChangesQuery::holds).orElse("");
        return "SELECT *,\n  " + sequence + " AS " + SEQUENCE + ",\n  " + deleted + " AS " + DELETED
                + (truncates.isEmpty() ? "" : ",\n  " + truncates + " AS " + TRUNCATES) + "\n" + from
                + "\nWHERE CASE WHEN (" + sequence + ") IS NULL OR "
                + (truncates.isEmpty() ? "" : "NOT " + truncates + " AND ")
                + effect.keys().stream()
                        .map(key -> SqlText.name(key) + " IS NULL")
                        .collect(joining(" OR ", "(", ")"))
                + "\n  THEN CAST(raise_error('A key or the sequence of a change is NULL.') AS BOOLEAN) ELSE TRUE END";
    }

    private static String holds(Slice condition) {
        return "coalesce((" + SparkGrammar.text(condition) + "), FALSE)";
    }

    private static String truncated(List<String> steps) {
        steps.add(step(
                "tarn_dated",
                "SELECT *, max(CASE WHEN " + TRUNCATES + " THEN " + SEQUENCE
                        + " END) OVER () AS _tarn_truncated_at FROM tarn_changes"));
        steps.add(step(
                "tarn_left",
                "SELECT * FROM tarn_dated\nWHERE NOT " + TRUNCATES + " AND (_tarn_truncated_at IS NULL OR " + SEQUENCE
                        + " > _tarn_truncated_at\n  OR (" + SEQUENCE + " = _tarn_truncated_at AND NOT " + DELETED
                        + "))"));
        return "tarn_left";
    }

    /** One change of each key and sequence: of type 1 an upsert wins, of type 2 a delete. */
    private String each(List<String> steps, String source) {
        String wins = effect.type() == ScdType.TYPE_2 ? DELETED + " DESC" : DELETED;
        steps.add(step(
                "tarn_each",
                "SELECT * FROM " + source + "\nQUALIFY row_number() OVER (PARTITION BY " + keys() + ", " + SEQUENCE
                        + " ORDER BY " + wins + ") = 1"));
        return "tarn_each";
    }

    /** NULL leaves what there was since the last delete. */
    private String filled(List<String> steps, String source) {
        steps.add(step(
                "tarn_lives",
                "SELECT *, sum(CASE WHEN " + DELETED + " THEN 1 ELSE 0 END) OVER (PARTITION BY " + keys() + " ORDER BY "
                        + SEQUENCE + UNTIL_NOW + " AS _tarn_life FROM " + source));
        String values = columns.stream()
                .filter(name -> !isVersion(name))
                .map(name -> effect.ignoreNulls().contains(name)
                        ? "last_value(CASE WHEN NOT " + DELETED + " THEN " + SqlText.name(name)
                                + " END, TRUE) OVER (PARTITION BY " + keys() + ", _tarn_life ORDER BY " + SEQUENCE
                                + UNTIL_NOW + " AS " + SqlText.name(name)
                        : SqlText.name(name))
                .collect(joining(",\n  "));
        steps.add(
                step("tarn_filled", "SELECT\n  " + values + ",\n  " + SEQUENCE + ", " + DELETED + "\nFROM tarn_lives"));
        return "tarn_filled";
    }

    private String newest(List<String> steps, String source) {
        steps.add(step(
                "tarn_newest",
                "SELECT *, row_number() OVER (PARTITION BY " + keys() + " ORDER BY " + SEQUENCE + " DESC) AS " + PLACE
                        + "\nFROM " + source));
        return "SELECT " + names(columns) + "\nFROM tarn_newest\nWHERE " + PLACE + " = 1 AND NOT " + DELETED;
    }

    private String versions(List<String> steps, String source) {
        String key = "OVER (PARTITION BY " + keys() + " ORDER BY " + SEQUENCE;
        String differs = effect.tracked().stream()
                .map(name ->
                        "\n    OR NOT (" + SqlText.name(name) + " <=> lag(" + SqlText.name(name) + ") " + key + "))")
                .collect(joining());
        steps.add(step(
                "tarn_opening",
                "SELECT *,\n  NOT " + DELETED + " AND (coalesce(lag(" + DELETED + ") " + key + "), TRUE)" + differs
                        + ") AS _tarn_opens,\n  lead(" + SEQUENCE + ") " + key + ") AS _tarn_next\nFROM " + source));
        steps.add(step(
                "tarn_numbered",
                "SELECT *, sum(CASE WHEN _tarn_opens THEN 1 ELSE 0 END) " + key + UNTIL_NOW
                        + " AS _tarn_version\nFROM tarn_opening\nWHERE NOT " + DELETED));
        String version = "OVER (PARTITION BY " + keys() + ", _tarn_version";
        steps.add(step(
                "tarn_whole",
                "SELECT *,\n  min(" + SEQUENCE + ") " + version + ") AS _tarn_start,\n  row_number() " + version
                        + " ORDER BY " + SEQUENCE + " DESC) AS " + PLACE + "\nFROM tarn_numbered"));
        return "SELECT " + columns.stream().map(ChangesQuery::versionColumn).collect(joining(", "))
                + "\nFROM tarn_whole\nWHERE " + PLACE + " = 1";
    }

    private static String versionColumn(String name) {
        if (name.equals(Effect.AutoCdc.START_AT)) {
            return "_tarn_start AS " + name;
        }
        return name.equals(Effect.AutoCdc.END_AT) ? "_tarn_next AS " + name : SqlText.name(name);
    }

    private static boolean isVersion(String name) {
        return name.equals(Effect.AutoCdc.START_AT) || name.equals(Effect.AutoCdc.END_AT);
    }

    private String keys() {
        return names(effect.keys());
    }

    private static String names(List<String> names) {
        return names.stream().map(SqlText::name).collect(joining(", "));
    }
}
