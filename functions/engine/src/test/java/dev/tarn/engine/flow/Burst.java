package dev.tarn.engine.flow;

import static dev.tarn.engine.flow.FlowLake.BRONZE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.delta.Pause;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.Sql;
import dev.tarn.model.TableCommitted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A writer that commits to the bronze table at an even pace and announces each commit. It commits as another program
 * would that does nothing else: with one request each.
 */
final class Burst {

    private final FlowLake lake;
    private final Storage storage;
    private final Delivery delivery;
    private final Duration every;
    private final NavigableMap<Long, Long> committed = new TreeMap<>();
    private Duration took = Duration.ZERO;

    Burst(FlowLake lake, Delivery delivery, Duration every) {
        this.lake = lake;
        this.storage = lake.lake.storage();
        this.delivery = delivery;
        this.every = every;
    }

    /** Puts a file with one row for every commit. What is timed is the committing. */
    private List<String> write(int commits) throws IOException {
        List<String> adds = new ArrayList<>();
        try (Session session = lake.lake.duckDb().session()) {
            for (int commit = 0; commit < commits; commit++) {
                String name = "part-%04d.parquet".formatted(commit);
                Path file = session.newFile(".parquet");
                session.execute("COPY (" + FlowLake.rows("(" + (commit + 2) + ", 1)") + ") TO "
                        + Sql.literal(file.toString()) + " (FORMAT parquet)");
                adds.add("{\"add\":{\"path\":\"%s\",\"partitionValues\":{},\"size\":%d,\"modificationTime\":0,"
                                .formatted(name, Files.size(file))
                        + "\"dataChange\":true,\"stats\":\"{\\\"numRecords\\\":1}\"}}\n");
                storage.putFile(BRONZE.path() + "/" + name, file);
            }
        }
        return adds;
    }

    void commit(int commits) throws IOException, InterruptedException {
        List<String> adds = write(commits);
        long version = lake.snapshot(BRONZE).version();
        long began = System.nanoTime();
        for (int number = 0; number < commits; number++) {
            long early = began + every.multipliedBy(number).toNanos() - System.nanoTime();
            if (early > 0) {
                Pause.real().of(Duration.ofNanos(early));
            }
            version++;
            String path = BRONZE.path() + "/_delta_log/%020d.json".formatted(version);
            String commit = "{\"commitInfo\":{\"timestamp\":0,\"operation\":\"WRITE\"}}\n" + adds.get(number);
            assertThat(storage.putIfAbsent(path, commit.getBytes(UTF_8))).isTrue();
            committed.put(version, System.nanoTime());
            delivery.send(new TableCommitted(BRONZE, version));
        }
        took = Duration.ofNanos(System.nanoTime() - began);
    }

    Duration took() {
        return took;
    }

    /** When each version was there, in the nanoseconds of this machine. */
    NavigableMap<Long, Long> committed() {
        return committed;
    }
}
