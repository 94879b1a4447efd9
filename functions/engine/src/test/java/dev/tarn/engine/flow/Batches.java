package dev.tarn.engine.flow;

import static dev.tarn.engine.flow.FlowLake.BRONZE;

import dev.tarn.engine.delta.Commit;
import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** What a source brings into the bronze table, batch by batch: three rows each, one of which an expectation drops. */
record Batches(FlowLake lake, String source) {

    static Batches of(FlowLake lake, String source) {
        return new Batches(lake, source);
    }

    /** Brings the batch, again and again until it is there; whether an attempt was in vain, the next one finds out. */
    void arrive(int batch) {
        List<Boolean> arrived = new ArrayList<>();
        while (arrived.isEmpty()) {
            Stubborn.once(() -> {
                if (isThere(batch)) {
                    arrived.add(true);
                }
            });
        }
    }

    private boolean isThere(int batch) {
        DeltaTable table = lake.lake.table(BRONZE);
        TableSnapshot base = lake.make();
        OptionalLong last = base.updateNumber(source);
        if (last.isPresent() && last.getAsLong() >= batch) {
            return true;
        }
        try (Session session = lake.lake.duckDb().session()) {
            CommitRequest request = CommitRequest.ofFlow(
                    source,
                    batch,
                    new FlowProgress("-", List.of()),
                    lake.lake.newUpdateId(),
                    "WRITE",
                    Map.of(),
                    Map.of());
            Commit commit = table.commit(table.append(session, base, FlowLake.rows(values(number(), batch))), request);
            return commit instanceof Commit.Committed;
        }
    }

    private int number() {
        return Integer.parseInt(source.substring(source.indexOf('.') + 1));
    }

    private static int id(int source, int batch) {
        return (source + 1) * 1000 + batch * 3;
    }

    private static String values(int source, int batch) {
        int id = id(source, batch);
        return "(%d, 10), (%d, -1), (%d, 20)".formatted(id, id + 1, id + 2);
    }

    private static List<String> rows(int sources, int batches, int... places) {
        List<String> rows = new ArrayList<>();
        for (int source = 0; source < sources; source++) {
            for (int batch = 0; batch < batches; batch++) {
                int id = id(source, batch);
                IntStream.of(places).forEach(place -> rows.add((id + place) + "|" + amount(place)));
            }
        }
        return rows;
    }

    private static String amount(int place) {
        return List.of("10.00", "-1.00", "20.00").get(place);
    }

    static List<String> bronze(int sources, int batches) {
        return rows(sources, batches, 0, 1, 2);
    }

    static List<String> silver(int sources, int batches) {
        return rows(sources, batches, 0, 2);
    }

    static List<String> gold(int sources, int batches) {
        return List.of(sources * batches * 2 + "|" + sources * batches * 30 + ".00");
    }
}
