package dev.tarn.engine.delta;

import io.delta.kernel.internal.TableConfig;
import java.util.ArrayList;
import java.util.List;

/** The rows of a change data file (PROTOCOL.md, "Change Data Files"). */
final class ChangeRows {

    static final String CHANGE_TYPE = "_change_type";
    static final String INSERT = "insert";
    static final String DELETE = "delete";
    static final String BEFORE_UPDATE = "update_preimage";
    static final String AFTER_UPDATE = "update_postimage";

    private final List<String> parts = new ArrayList<>();
    private long rows;

    /** Whether commits to the table tell which rows they change. */
    static boolean areKept(TableSnapshot table) {
        return TableConfig.CHANGE_DATA_FEED_ENABLED.fromMetadata(table.kernel().getMetadata());
    }

    /** @param select a query that yields {@code number} rows with the columns of the table */
    void add(String type, String select, long number) {
        rows += number;
        parts.add("SELECT *, '" + type + "' AS " + CHANGE_TYPE + " FROM (" + select + ")");
    }

    long rows() {
        return rows;
    }

    String sql() {
        return String.join(" UNION ALL BY NAME ", parts);
    }
}
