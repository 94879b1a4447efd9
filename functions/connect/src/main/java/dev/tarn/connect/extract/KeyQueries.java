package dev.tarn.connect.extract;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import dev.tarn.model.Sql;
import java.util.List;

/** Queries about rows that keys tell apart. A {@code from} is a FROM-expression with the keys' columns. */
record KeyQueries(Session session, Keys keys) {

    String without(String from, Spool others) {
        return "SELECT mine.* FROM " + from + " AS mine ANTI JOIN " + others.from() + " AS others ON "
                + keys.same("mine", "others");
    }

    String within(String from, String others) {
        return "SELECT mine.* FROM " + from + " AS mine SEMI JOIN " + others + " AS others ON "
                + keys.same("mine", "others");
    }

    /** A query as a FROM-expression. */
    static String in(String query) {
        return "(" + query + ")";
    }

    String keysOf(String from) {
        return "SELECT " + keys + " FROM " + from;
    }

    /** Keys that are there more than once. */
    String repeated(String from) {
        return keysOf(from) + " GROUP BY ALL HAVING count(*) > 1";
    }

    /** Keys of rows of {@code mine} that have other values in the columns than those of {@code theirs}. */
    String differing(String mine, String theirs, List<SummedColumn> columns) {
        if (columns.isEmpty()) {
            return keysOf(mine) + " WHERE false";
        }
        List<String> ofMine = keys.columns().stream()
                .map(key -> "mine." + Sql.identifier(key.name()))
                .toList();
        List<String> differences =
                columns.stream().map(column -> column.differs("mine", "theirs")).toList();
        return "SELECT DISTINCT " + String.join(", ", ofMine) + " FROM " + mine + " AS mine JOIN " + theirs
                + " AS theirs ON " + keys.same("mine", "theirs") + " AND (" + String.join(" OR ", differences) + ")";
    }

    /** How many keys a query yields, and the first of them. */
    TableVerdict.Rows rows(String sql) {
        List<String> texts = keys.columns().stream()
                .map(key -> Sql.identifier(key.name()) + "::VARCHAR")
                .toList();
        String text =
                texts.size() == 1 ? texts.get(0) : "'(' || concat_ws(', ', " + String.join(", ", texts) + ") || ')'";
        List<String> first = session.query(
                "SELECT " + text + " FROM (" + sql + ") ORDER BY " + keys + " LIMIT " + TableVerdict.Rows.MOST,
                row -> row.getString(1));
        return new TableVerdict.Rows(first.size() < TableVerdict.Rows.MOST ? first.size() : count(sql), first);
    }

    private long count(String sql) {
        return session.query("SELECT count(*) FROM (" + sql + ")", row -> row.getLong(1))
                .get(0);
    }
}
