package dev.tarn.compiler.statement;

import dev.tarn.compiler.grammar.SparkGrammar.Slice;
import dev.tarn.model.SourcePosition;
import java.util.List;

/**
 * {@code CREATE [TEMPORARY] VIEW}: a query that others read by a name, of which nothing is stored.
 *
 * @param temporary whether it has a name of its own kind; else it is named like a table, in a layer
 * @param columns names of its columns, none when the query alone decides
 */
public record ViewStatement(
        boolean temporary,
        QualifiedName name,
        List<Named> columns,
        List<Constraint> constraints,
        Slice query,
        Surroundings surroundings,
        SourcePosition position)
        implements Statement {

    public ViewStatement {
        columns = List.copyOf(columns);
        constraints = List.copyOf(constraints);
    }
}
