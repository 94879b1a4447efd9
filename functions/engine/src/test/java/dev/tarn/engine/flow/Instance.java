package dev.tarn.engine.flow;

import dev.tarn.engine.delta.Pause;
import dev.tarn.engine.storage.Fault;
import dev.tarn.engine.storage.FaultyStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StorageCall;
import dev.tarn.engine.storage.StorageCall.Operation;
import dev.tarn.model.TableCommitted;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** An instance of the app: a lake of its own on the storage of all, and handlers that share it. */
final class Instance implements AutoCloseable {

    private final FlowLake lake;
    private final Wakes wakes;
    private final ScheduledExecutorService handlers;
    private final ThreadLocal<List<StorageCall>> requests = ThreadLocal.withInitial(ArrayList::new);
    private final Queue<Wake> handled = new ConcurrentLinkedQueue<>();
    private final Map<String, Long> seen = new ConcurrentHashMap<>();

    /** What one event cost and what became of it. */
    record Wake(UpdateOutcome outcome, List<Operation> requests, boolean readPlan) {}

    Instance(Storage storage, Path workspace, int handlers) {
        FaultyStorage counted = new FaultyStorage(storage, this::count, workspace.toString());
        this.lake = new FlowLake(counted, workspace, Clock.systemUTC(), Pause.real());
        this.wakes = new Wakes(lake.lake);
        this.handlers = Executors.newScheduledThreadPool(handlers);
    }

    /** Remembers the thread's requests, and when a commit of it was there: when the thread goes on. */
    private Optional<Fault> count(StorageCall call) {
        List<StorageCall> before = requests.get();
        if (!before.isEmpty()) {
            StorageCall last = before.get(before.size() - 1);
            if (last.operation() == Operation.PUT_IF_ABSENT) {
                seen.putIfAbsent(last.path(), System.nanoTime());
            }
        }
        if (call.operation().isRequest()) {
            before.add(call);
        }
        return Optional.empty();
    }

    /** The first event of an instance finds nothing in memory. */
    void warm(TableCommitted event) {
        wakes.wake(event, () -> false, (flow, outcome) -> {});
    }

    Future<?> handle(TableCommitted event, long afterMillis) {
        return handlers.schedule(() -> handle(event), afterMillis, TimeUnit.MILLISECONDS);
    }

    private void handle(TableCommitted event) {
        requests.get().clear();
        wakes.wake(event, () -> false, (flow, outcome) -> {
            List<StorageCall> made = requests.get();
            List<Operation> ofFlow = made.stream()
                    .filter(call -> !call.path().startsWith("tarn/plans/"))
                    .map(StorageCall::operation)
                    .toList();
            handled.add(new Wake(outcome, ofFlow, ofFlow.size() < made.size()));
        });
    }

    List<Wake> handled() {
        return List.copyOf(handled);
    }

    /** When the commit at the path was there, in the nanoseconds of this machine; empty when this instance did not make it. */
    Optional<Long> seen(String path) {
        return Optional.ofNullable(seen.get(path));
    }

    @Override
    public void close() {
        handlers.shutdownNow();
        lake.close();
    }
}
