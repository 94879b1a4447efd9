package dev.tarn.connect.extract;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.DataType;
import dev.tarn.model.Relation;
import dev.tarn.model.TableName;
import java.util.List;
import java.util.Optional;

/**
 * The columns of a table of a source beside those of its bronze table.
 *
 * @param loaded whether there is a bronze table
 * @param fields of the source in its order, then those that it no longer has
 */
public record TableFields(Relation relation, TableName target, boolean loaded, List<Field> fields) {

    /** How a column stands. */
    public enum State {
        SAME,
        NEW,
        /** It has another type than in bronze. */
        RETYPED,
        /** Dropped and made again, with other values. */
        REMADE,
        GONE,
        EXCLUDED
    }

    /**
     * One column.
     *
     * @param source its type in the source, as the lake would have it; empty when it is gone
     * @param bronze its type in bronze; empty when bronze does not have it
     * @param meaning what the next look does with it, empty when nothing is to be said
     */
    public record Field(
            String name, State state, Optional<DataType> source, Optional<DataType> bronze, String meaning) {
        public Field {
            requireNonNull(name, "name");
            requireNonNull(state, "state");
            requireNonNull(source, "source");
            requireNonNull(bronze, "bronze");
            requireNonNull(meaning, "meaning");
        }
    }

    public TableFields {
        requireNonNull(relation, "relation");
        requireNonNull(target, "target");
        fields = List.copyOf(fields);
    }
}
