package dev.tarn.local.graph;

import dev.tarn.local.graph.Graph.Edge;
import dev.tarn.local.graph.Graph.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A graph as a flowchart in Mermaid, from left to right, with a box for each group. */
public final class GraphMermaid {

    private final Map<String, String> ids = new HashMap<>();
    private final List<String> lines = new ArrayList<>(List.of("flowchart LR"));

    private GraphMermaid() {}

    /** The lines of the flowchart. */
    public static List<String> of(Graph graph) {
        GraphMermaid mermaid = new GraphMermaid();
        Map<String, List<Node>> groups = new LinkedHashMap<>();
        graph.nodes().forEach(node -> groups.computeIfAbsent(node.group(), group -> new ArrayList<>())
                .add(node));
        groups.forEach(mermaid::add);
        graph.edges().forEach(edge -> mermaid.add(edge, graph.ownName(edge)));
        return mermaid.lines;
    }

    private void add(String group, List<Node> nodes) {
        lines.add("  subgraph " + id("group " + group) + "[" + text(group) + "]");
        for (Node node : nodes) {
            String label = node.kind().isEmpty() ? node.name() : node.name() + "<br/>" + node.kind();
            lines.add("    " + id(node.name()) + "[" + text(label) + "]");
        }
        lines.add("  end");
    }

    private void add(Edge edge, Optional<String> flow) {
        String arrow = edge.stream() ? " -.->" : " -->";
        String label = flow.map(name -> "|" + text(name) + "| ").orElse(" ");
        lines.add("  " + id(edge.from()) + arrow + label + id(edge.to()));
    }

    /** Letters, digits and underscores that tell what it is; with a number where two would be the same. */
    private String id(String name) {
        String known = ids.get(name);
        if (known != null) {
            return known;
        }
        String base = name.replaceAll("[^A-Za-z0-9]+", "_");
        String id = base;
        for (int number = 2; ids.containsValue(id); number++) {
            id = base + "_" + number;
        }
        ids.put(name, id);
        return id;
    }

    private static String text(String label) {
        return '"' + label.replace("#", "#35;").replace("\"", "#quot;") + '"';
    }
}
