package dev.tarn.engine.cdc;

import static dev.tarn.model.Effect.AutoCdc.SEQUENCE;
import static java.util.stream.Collectors.joining;

import dev.tarn.engine.duckdb.DuckDbTypes;
import dev.tarn.model.Effect;
import dev.tarn.model.Sql;
import java.util.List;
import java.util.stream.Stream;

/**
 * The rows that all changes of a key make. A delete ends what there was; the first change after it, and each that differs in
 * a tracked column from the one before, opens a version, which shows the values of its last change.
 *
 * @param others columns of the target without keys and without those that Tarn adds
 */
record Timeline(Keys keys, List<String> others, Effect.AutoCdc effect) {

    private static final String SEQ = Sql.identifier(SEQUENCE);
    private static final String DELETED = Sql.identifier(ChangeLog.DELETED);
    private static final String LIFE = Sql.identifier("_tarn_life");
    private static final String OPENS = Sql.identifier("_tarn_opens");
    private static final String VERSION = Sql.identifier("_tarn_version");
    private static final String NEXT = Sql.identifier("_tarn_next");

    Timeline {
        others = List.copyOf(others);
    }

    private String byKey() {
        return "PARTITION BY " + keys.list() + " ORDER BY " + SEQ;
    }

    /** The changes with every value that each leaves, and {@code LIFE}: how many deletes there were until then. */
    private String filled(String history) {
        String lives = "SELECT *, count(*) FILTER (" + DELETED + ") OVER (" + byKey() + " ROWS UNBOUNDED PRECEDING) AS "
                + LIFE + " FROM " + history;
        String columns = others.stream().map(this::filledColumn).collect(joining(", "));
        return "SELECT " + keys.list() + ", " + SEQ + ", " + DELETED + ", " + LIFE
                + (others.isEmpty() ? "" : ", " + columns) + " FROM (" + lives + ")";
    }

    private String filledColumn(String name) {
        String column = Sql.identifier(name);
        return effect.ignoreNulls().contains(name)
                ? "last_value(" + column + " IGNORE NULLS) OVER (PARTITION BY " + keys.list() + ", " + LIFE
                        + " ORDER BY " + SEQ + " ROWS UNBOUNDED PRECEDING) AS " + column
                : column;
    }

    /** The rows of keys that changed a single time. */
    String once(String history) {
        String versions = effect.type() == Effect.ScdType.TYPE_2
                ? ", " + SEQ + " AS " + Sql.identifier(Effect.AutoCdc.START_AT) + ", CAST(NULL AS "
                        + DuckDbTypes.sqlType(effect.sequence()) + ") AS " + Sql.identifier(Effect.AutoCdc.END_AT)
                : "";
        return "SELECT " + columns() + versions + " FROM " + history + " WHERE NOT " + DELETED;
    }

    private String columns() {
        return Sql.identifiers(
                Stream.concat(keys.names().stream(), others.stream()).toList());
    }

    /** Of type 1: the last values of each key, and whether it was deleted. */
    String newest(String history) {
        return "SELECT " + columns() + ", "
                + DELETED + " FROM (" + filled(history) + ") QUALIFY row_number() OVER (PARTITION BY " + keys.list()
                + " ORDER BY " + SEQ + " DESC) = 1";
    }

    /** Of type 2: every version of each key, with its start and end. */
    String versions(String history) {
        String opening = "SELECT *, NOT " + DELETED + " AND (coalesce(lag(" + DELETED + ") OVER k, TRUE)"
                + effect.tracked().stream().map(this::differs).collect(joining()) + ") AS " + OPENS + ", lead(" + SEQ
                + ") OVER k AS " + NEXT + " FROM (" + filled(history) + ") WINDOW k AS (" + byKey() + ")";
        String numbered = "SELECT *, count(*) FILTER (" + OPENS + ") OVER (" + byKey()
                + " ROWS UNBOUNDED PRECEDING) AS " + VERSION + " FROM (" + opening + ") WHERE NOT " + DELETED;
        String whole = "SELECT *, min(" + SEQ + ") OVER (PARTITION BY " + keys.list() + ", " + VERSION + ") AS "
                + Sql.identifier(Effect.AutoCdc.START_AT) + " FROM (" + numbered
                + ") QUALIFY row_number() OVER (PARTITION BY "
                + keys.list() + ", " + VERSION + " ORDER BY " + SEQ + " DESC) = 1";
        return "SELECT " + columns() + ", "
                + Sql.identifier(Effect.AutoCdc.START_AT) + ", " + NEXT + " AS " + Sql.identifier(Effect.AutoCdc.END_AT)
                + " FROM (" + whole + ")";
    }

    private String differs(String tracked) {
        String column = Sql.identifier(tracked);
        return " OR " + column + " IS DISTINCT FROM lag(" + column + ") OVER k";
    }
}
