package dev.tarn.compiler.query;

import dev.tarn.model.Column;
import dev.tarn.model.Expectation;
import dev.tarn.model.JudgedView;
import dev.tarn.model.Sql;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** All WITH queries and views of one flow, under names of their own, each after those it reads. */
final class WithQueries {

    /** A query that others read as {@code name}. */
    record View(String name, List<ResultColumn> columns, boolean streaming) {}

    private static final String KEEP = Sql.identifier("_tarn_keep");

    private final Map<String, String> queries = new LinkedHashMap<>();
    private final List<String> judged = new ArrayList<>();

    View add(String name, BoundQuery query) {
        String unique = unique(name);
        queries.put(unique, Sql.identifier(unique) + " AS (" + query.sql() + ")");
        return new View(unique, query.columns(), query.streaming());
    }

    /**
     * A view each of whose rows is judged once, however the rest of the query uses them: DuckDB computes it once, and the
     * LIMIT that cuts nothing keeps conditions from outside of it out of it.
     */
    View addJudged(String name, BoundQuery query, JudgedView view) {
        String unique = unique(name);
        String columns =
                Sql.identifiers(query.columns().stream().map(ResultColumn::name).toList());
        queries.put(
                unique,
                Sql.identifier(unique) + " AS MATERIALIZED (SELECT " + columns + "\nFROM (SELECT " + columns + ", "
                        + Sql.identifier(view.function()) + "(" + mask(view.expectations()) + ") AS " + KEEP
                        + "\nFROM (" + query.sql() + ") AS \"rows\") AS \"judged\"\nWHERE " + KEEP + "\nLIMIT "
                        + Long.MAX_VALUE + ")");
        judged.add(unique);
        return new View(unique, query.columns(), query.streaming());
    }

    private static String mask(List<Expectation> expectations) {
        List<String> bits = new ArrayList<>();
        for (int i = 0; i < expectations.size(); i++) {
            bits.add("CASE WHEN coalesce(" + expectations.get(i).sql() + ", FALSE) THEN 0::BIGINT ELSE " + (1L << i)
                    + "::BIGINT END");
        }
        return String.join(" + ", bits);
    }

    private String unique(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
        String unique = plain;
        for (int i = 2; queries.containsKey(unique); i++) {
            unique = plain + "_" + i;
        }
        return unique;
    }

    /** {@code WITH ...} and a line break, or nothing. */
    String clause() {
        return queries.isEmpty() ? "" : "WITH " + String.join(",\n", queries.values()) + "\n";
    }

    /**
     * What belongs behind the whole query, which yields {@code columns}: no row, but every row of the judged views is
     * asked for. DuckDB would leave a view alone as soon as it knows that the result is empty without it.
     */
    String readToTheEnd(List<Column> columns) {
        String nothing = columns.stream()
                .map(column -> Coercion.cast("NULL", column.type()))
                .collect(Collectors.joining(", ", "\nUNION ALL\nSELECT ", "\nFROM "));
        return judged.stream()
                .map(view -> nothing + Sql.identifier(view) + "\nWHERE random() < 0")
                .collect(Collectors.joining());
    }
}
