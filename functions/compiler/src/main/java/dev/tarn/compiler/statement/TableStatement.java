package dev.tarn.compiler.statement;

import dev.tarn.model.Dataset;
import dev.tarn.model.SourcePosition;
import java.util.List;
import java.util.Optional;

/**
 * {@code CREATE STREAMING TABLE} or {@code CREATE MATERIALIZED VIEW}.
 *
 * @param isPrivate whether the table is there for the flows of the project alone
 * @param columns declared columns, none when the flows alone decide
 * @param comment empty when there is none
 * @param flow what the statement itself fills the table with
 */
public record TableStatement(
        Dataset.Kind kind,
        QualifiedName name,
        boolean isPrivate,
        List<DeclaredColumn> columns,
        List<Constraint> constraints,
        List<Named> partitionBy,
        List<Named> clusterBy,
        String comment,
        List<Property> properties,
        Optional<FlowStatement> flow,
        Surroundings surroundings,
        SourcePosition position)
        implements Statement {

    public TableStatement {
        columns = List.copyOf(columns);
        constraints = List.copyOf(constraints);
        partitionBy = List.copyOf(partitionBy);
        clusterBy = List.copyOf(clusterBy);
        properties = List.copyOf(properties);
    }

    /** Whether the table always equals its query. */
    public boolean isView() {
        return kind == Dataset.Kind.MATERIALIZED_VIEW;
    }
}
