package dev.tarn.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Set;

/** What a flow does to its target with the rows that its query yields. */
public sealed interface Effect {

    /**
     * Adds them.
     *
     * @param once whether that is done a single time, over the inputs as they are then: a back-fill
     */
    record Append(boolean once) implements Effect {}

    /** Puts them in the place of all there were. */
    record Replace() implements Effect {}

    /**
     * Takes them for changes of rows that are told apart by keys, whatever the order in which they come: AUTO CDC. The
     * flow's query yields the target's columns without {@code __START_AT} and {@code __END_AT}, then {@link #SEQUENCE} and
     * {@link #OPERATION}.
     *
     * @param keys columns of the target
     * @param sequence type of what orders the changes of a key; the one with the greatest value is the newest
     * @param tracked columns a change of which opens a new version, of type 2 only
     * @param ignoreNulls columns in which a NULL leaves what there was
     * @param snapshots whether the query yields all rows there are, so that what is missing is deleted; else new changes
     * @param once whether that is done a single time, over the inputs as they are then: a back-fill
     */
    record AutoCdc(
            List<String> keys,
            DataType sequence,
            ScdType type,
            List<String> tracked,
            Set<String> ignoreNulls,
            boolean snapshots,
            boolean once)
            implements Effect {

        /** Orders the changes of one key; of {@code sequence}'s type. */
        public static final String SEQUENCE = "_tarn_sequence";

        /** Tells changes apart, a TINYINT: {@link #UPSERT}, {@link #DELETE} or {@link #TRUNCATE}. */
        public static final String OPERATION = "_tarn_operation";

        public static final int UPSERT = 0;
        public static final int DELETE = 1;
        /** Deletes all rows whose changes came before, whatever their keys. */
        public static final int TRUNCATE = 2;

        /** Of type 2: sequence of the change that opened a version. */
        public static final String START_AT = "__START_AT";

        /** Of type 2: sequence of the change that ended a version, NULL while it is the current one. */
        public static final String END_AT = "__END_AT";

        public AutoCdc {
            requireNonNull(sequence, "sequence");
            requireNonNull(type, "type");
            keys = List.copyOf(keys);
            tracked = List.copyOf(tracked);
            ignoreNulls = Set.copyOf(ignoreNulls);
            if (keys.isEmpty()) {
                throw new IllegalArgumentException("changes of rows need keys");
            }
        }
    }

    /** Types of slowly changing dimensions: what becomes of the values that a change replaces. */
    enum ScdType {
        /** They are gone. */
        TYPE_1,
        /** They are kept as a version of the row that has ended. */
        TYPE_2
    }

    /** Whether the work is done a single time. */
    default boolean once() {
        if (this instanceof Append append) {
            return append.once();
        }
        return this instanceof AutoCdc changes && changes.once();
    }
}
