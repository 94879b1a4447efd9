package dev.tarn.local.graph;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Things that are made of one another, without a circle. */
public record Graph(List<Node> nodes, List<Edge> edges) {

    /**
     * A table or a column.
     *
     * @param name that no other node has
     * @param group of what belongs together: a layer, or a sink
     * @param kind what it is, for people; empty when there is nothing to say
     */
    public record Node(String name, String group, String kind) {}

    /**
     * That {@code to} is made of {@code from}, among others.
     *
     * @param flow that does it, or the publication, which is called as its table is
     * @param stream whether only what is new is read
     */
    public record Edge(String from, String to, String flow, boolean stream) {}

    /** Each edge is between two of the nodes. */
    public Graph {
        nodes = List.copyOf(nodes);
        edges = List.copyOf(new LinkedHashSet<>(edges));
    }

    /** The node of that name. */
    public Optional<Node> node(String name) {
        return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
    }

    /** Name of the flow that makes the edge, where it has one of its own; empty when it is that of its table. */
    Optional<String> ownName(Edge edge) {
        boolean named = edge.flow().equals(edge.to())
                || node(edge.to())
                        .filter(node -> node.group().equals(edge.flow()))
                        .isPresent();
        return named ? Optional.empty() : Optional.of(edge.flow());
    }

    /** What {@code name} is made of. */
    public List<Edge> into(String name) {
        return edges.stream().filter(edge -> edge.to().equals(name)).toList();
    }

    /** What is made of {@code name}. */
    public List<Edge> outOf(String name) {
        return edges.stream().filter(edge -> edge.from().equals(name)).toList();
    }

    /** The part that {@code name} is made of, directly or not, or that is made of it; itself in any case. */
    public Graph around(String name, boolean up, boolean down) {
        Set<Edge> kept = new HashSet<>();
        if (up) {
            kept.addAll(reached(name, this::into, Edge::from));
        }
        if (down) {
            kept.addAll(reached(name, this::outOf, Edge::to));
        }
        Set<String> names = new HashSet<>(Set.of(name));
        kept.forEach(edge -> names.addAll(List.of(edge.from(), edge.to())));
        return new Graph(
                nodes.stream().filter(node -> names.contains(node.name())).toList(),
                edges.stream().filter(kept::contains).toList());
    }

    private static Set<Edge> reached(String name, Function<String, List<Edge>> next, Function<Edge, String> end) {
        Set<Edge> reached = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(name));
        while (!open.isEmpty()) {
            for (Edge edge : next.apply(open.removeFirst())) {
                if (reached.add(edge)) {
                    open.addLast(end.apply(edge));
                }
            }
        }
        return reached;
    }
}
