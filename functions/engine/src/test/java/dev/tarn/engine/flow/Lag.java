package dev.tarn.engine.flow;

import static dev.tarn.engine.flow.FlowLake.BRONZE;
import static dev.tarn.engine.flow.FlowLake.SILVER;

import dev.tarn.engine.delta.DeltaTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From a commit to bronze until silver has seen it, for those commits that silver has seen before the sweep. */
record Lag(List<Duration> sorted) {

    static Lag of(FlowLake lake, Burst burst, List<Instance> instances, long before) {
        DeltaTable silver = lake.lake.table(SILVER);
        List<Duration> lags = new ArrayList<>();
        long unseen = burst.committed().firstKey();
        for (long version = before + 1; version <= lake.snapshot(SILVER).version(); version++) {
            long upTo = silver.snapshotAt(version)
                    .progress(SILVER.toString())
                    .flatMap(progress -> progress.source(BRONZE.toString()))
                    .orElseThrow()
                    .version();
            Optional<Long> seen = seen(instances, SILVER.path() + "/_delta_log/%020d.json".formatted(version));
            if (seen.isPresent()) {
                for (Map.Entry<Long, Long> commit :
                        burst.committed().subMap(unseen, upTo + 1).entrySet()) {
                    lags.add(Duration.ofNanos(seen.get() - commit.getValue()));
                }
            }
            unseen = upTo + 1;
        }
        return new Lag(lags.stream().sorted().toList());
    }

    private static Optional<Long> seen(List<Instance> instances, String path) {
        return instances.stream()
                .flatMap(instance -> instance.seen(path).stream())
                .findFirst();
    }

    @Override
    public String toString() {
        return "a commit is in silver after " + sorted.get(sorted.size() / 2).toMillis() + " ms (median), "
                + sorted.get(sorted.size() - 1).toMillis() + " ms at most";
    }
}
