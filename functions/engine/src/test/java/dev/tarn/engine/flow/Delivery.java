package dev.tarn.engine.flow;

import dev.tarn.model.TableCommitted;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Hands events to handlers as a careless postman: some late, some twice, some never. */
final class Delivery {

    private static final int LATEST_MILLIS = 500;
    private static final int LOST_PERCENT = 10;
    private static final int TWICE_PERCENT = 20;

    private final List<Instance> instances;
    private final Random random;
    private final List<Future<?>> delivered = new ArrayList<>();
    private int lost;
    private int twice;

    Delivery(List<Instance> instances, Random random) {
        this.instances = instances;
        this.random = random;
    }

    void send(TableCommitted event) {
        if (random.nextInt(100) < LOST_PERCENT) {
            lost++;
            return;
        }
        deliver(event);
        if (random.nextInt(100) < TWICE_PERCENT) {
            twice++;
            deliver(event);
        }
    }

    private void deliver(TableCommitted event) {
        Instance instance = instances.get(random.nextInt(instances.size()));
        delivered.add(instance.handle(event, random.nextInt(LATEST_MILLIS)));
    }

    /** Until every event has been handled. */
    void await() throws InterruptedException, ExecutionException {
        for (Future<?> event : delivered) {
            event.get();
        }
    }

    @Override
    public String toString() {
        return delivered.size() + " events up to " + LATEST_MILLIS + " ms late, " + twice + " of them again, " + lost
                + " lost";
    }
}
