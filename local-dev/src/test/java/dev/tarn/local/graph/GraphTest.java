package dev.tarn.local.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.local.graph.Graph.Edge;
import dev.tarn.local.graph.Graph.Node;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraphTest {

    private static final Graph GRAPH = new Graph(
            List.of(
                    new Node("bronze.a", "bronze", ""),
                    new Node("bronze.b", "bronze", "odoo \"b\" #1"),
                    new Node("silver.c", "silver", "streaming table"),
                    new Node("sink bronze.a", "sink", "mirror"),
                    new Node("bronze a", "sink", "mirror")),
            List.of(
                    new Edge("bronze.a", "silver.c", "c_current", true),
                    new Edge("bronze.b", "silver.c", "silver.c", false),
                    new Edge("silver.c", "sink bronze.a", "sink bronze.a", false),
                    new Edge("silver.c", "bronze a", "bronze a", false)));

    @Test
    void textTellsOfStreamsAndOfFlowsWithANameOfTheirOwn() {
        assertThat(GraphText.all(GRAPH))
                .containsExactly(
                        "bronze.a",
                        "└─ stream silver.c  (streaming table, by c_current)",
                        "   ├─ sink bronze.a  (mirror)",
                        "   └─ bronze a  (mirror)",
                        "bronze.b  (odoo \"b\" #1)",
                        "└─ silver.c ...");
    }

    @Test
    void mermaidTellsThemTooAndNoNameBreaksIt() {
        assertThat(GraphMermaid.of(GRAPH))
                .containsExactly(
                        "flowchart LR",
                        "  subgraph group_bronze[\"bronze\"]",
                        "    bronze_a[\"bronze.a\"]",
                        "    bronze_b[\"bronze.b<br/>odoo #quot;b#quot; #35;1\"]",
                        "  end",
                        "  subgraph group_silver[\"silver\"]",
                        "    silver_c[\"silver.c<br/>streaming table\"]",
                        "  end",
                        "  subgraph group_sink[\"sink\"]",
                        "    sink_bronze_a[\"sink bronze.a<br/>mirror\"]",
                        "    bronze_a_2[\"bronze a<br/>mirror\"]",
                        "  end",
                        "  bronze_a -.->|\"c_current\"| silver_c",
                        "  bronze_b --> silver_c",
                        "  silver_c --> sink_bronze_a",
                        "  silver_c --> bronze_a_2");
    }

    @Test
    void aPartHasAllThatLeadsToANodeOrComesFromIt() {
        assertThat(GRAPH.around("bronze.a", true, true).nodes())
                .extracting(Node::name)
                .containsExactly("bronze.a", "silver.c", "sink bronze.a", "bronze a");
        assertThat(GRAPH.around("silver.c", true, false).edges())
                .extracting(Edge::from)
                .containsExactly("bronze.a", "bronze.b");
    }
}
