package dev.tarn.compiler.statement;

import dev.tarn.compiler.grammar.SparkGrammar;
import dev.tarn.compiler.grammar.SparkGrammar.Slice;
import dev.tarn.model.DataType;
import dev.tarn.model.Expectation.OnViolation;
import dev.tarn.model.SourcePosition;
import java.util.List;
import java.util.Optional;

/**
 * {@code CREATE ... AS query}, with the query not yet understood.
 *
 * @param name parts of the name, one or two
 * @param namePosition where the name begins
 * @param columns declared columns, none when the query alone decides
 * @param grammar of the file the statement stands in
 */
public record DatasetStatement(
        Kind kind,
        List<String> name,
        SourcePosition namePosition,
        List<DeclaredColumn> columns,
        List<Constraint> constraints,
        List<Named> partitionBy,
        String comment,
        Slice query,
        SourcePosition position,
        SparkGrammar grammar) {

    /** What the statement makes. */
    public enum Kind {
        STREAMING_TABLE,
        MATERIALIZED_VIEW,
        TEMPORARY_VIEW
    }

    /** A name and its place. */
    public record Named(String name, SourcePosition position) {}

    /** A column of the column list; a column without a type takes the query's. */
    public record DeclaredColumn(String name, Optional<DataType> type, String comment, SourcePosition position) {}

    /** An expectation, its condition not yet understood. */
    public record Constraint(String name, Slice condition, OnViolation onViolation, SourcePosition position) {}

    public DatasetStatement {
        name = List.copyOf(name);
        columns = List.copyOf(columns);
        constraints = List.copyOf(constraints);
        partitionBy = List.copyOf(partitionBy);
    }
}
