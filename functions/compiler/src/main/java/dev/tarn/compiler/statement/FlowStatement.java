package dev.tarn.compiler.statement;

import dev.tarn.compiler.grammar.SparkGrammar.Slice;
import dev.tarn.model.Effect.ScdType;
import dev.tarn.model.SourcePosition;
import java.util.List;
import java.util.Optional;

/**
 * What fills a table: a {@code CREATE FLOW}, an {@code INSERT INTO}, or a part of the statement that makes the table.
 *
 * @param name as the user gave it, empty when there is none
 */
public record FlowStatement(
        String name, QualifiedName target, Work work, Surroundings surroundings, SourcePosition position)
        implements Statement {

    /** Where the rows come from and what becomes of them. */
    public sealed interface Work {

        /** Whether it is done a single time. */
        boolean once();
    }

    /**
     * The rows of a query.
     *
     * @param byName whether columns that the query leaves out become NULL
     */
    public record Insertion(Slice query, boolean once, boolean byName) implements Work {}

    /**
     * {@code AUTO CDC}.
     *
     * @param source a query that yields the changes, or all rows there are
     * @param snapshots whether it yields all rows there are
     * @param sequence empty exactly when {@code snapshots}
     * @param ignoreNulls columns in which a NULL is no change, if any
     * @param tracked empty when every change of a column opens a new version
     */
    public record Changes(
            Slice source,
            boolean snapshots,
            boolean once,
            List<Named> keys,
            Optional<Slice> sequence,
            Optional<Slice> deleteWhen,
            Optional<Slice> truncateWhen,
            ColumnChoice columns,
            Optional<ColumnChoice> ignoreNulls,
            ScdType type,
            Optional<ColumnChoice> tracked)
            implements Work {

        public Changes {
            keys = List.copyOf(keys);
        }
    }
}
