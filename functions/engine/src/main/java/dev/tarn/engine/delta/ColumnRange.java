package dev.tarn.engine.delta;

/**
 * From which value to which, both included, some rows have a column.
 *
 * @param values of the column's type
 */
record ColumnRange(OrderedValues values, Comparable<?> low, Comparable<?> high) {

    /** Whether a value can be in both. */
    boolean meets(ColumnRange other) {
        return compare(low, other.high) <= 0 && compare(other.low, high) <= 0;
    }

    /** Orders ranges of one column by where they begin. */
    static int compareLow(ColumnRange one, ColumnRange other) {
        return compare(one.low, other.low);
    }

    /** Both are of the one form that a column's type has. */
    @SuppressWarnings("unchecked")
    private static int compare(Comparable<?> one, Comparable<?> other) {
        return ((Comparable<Object>) one).compareTo(other);
    }
}
