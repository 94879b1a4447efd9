package dev.tarn.connect.inbox;

import dev.tarn.engine.storage.Storage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Events of one endpoint that reach this process while a file is being written share the next file. Everybody is answered
 * once theirs is durable. Safe to share.
 */
final class SharedFile {

    private static final int MOST_BYTES = 4_000_000;

    private final Storage storage;
    private final String endpoint;
    private final UnaryOperator<String> paths;
    private final Executor threads;
    private final Consumer<String> stored;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private boolean writing;

    private record Waiting(byte[] lines, CompletableFuture<Optional<String>> durable) {}

    /**
     * A writer of an endpoint.
     *
     * @param paths gives the endpoint a path at which there has never been a file
     * @param stored is told the path of every file, once it is there
     */
    SharedFile(
            Storage storage, UnaryOperator<String> paths, String endpoint, Executor threads, Consumer<String> stored) {
        this.storage = storage;
        this.endpoint = endpoint;
        this.paths = paths;
        this.threads = threads;
        this.stored = stored;
    }

    /**
     * The file's path once the lines are durable in it; an exception when that is not known. Empty when {@link #forget} came
     * first.
     */
    CompletableFuture<Optional<String>> write(byte[] lines) {
        Waiting next = new Waiting(lines, new CompletableFuture<>());
        boolean begin;
        synchronized (waiting) {
            waiting.add(next);
            begin = !writing;
            writing = true;
        }
        if (begin) {
            threads.execute(this::writeAll);
        }
        return next.durable();
    }

    /** Leaves lines out that are not being written yet. */
    void forget(CompletableFuture<Optional<String>> durable) {
        synchronized (waiting) {
            waiting.removeIf(next -> next.durable() == durable && next.durable().complete(Optional.empty()));
        }
    }

    private void writeAll() {
        for (List<Waiting> group = next(); !group.isEmpty(); group = next()) {
            try {
                ByteArrayOutputStream content = new ByteArrayOutputStream();
                group.forEach(member -> content.writeBytes(member.lines()));
                String path = paths.apply(endpoint);
                storage.put(path, content.toByteArray());
                group.forEach(member -> member.durable().complete(Optional.of(path)));
                stored.accept(path);
            } catch (IOException | RuntimeException | Error e) {
                group.forEach(member -> member.durable().completeExceptionally(e));
            }
        }
    }

    private List<Waiting> next() {
        List<Waiting> group = new ArrayList<>();
        int bytes = 0;
        synchronized (waiting) {
            while (!waiting.isEmpty()
                    && (group.isEmpty() || bytes + waiting.peek().lines().length <= MOST_BYTES)) {
                Waiting member = waiting.poll();
                bytes += member.lines().length;
                group.add(member);
            }
            writing = !group.isEmpty();
        }
        return group;
    }
}
