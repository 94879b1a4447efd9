package dev.tarn.local.graph;

import dev.tarn.local.graph.Graph.Edge;
import dev.tarn.local.graph.Graph.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** A graph as trees of text. What was shown before is not shown again, but for its name and three points. */
public final class GraphText {

    private final Graph graph;
    private final Function<String, List<Edge>> next;
    private final Function<Edge, String> end;
    private final Set<String> shown = new HashSet<>();
    private final List<String> lines = new ArrayList<>();

    private GraphText(Graph graph, Function<String, List<Edge>> next, Function<Edge, String> end) {
        this.graph = graph;
        this.next = next;
        this.end = end;
    }

    /** The whole graph, from what is made of nothing to what is made of it. */
    public static List<String> all(Graph graph) {
        GraphText text = new GraphText(graph, graph::outOf, Edge::to);
        for (Node node : graph.nodes()) {
            if (graph.into(node.name()).isEmpty()) {
                text.lines.add(text.shown(node.name(), ""));
                text.below(node.name(), "");
            }
        }
        return text.lines;
    }

    /** One node. */
    public static List<String> node(Graph graph, String name) {
        return List.of(new GraphText(graph, graph::outOf, Edge::to).shown(name, ""));
    }

    /** What {@code name} is made of, as a tree below it. */
    public static List<String> up(Graph graph, String name) {
        return tree(new GraphText(graph, graph::into, Edge::from), name);
    }

    /** What is made of {@code name}, as a tree below it. */
    public static List<String> down(Graph graph, String name) {
        return tree(new GraphText(graph, graph::outOf, Edge::to), name);
    }

    private static List<String> tree(GraphText text, String name) {
        text.below(name, "");
        return text.lines;
    }

    private void below(String name, String indent) {
        List<Edge> edges = next.apply(name);
        for (int i = 0; i < edges.size(); i++) {
            boolean last = i == edges.size() - 1;
            Edge edge = edges.get(i);
            String child = end.apply(edge);
            boolean again = !shown.add(child) && !next.apply(child).isEmpty();
            String stream = edge.stream() ? "stream " : "";
            String by = graph.ownName(edge).map(flow -> "by " + flow).orElse("");
            lines.add(indent + (last ? "└─ " : "├─ ") + stream + (again ? child + " ..." : shown(child, by)));
            if (!again) {
                below(child, indent + (last ? "   " : "│  "));
            }
        }
    }

    private String shown(String name, String by) {
        String kind = graph.node(name).map(Node::kind).orElse("");
        String note = kind.isEmpty() || by.isEmpty() ? kind + by : kind + ", " + by;
        return note.isEmpty() ? name : name + "  (" + note + ")";
    }
}
