package dev.tarn.functions;

import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StoredFile;
import dev.tarn.model.TableName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Tells of new files as Event Grid does on a bad day: each event three times, in any order, up to half a second late, to any
 * of the app's processes; one in ten never.
 */
final class CarelessPost implements AutoCloseable {

    private static final int TIMES = 3;
    private static final int LATEST_MILLIS = 500;
    private static final int LOST_PERCENT = 10;
    private static final int HANDLERS = 6;

    /** A process of the app takes the event. */
    interface Receiver {
        void take(TableName table, String file);
    }

    private record Event(TableName table, StoredFile file) {}

    private final Storage storage;
    private final List<Receiver> receivers;
    private final Random random;
    private final ScheduledExecutorService handlers = new ScheduledThreadPoolExecutor(HANDLERS);
    private final Set<String> told = new HashSet<>();
    private final List<Future<?>> pending = new ArrayList<>();
    private int lost;

    CarelessPost(Storage storage, List<Receiver> receivers, Random random) {
        this.storage = storage;
        this.receivers = receivers;
        this.random = random;
    }

    /** Sends events of the files that have come since the last time. */
    void collect() throws IOException {
        for (TableName table : ChainLake.TABLES) {
            for (StoredFile file : storage.list(table.path() + "/_delta_log", "")) {
                if (told.add(file.path())) {
                    send(new Event(table, file));
                }
            }
        }
    }

    private void send(Event event) {
        if (random.nextInt(100) < LOST_PERCENT) {
            lost++;
            return;
        }
        for (int time = 0; time < TIMES; time++) {
            Receiver receiver = receivers.get(random.nextInt(receivers.size()));
            String file =
                    event.file().path().substring(event.table().layer().folder().length() + 1);
            pending.add(handlers.schedule(
                    () -> receiver.take(event.table(), file), random.nextInt(LATEST_MILLIS), TimeUnit.MILLISECONDS));
        }
    }

    /** Collects and waits until no event is left that would bring another. */
    void settle() throws IOException, InterruptedException, ExecutionException {
        collect();
        while (!pending.isEmpty()) {
            for (Future<?> event : pending) {
                event.get();
            }
            pending.clear();
            collect();
        }
    }

    int lost() {
        return lost;
    }

    @Override
    public void close() {
        handlers.shutdownNow();
    }
}
