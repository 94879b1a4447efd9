package dev.tarn.local.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.local.graph.ColumnGraph;
import dev.tarn.local.graph.Graph;
import dev.tarn.local.graph.GraphMermaid;
import dev.tarn.local.graph.GraphText;
import dev.tarn.local.graph.TableGraph;
import dev.tarn.local.run.OpenLake;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Nearest;
import dev.tarn.model.Plan;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn graph}: what of a project is made of what. */
@Command(
        name = "graph",
        description = "Show what is made of what: tables of the project, or columns. Formats: text, mermaid, json.")
final class GraphCommand implements Callable<Integer> {

    /** Of columns that may have been meant. */
    private static final int SHOWN = 20;

    private final RootCommand options;
    private final Surroundings surroundings;

    @Mixin
    private LakeOptions lakeOptions = new LakeOptions();

    @Parameters(
            arity = "0..1",
            paramLabel = "TABLE[.COLUMN]",
            description = "A table, silver.account_move, or a column of one. Default: all tables.")
    private @Nullable String name;

    @Option(names = "--up", description = "Only what it is made of.")
    private boolean up;

    @Option(names = "--down", description = "Only what is made of it.")
    private boolean down;

    GraphCommand(RootCommand options, Surroundings surroundings) {
        this.options = options;
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        if (name == null && (up || down)) {
            throw new TarnException(
                    ErrorCode.USAGE,
                    (up ? "--up" : "--down") + " is about one table or column, and none is named.",
                    "Name it: tarn graph gold.monthly_revenue " + (up ? "--up" : "--down") + ".");
        }
        Plan plan = ProjectPlan.of(options, surroundings, lakeOptions);
        Graph tables = TableGraph.of(plan);
        if (name == null) {
            print(plan, tables, GraphText.all(tables));
        } else if (tables.node(name).isPresent()) {
            print(plan, tables, name, false);
        } else {
            print(plan, columns(plan, tables, name), name, true);
        }
        return 0;
    }

    /** The graph of columns, which has one of that name. */
    private static Graph columns(Plan plan, Graph tables, String name) {
        int point = name.lastIndexOf('.');
        String table = point < 0 ? "" : name.substring(0, point);
        if (tables.node(table).isEmpty()) {
            List<String> names = tables.nodes().stream().map(Graph.Node::name).toList();
            throw new TarnException(
                    ErrorCode.TABLE_NOT_FOUND,
                    "The project has no table " + (point > 0 && name.indexOf('.') < point ? table : name) + ".",
                    Nearest.sentence(name, names, "See its tables with tarn graph."));
        }
        Graph columns;
        try (DuckDb duckDb = OpenLake.duckDb();
                Session session = duckDb.session()) {
            columns = ColumnGraph.of(plan, session);
        }
        if (columns.node(name).isEmpty()) {
            throw unknown(
                    name.substring(point + 1),
                    table,
                    columns,
                    tables.into(table).isEmpty());
        }
        return columns;
    }

    private static TarnException unknown(String column, String table, Graph columns, boolean ofSource) {
        List<String> names = columns.nodes().stream()
                .filter(node -> node.group().equals(table))
                .map(node -> node.name().substring(table.length() + 1))
                .toList();
        return new TarnException(
                ErrorCode.COLUMN_NOT_FOUND,
                ofSource
                        ? "No flow reads a column " + column + " of " + table + "."
                        : column + " is not a column of " + table + ".",
                Nearest.sentence(column, names, otherwise(table, names)));
    }

    private static String otherwise(String table, List<String> names) {
        return names.isEmpty()
                ? "See what reads it with tarn graph " + table + "."
                : "There are " + names.stream().limit(SHOWN).collect(Collectors.joining(", "))
                        + (names.size() > SHOWN ? ", ..." : ".");
    }

    private void print(Plan plan, Graph graph, String node, boolean isColumn) {
        boolean both = up == down;
        Graph part = graph.around(node, both || up, both || down);
        List<String> lines = new ArrayList<>(GraphText.node(graph, node));
        if (both || up) {
            lines.addAll(section(
                    isColumn ? "is made of" : "reads",
                    isColumn ? "is made of no column" : "reads no table",
                    GraphText.up(part, node)));
        }
        if (both || down) {
            lines.addAll(section(
                    isColumn ? "goes into" : "is read by",
                    isColumn ? "goes into nothing" : "is read by nothing",
                    GraphText.down(part, node)));
        }
        print(plan, part, lines);
    }

    private static List<String> section(String title, String otherwise, List<String> tree) {
        List<String> lines = new ArrayList<>(List.of(tree.isEmpty() ? otherwise : title));
        lines.addAll(tree);
        return lines;
    }

    private void print(Plan plan, Graph graph, List<String> text) {
        Console console = new Console(surroundings, options.format());
        switch (options.format()) {
            case JSON -> console.json(json(plan, graph));
            case MERMAID -> GraphMermaid.of(graph).forEach(console::line);
            default -> text.forEach(console::line);
        }
    }

    private static ObjectNode json(Plan plan, Graph graph) {
        ObjectNode document = Console.object().put("project", plan.project());
        ArrayNode nodes = document.putArray("nodes");
        graph.nodes().forEach(node -> nodes.addObject()
                .put("name", node.name())
                .put("group", node.group())
                .put("kind", node.kind()));
        ArrayNode edges = document.putArray("edges");
        graph.edges().forEach(edge -> edges.addObject()
                .put("from", edge.from())
                .put("to", edge.to())
                .put("flow", edge.flow())
                .put("stream", edge.stream()));
        return document;
    }
}
