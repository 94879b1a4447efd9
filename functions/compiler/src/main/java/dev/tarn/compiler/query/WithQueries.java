package dev.tarn.compiler.query;

import dev.tarn.compiler.query.BoundQuery.ResultColumn;
import dev.tarn.model.Sql;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** All WITH queries and temporary views of one flow, under names of their own, each after those it reads. */
final class WithQueries {

    /** A query that others read as {@code name}. */
    record View(String name, List<ResultColumn> columns, boolean streaming) {}

    private final Map<String, String> queries = new LinkedHashMap<>();

    View add(String name, BoundQuery query) {
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
        String unique = plain;
        for (int i = 2; queries.containsKey(unique); i++) {
            unique = plain + "_" + i;
        }
        queries.put(unique, query.sql());
        return new View(unique, query.columns(), query.streaming());
    }

    /** {@code WITH ...} and a line break, or nothing. */
    String clause() {
        return queries.isEmpty()
                ? ""
                : queries.entrySet().stream()
                        .map(query -> Sql.identifier(query.getKey()) + " AS (" + query.getValue() + ")")
                        .collect(Collectors.joining(",\n", "WITH ", "\n"));
    }
}
