package dev.tarn.connect.extract;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.Relation;
import dev.tarn.model.TableName;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** How one table of a source and its table in the lake compare. */
public sealed interface TableVerdict {

    /** The table in the source. */
    Relation relation();

    /** Whether the lake has not what the source has, apart from rows that are still to come. */
    boolean differs();

    /**
     * The lake does not have the whole table yet.
     *
     * @param target the bronze table
     * @param begun whether a first load has begun
     */
    record NotLoaded(Relation relation, TableName target, boolean begun) implements TableVerdict {
        public NotLoaded {
            requireNonNull(relation, "relation");
            requireNonNull(target, "target");
        }

        @Override
        public boolean differs() {
            return true;
        }
    }

    /**
     * Rows that have something in common.
     *
     * @param count of them
     * @param first the smallest keys, {@code 7} or {@code (7, 9)}, no more than {@link #MOST}
     */
    record Rows(long count, List<String> first) {

        /** So many keys are named. */
        public static final int MOST = 10;

        public Rows {
            first = List.copyOf(first);
            if (count < first.size() || first.size() > MOST) {
                throw new IllegalArgumentException("of " + count + " rows " + first.size() + " are named");
            }
        }

        public boolean none() {
            return count == 0;
        }
    }

    /**
     * The sum of a column on both sides, without rows that are to come or that the project leaves out.
     *
     * @param source of the values as the lake's column can hold them
     * @param exact of all their digits, where the lake's column has fewer and that makes a difference
     */
    record Sum(String column, BigDecimal source, BigDecimal lake, Optional<BigDecimal> exact) {
        public Sum {
            requireNonNull(column, "column");
            requireNonNull(exact, "exact");
        }

        public boolean equal() {
            return source.compareTo(lake) == 0;
        }
    }

    /**
     * Both sides were read.
     *
     * @param table the lake's: of silver, or of bronze where silver has none
     * @param key columns that tell rows apart
     * @param sourceRows all of them, those to come among them
     * @param toCome rows of the source that no look has read, and that the next one reads
     * @param missing rows of the source that the lake should have, and has not
     * @param missingInBronze how many of these bronze does not have either
     * @param leftOut rows of bronze that conditions and expectations of the project keep out of silver
     * @param gone rows of the lake that the source does not have
     * @param other rows whose summed columns have other values
     * @param repeated keys that the lake has more than once
     * @param remarks sentences for the user
     */
    record Compared(
            Relation relation,
            TableName table,
            List<String> key,
            long sourceRows,
            long lakeRows,
            Rows toCome,
            Rows missing,
            long missingInBronze,
            Rows leftOut,
            Rows gone,
            Rows other,
            Rows repeated,
            List<Sum> sums,
            List<String> remarks)
            implements TableVerdict {
        public Compared {
            requireNonNull(relation, "relation");
            requireNonNull(table, "table");
            requireNonNull(toCome, "toCome");
            requireNonNull(missing, "missing");
            requireNonNull(leftOut, "leftOut");
            requireNonNull(gone, "gone");
            requireNonNull(other, "other");
            requireNonNull(repeated, "repeated");
            key = List.copyOf(key);
            sums = List.copyOf(sums);
            remarks = List.copyOf(remarks);
        }

        /** The same with these remarks. */
        public Compared with(List<String> others) {
            return new Compared(
                    relation,
                    table,
                    key,
                    sourceRows,
                    lakeRows,
                    toCome,
                    missing,
                    missingInBronze,
                    leftOut,
                    gone,
                    other,
                    repeated,
                    sums,
                    others);
        }

        @Override
        public boolean differs() {
            return !(missing.none()
                    && gone.none()
                    && other.none()
                    && repeated.none()
                    && sums.stream().allMatch(Sum::equal));
        }
    }
}
