package dev.tarn.local.graph;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.Effect;
import dev.tarn.model.Flow;
import dev.tarn.model.Sql;
import dev.tarn.model.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Of what columns of its inputs each column of a flow's result is made: every column that its expression names, through the
 * queries that the flow's query consists of, as DuckDB's parser understands them.
 */
final class ColumnOrigins {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Names that a query inside of the flow's gives to queries. */
    private final Map<String, Map<String, Set<Origin>>> withs;

    /** A column of a table of the lake. */
    record Origin(TableName table, String column) {}

    private ColumnOrigins(Map<String, Map<String, Set<Origin>>> withs) {
        this.withs = withs;
    }

    /** By the names of the columns of the flow's target. */
    static Map<String, Set<Origin>> of(Flow flow, Session session) {
        Map<String, Set<Origin>> columns = new HashMap<>(new ColumnOrigins(Map.of()).query(parsed(flow, session)));
        if (flow.effect() instanceof Effect.AutoCdc) {
            Set<Origin> sequence = columns.getOrDefault(Effect.AutoCdc.SEQUENCE, Set.of());
            columns.putIfAbsent(Effect.AutoCdc.START_AT, sequence);
            columns.putIfAbsent(Effect.AutoCdc.END_AT, sequence);
        }
        return columns;
    }

    private static JsonNode parsed(Flow flow, Session session) {
        String text = session.query(
                        "SELECT json_serialize_sql(" + Sql.literal(flow.sql()) + ")", row -> row.getString(1))
                .get(0);
        try {
            JsonNode statement = JSON.readTree(text).path("statements").path(0).path("node");
            if (statement.isMissingNode()) {
                throw new IllegalStateException("DuckDB does not understand the query of " + flow.id());
            }
            return statement;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what DuckDB understands of the query of " + flow.id(), e);
        }
    }

    /** The columns of a query's result, in their order. */
    private Map<String, Set<Origin>> query(JsonNode node) {
        Map<String, Map<String, Set<Origin>>> known = new HashMap<>(withs);
        ColumnOrigins inside = new ColumnOrigins(known);
        for (JsonNode with : node.path("cte_map").path("map")) {
            known.put(
                    lower(with.path("key").asText()),
                    inside.query(with.path("value").path("query_node")));
        }
        return node.path("type").asText().equals("SELECT_NODE") ? inside.select(node) : inside.union(node);
    }

    /** Column by column, under the names of the first query. */
    private Map<String, Set<Origin>> union(JsonNode node) {
        Map<String, Set<Origin>> result = new LinkedHashMap<>();
        for (JsonNode child : node.path("children")) {
            Map<String, Set<Origin>> columns = query(child);
            if (result.isEmpty()) {
                columns.forEach((name, origins) -> result.put(name, new LinkedHashSet<>(origins)));
            } else {
                List<Set<Origin>> others = List.copyOf(columns.values());
                int position = 0;
                for (Set<Origin> origins : result.values()) {
                    origins.addAll(position < others.size() ? others.get(position) : Set.of());
                    position++;
                }
            }
        }
        return result;
    }

    private Map<String, Set<Origin>> select(JsonNode node) {
        Relations from = new Relations();
        add(from, node.path("from_table"));
        Map<String, Set<Origin>> result = new LinkedHashMap<>();
        for (JsonNode item : node.path("select_list")) {
            if (item.path("class").asText().equals("STAR")) {
                Map<String, Set<Origin>> all =
                        from.all(lower(item.path("relation_name").asText()));
                item.path("exclude_list").forEach(left -> all.remove(left.asText()));
                item.path("replace_list")
                        .forEach(put -> all.put(put.path("key").asText(), origins(put.path("value"), from)));
                result.putAll(all);
            } else {
                result.put(name(item), origins(item, from));
            }
        }
        return result;
    }

    private static String name(JsonNode item) {
        String alias = item.path("alias").asText();
        JsonNode names = item.path("column_names");
        return alias.isEmpty() && !names.isEmpty() ? names.get(names.size() - 1).asText() : alias;
    }

    private void add(Relations from, JsonNode table) {
        String alias = lower(table.path("alias").asText());
        switch (table.path("type").asText()) {
            case "JOIN" -> {
                add(from, table.path("left"));
                add(from, table.path("right"));
            }
            case "BASE_TABLE" -> {
                String name = table.path("table_name").asText();
                Map<String, Set<Origin>> with = withs.get(lower(name));
                if (with != null) {
                    from.put(alias.isEmpty() ? lower(name) : alias, with);
                } else {
                    TableName.tryParse(name).ifPresent(read -> from.put(alias.isEmpty() ? name : alias, read));
                }
            }
            case "SUBQUERY" ->
                from.put(alias, renamed(query(table.path("subquery").path("node")), table.path("column_name_alias")));
            default -> from.put(alias, Map.of());
        }
    }

    private static Map<String, Set<Origin>> renamed(Map<String, Set<Origin>> columns, JsonNode names) {
        Map<String, Set<Origin>> renamed = new LinkedHashMap<>();
        columns.forEach((name, origins) -> renamed.put(
                renamed.size() < names.size() ? names.get(renamed.size()).asText() : name, origins));
        return renamed;
    }

    private Set<Origin> origins(JsonNode expression, Relations from) {
        Set<Origin> origins = new LinkedHashSet<>();
        collect(expression, from, origins);
        return origins;
    }

    private void collect(JsonNode node, Relations from, Set<Origin> into) {
        switch (node.path("class").asText()) {
            case "COLUMN_REF" -> {
                List<String> parts = new ArrayList<>();
                node.path("column_names").forEach(part -> parts.add(part.asText()));
                into.addAll(from.column(parts));
            }
            case "SUBQUERY" ->
                query(node.path("subquery").path("node")).values().forEach(into::addAll);
            case "LAMBDA" -> {
                Set<String> parameters = new LinkedHashSet<>();
                node.path("lhs")
                        .findValues("column_names")
                        .forEach(name -> parameters.add(name.path(0).asText()));
                collect(node.path("expr"), from.without(parameters), into);
            }
            default -> node.forEach(part -> collect(part, from, into));
        }
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** What stands in one FROM clause, by alias. */
    private static final class Relations {

        private final Map<String, TableName> tables = new LinkedHashMap<>();
        private final Map<String, Map<String, Set<Origin>>> queries = new LinkedHashMap<>();
        private final Set<String> hidden = new LinkedHashSet<>();

        void put(String alias, TableName table) {
            tables.put(alias, table);
        }

        void put(String alias, Map<String, Set<Origin>> query) {
            queries.put(alias, query);
        }

        /** The same, but for names that mean something else here. */
        Relations without(Set<String> names) {
            Relations some = new Relations();
            some.tables.putAll(tables);
            some.queries.putAll(queries);
            some.hidden.addAll(hidden);
            some.hidden.addAll(names);
            return some;
        }

        /** The column that the parts name: an alias, unless it is left out, the column, and fields in it. */
        Set<Origin> column(List<String> parts) {
            String first = parts.get(0);
            if (parts.size() > 1 && tables.containsKey(lower(first))) {
                return Set.of(new Origin(tables.get(lower(first)), parts.get(1)));
            }
            if (parts.size() > 1 && queries.containsKey(lower(first))) {
                return queries.get(lower(first)).getOrDefault(parts.get(1), Set.of());
            }
            if (hidden.contains(first)) {
                return Set.of();
            }
            for (Map<String, Set<Origin>> query : queries.values()) {
                if (query.containsKey(first)) {
                    return query.get(first);
                }
            }
            return tables.size() == 1
                    ? Set.of(new Origin(tables.values().iterator().next(), first))
                    : Set.of();
        }

        /** The columns of one of them, or of all; those of tables are not known. */
        Map<String, Set<Origin>> all(String alias) {
            Map<String, Set<Origin>> all = new LinkedHashMap<>();
            queries.forEach((name, columns) -> {
                if (alias.isEmpty() || alias.equals(name)) {
                    all.putAll(columns);
                }
            });
            return all;
        }
    }
}
