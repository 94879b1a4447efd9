package dev.tarn.compiler.query;

/** Where an expression stands decides which functions it may use. */
enum Place {
    ROWS(false, false),
    GROUPS(true, false),
    RESULT(true, true);

    private final boolean aggregates;
    private final boolean windows;

    Place(boolean aggregates, boolean windows) {
        this.aggregates = aggregates;
        this.windows = windows;
    }

    boolean aggregates() {
        return aggregates;
    }

    boolean windows() {
        return windows;
    }
}
