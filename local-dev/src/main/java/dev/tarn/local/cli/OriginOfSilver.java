package dev.tarn.local.cli;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.local.graph.ColumnGraph;
import dev.tarn.local.graph.Graph;
import dev.tarn.model.Layer;
import dev.tarn.model.TableName;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which columns of silver are those of bronze, and which only have a name in common with one. */
final class OriginOfSilver {

    private final Graph columns;

    private OriginOfSilver(Graph columns) {
        this.columns = columns;
    }

    /** Of the project of the source. */
    static OriginOfSilver of(OpenedSource opened) {
        try (Session session = opened.lake().duckDb().session()) {
            return new OriginOfSilver(ColumnGraph.of(opened.plan(), session));
        }
    }

    /** Whether silver's column is made of the bronze table's column of the name, and of no other. */
    boolean isSame(TableName bronze, String column) {
        String silver = ColumnGraph.name(new TableName(Layer.SILVER, bronze.table()), column);
        Set<String> origins = new HashSet<>();
        collect(silver, origins, new HashSet<>());
        return columns.node(silver).isEmpty() || origins.equals(Set.of(ColumnGraph.name(bronze, column)));
    }

    private void collect(String column, Set<String> origins, Set<String> seen) {
        List<Graph.Edge> into = columns.into(column);
        if (into.isEmpty()) {
            origins.add(column);
        }
        for (Graph.Edge edge : into) {
            if (seen.add(edge.from())) {
                collect(edge.from(), origins, seen);
            }
        }
    }
}
