package dev.tarn.local.graph;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.local.graph.ColumnOrigins.Origin;
import dev.tarn.local.graph.Graph.Edge;
import dev.tarn.local.graph.Graph.Node;
import dev.tarn.model.Column;
import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import dev.tarn.model.PostgresSink;
import dev.tarn.model.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The columns of a project's tables, and of what columns each of them is made. A column that only decides which rows there
 * are, in WHERE, ON or GROUP BY, is no part of the others.
 */
public final class ColumnGraph {

    private final Session session;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final List<Edge> edges = new ArrayList<>();

    private ColumnGraph(Session session) {
        this.session = session;
    }

    /**
     * The graph; what is read stands before what reads it.
     *
     * @param session in which the queries of flows are taken apart; none of them runs
     */
    public static Graph of(Plan plan, Session session) {
        ColumnGraph columns = new ColumnGraph(session);
        plan.flows().forEach(columns::add);
        for (PostgresSink sink : plan.postgresSinks()) {
            sink.tables().forEach(table -> columns.publish(plan, sink, table));
        }
        return new Graph(List.copyOf(columns.nodes.values()), columns.edges);
    }

    /** The name of the column's node. */
    public static String name(TableName table, String column) {
        return table + "." + column;
    }

    private void add(Flow flow) {
        Map<String, Set<Origin>> origins = ColumnOrigins.of(flow, session);
        for (Column column : flow.schema().columns()) {
            Set<Origin> of = origins.getOrDefault(column.name(), Set.of());
            of.forEach(origin -> nodes.putIfAbsent(
                    name(origin.table(), origin.column()), node(origin.table(), origin.column(), "")));
            String target = name(flow.target(), column.name());
            nodes.put(target, node(flow.target(), column.name(), column.type().toString()));
            of.forEach(origin -> edges.add(new Edge(name(origin.table(), origin.column()), target, flow.id(), false)));
        }
    }

    private static Node node(TableName table, String column, String type) {
        return new Node(name(table, column), table.toString(), type);
    }

    private void publish(Plan plan, PostgresSink sink, PostgresSink.Table table) {
        String target = TableGraph.sinkTable(sink, table);
        plan.flows().stream()
                .filter(flow -> flow.target().equals(table.from()))
                .flatMap(flow -> flow.schema().names().stream())
                .distinct()
                .forEach(column -> {
                    String name = target + "." + column;
                    nodes.put(name, new Node(name, target, ""));
                    edges.add(new Edge(name(table.from(), column), name, target, false));
                });
    }
}
