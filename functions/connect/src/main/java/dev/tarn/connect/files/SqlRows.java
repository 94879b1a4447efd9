package dev.tarn.connect.files;

import dev.tarn.engine.duckdb.Session;
import java.util.ArrayList;
import java.util.List;

/** Puts rows into a table of the session, many with each statement. */
final class SqlRows {

    private static final int MOST = 500;

    private final Session session;
    private final String table;
    private final List<String> waiting = new ArrayList<>();

    SqlRows(Session session, String table) {
        this.session = session;
        this.table = table;
    }

    /** @param values in SQL, with commas between */
    void add(String values) {
        waiting.add("(" + values + ")");
        if (waiting.size() == MOST) {
            flush();
        }
    }

    void flush() {
        if (!waiting.isEmpty()) {
            session.execute("INSERT INTO " + table + " VALUES " + String.join(", ", waiting));
            waiting.clear();
        }
    }
}
