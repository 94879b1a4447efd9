package dev.tarn.connect.extract;

import dev.tarn.engine.duckdb.Spool;
import dev.tarn.model.Problem;
import java.util.List;

/**
 * What a comparison of keys found.
 *
 * @param versions to land: tombstones, and rows that no look had seen
 * @param remarks for the user, sentences
 * @param held why deletes were not landed; empty when all were
 */
record Differences(List<Spool> versions, List<String> remarks, List<Problem> held) implements AutoCloseable {

    Differences {
        versions = List.copyOf(versions);
        remarks = List.copyOf(remarks);
        held = List.copyOf(held);
    }

    static Differences none() {
        return new Differences(List.of(), List.of(), List.of());
    }

    long rows() {
        return versions.stream().mapToLong(Spool::rows).sum();
    }

    @Override
    public void close() {
        versions.forEach(Spool::close);
    }
}
