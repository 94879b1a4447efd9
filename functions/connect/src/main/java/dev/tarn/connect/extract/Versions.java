package dev.tarn.connect.extract;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Versions of rows that wait to be landed, in files of the workspace. */
final class Versions implements AutoCloseable {

    private final List<Spool> parts = new ArrayList<>();

    /** Adds what the query yields. */
    void add(Session session, String sql) {
        parts.add(Spool.of(session, sql));
    }

    long rows() {
        return parts.stream().mapToLong(Spool::rows).sum();
    }

    /** A query over all of them, of which there is one at least; columns that one of them lacks are NULL in its rows. */
    String select() {
        return parts.stream()
                .map(part -> "SELECT * FROM " + part.from())
                .collect(Collectors.joining(" UNION ALL BY NAME "));
    }

    @Override
    public void close() {
        parts.forEach(Spool::close);
    }
}
