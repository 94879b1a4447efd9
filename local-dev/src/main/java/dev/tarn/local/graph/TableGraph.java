package dev.tarn.local.graph;

import dev.tarn.local.graph.Graph.Edge;
import dev.tarn.local.graph.Graph.Node;
import dev.tarn.model.Dataset;
import dev.tarn.model.Effect;
import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import dev.tarn.model.PostgresSink;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSource;
import dev.tarn.model.WebhookSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The tables of a project: those that sources fill, those that flows fill, and those of sinks. */
public final class TableGraph {

    private final Plan plan;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final List<Edge> edges = new ArrayList<>();

    private TableGraph(Plan plan) {
        this.plan = plan;
    }

    /** The graph; what is read stands before what reads it. */
    public static Graph of(Plan plan) {
        return new TableGraph(plan).graph();
    }

    private Graph graph() {
        for (TableSource source : plan.sources()) {
            source.tables().forEach(table -> add(table.target(), source.name() + " " + table.relation()));
        }
        plan.drops().forEach(drop -> add(drop.target(), drop.source() + " " + drop.path()));
        for (WebhookSource source : plan.webhooks()) {
            source.endpoints().forEach(sent -> add(sent.target(), source.name() + " " + sent.name()));
        }
        for (Flow flow : plan.flows()) {
            // A table that no source of the project fills may have been filled by something else.
            flow.inputs()
                    .forEach(input -> nodes.computeIfAbsent(input.table().toString(), name -> node(input.table(), "")));
        }
        plan.flows().forEach(flow -> add(flow.target(), kind(flow.target())));
        for (Flow flow : plan.flows()) {
            flow.inputs()
                    .forEach(input -> edges.add(new Edge(
                            input.table().toString(), flow.target().toString(), flow.id(), input.streaming())));
        }
        for (PostgresSink sink : plan.postgresSinks()) {
            sink.tables().forEach(table -> publish(sink, table));
        }
        return new Graph(List.copyOf(nodes.values()), edges);
    }

    private void add(TableName table, String kind) {
        nodes.put(table.toString(), node(table, kind));
    }

    private static Node node(TableName table, String kind) {
        return new Node(table.toString(), table.layer().folder(), kind);
    }

    private void publish(PostgresSink sink, PostgresSink.Table table) {
        String name = sinkTable(sink, table);
        nodes.put(name, new Node(name, sink.name(), table.mode().name().toLowerCase(Locale.ROOT)));
        edges.add(new Edge(table.from().toString(), name, name, false));
    }

    static String sinkTable(PostgresSink sink, PostgresSink.Table table) {
        return sink.name() + " " + table.schema() + "." + table.table();
    }

    private String kind(TableName table) {
        List<Flow> filling = plan.flows().stream()
                .filter(flow -> flow.target().equals(table))
                .toList();
        String kind = filling.get(0).dataset().kind() == Dataset.Kind.MATERIALIZED_VIEW
                ? "materialized view"
                : "streaming table";
        return filling.stream().anyMatch(flow -> flow.effect() instanceof Effect.AutoCdc) ? kind + ", AUTO CDC" : kind;
    }
}
