package dev.tarn.engine.flow;

import static dev.tarn.engine.flow.FlowLake.BRONZE;
import static dev.tarn.engine.flow.FlowLake.SILVER;
import static dev.tarn.engine.flow.FlowLake.rows;
import static dev.tarn.engine.flow.FlowLake.stream;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.delta.Pause;
import dev.tarn.engine.plan.PlanStore;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import dev.tarn.model.TableCommitted;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A burst of commits whose events come late, twice, out of order or never, to several instances of the app with several
 * handlers each. The test of a kind of storage extends this and says which one is meant.
 */
abstract class EventSimulation {

    private static final int COMMITS = 1_000;
    private static final Duration BURST = Duration.ofSeconds(10);
    private static final int INSTANCES = 4;
    private static final int HANDLERS = 5;
    private static final int MOST_UPDATES = 20;
    private static final int MOST_REQUESTS = 3;

    @TempDir
    Path folder;

    /** A new lake, as any number of processes see it. */
    abstract Supplier<Storage> newLake() throws Exception;

    @Test
    void aBurstOfCommitsIsGatheredIntoFewUpdates() throws Exception {
        long seed = Long.getLong("tarn.seed", System.nanoTime());
        Supplier<Storage> place = newLake();
        List<Instance> instances = new ArrayList<>();
        try (FlowLake writer = new FlowLake(place.get(), folder.resolve("writer"), Clock.systemUTC(), Pause.real())) {
            deploy(writer);
            TableCommitted first = new TableCommitted(BRONZE, writer.arrive(rows("(1, 1)")));
            for (int number = 0; number < INSTANCES; number++) {
                instances.add(new Instance(place.get(), folder.resolve("instance-" + number), HANDLERS));
                // Once finds the target and the second time the source: neither is in memory yet.
                instances.get(number).warm(first);
                instances.get(number).warm(first);
            }
            long updatesBefore = writer.snapshot(SILVER).version();
            Delivery delivery = new Delivery(instances, new Random(seed));
            Burst burst = new Burst(writer, delivery, BURST.dividedBy(COMMITS));
            burst.commit(COMMITS);
            delivery.await();
            long announced = writer.snapshot(SILVER).version();
            writer.updates.run(stream());

            Wakened wakened = Wakened.of(instances);
            long updates = writer.snapshot(SILVER).version() - updatesBefore;
            System.out.println(getClass().getSimpleName() + ", seed " + seed + ": " + COMMITS + " commits in "
                    + burst.took().toMillis() + " ms; " + delivery + "; " + updates + " updates, "
                    + (writer.snapshot(SILVER).version() - announced) + " of them by the sweep; " + wakened + "; "
                    + Lag.of(writer, burst, instances, updatesBefore));

            assertThat(writer.read(SILVER)).hasSize(COMMITS + 1).doesNotHaveDuplicates();
            assertThat(updates).isLessThanOrEqualTo(MOST_UPDATES);
            assertThat(wakened.mostRequests()).isLessThanOrEqualTo(MOST_REQUESTS);
        } finally {
            instances.forEach(Instance::close);
        }
    }

    private static void deploy(FlowLake lake) throws IOException {
        Flow flow = stream();
        new PlanStore(lake.lake.storage())
                .deploy(new Plan("0123456789abcdef", "burst", ZoneId.of("UTC"), List.of(flow), List.of(), List.of()));
    }
}
