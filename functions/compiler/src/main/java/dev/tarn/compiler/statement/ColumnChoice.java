package dev.tarn.compiler.statement;

import java.util.List;

/** Columns out of those of a table: the named ones, or all but the named ones. */
public record ColumnChoice(boolean except, List<Named> names) {

    public ColumnChoice {
        names = List.copyOf(names);
    }

    /** Every column. */
    public static ColumnChoice all() {
        return new ColumnChoice(true, List.of());
    }
}
