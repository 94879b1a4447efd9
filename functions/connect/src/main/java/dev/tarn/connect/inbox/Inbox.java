package dev.tarn.connect.inbox;

import dev.tarn.engine.storage.Storage;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.SecretRef;
import dev.tarn.model.WebhookSource;
import dev.tarn.model.WebhookSource.Endpoint;
import dev.tarn.model.WebhookSource.SameId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives events. What it accepted is durable, in files that wait to be brought into bronze; what it knows to have accepted
 * before is not written again. Safe to share; one object for all requests of a process.
 */
public final class Inbox implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

    /** A request is held as it came, unpacked, as events and as lines. */
    private static final int COPIES = 4;

    private static final Duration COME_AGAIN = Duration.ofSeconds(5);

    private final Storage storage;
    private final Clock clock;
    private final InboxLimits limits;
    private final Function<SecretRef, Optional<String>> secrets;
    private final Consumer<String> stored;
    private final Room room;
    private final String process = HexFormat.of().toHexDigits(new SecureRandom().nextLong());
    private final AtomicInteger files = new AtomicInteger();
    private final Map<String, Door> doors = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "tarn-inbox");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * An inbox in the lake.
     *
     * @param secrets values of secrets; empty for one that is not set
     * @param stored is told the path of every file that is there now, for whoever brings it into bronze
     */
    public Inbox(
            Storage storage,
            Clock clock,
            InboxLimits limits,
            Function<SecretRef, Optional<String>> secrets,
            Consumer<String> stored) {
        this.storage = storage;
        this.clock = clock;
        this.limits = limits;
        this.secrets = secrets;
        this.stored = stored;
        this.room = new Room(limits.bytes());
    }

    /**
     * Receives a request, and answers when it is durable or refused.
     *
     * @param sources of the plan that runs
     * @throws IOException when the sender does not send what it began
     */
    public Receipt receive(List<WebhookSource> sources, WebhookRequest request) throws IOException {
        long[] taken = {0};
        try {
            Door door = door(sources, request);
            door.checkHead(request);
            BodyReader reader = new BodyReader(door.endpoint(), request);
            BodyReader.Taking taking = bytes -> take(taken, (long) bytes * COPIES);
            byte[] raw = reader.raw(taking);
            Instant now = clock.instant();
            door.checkBody(request, raw, now);
            return keep(door, door.events(request, reader, reader.unpacked(raw, taking), now), now);
        } catch (RefusedException e) {
            return e.refusal();
        } finally {
            room.giveBack(taken[0]);
        }
    }

    private void take(long[] taken, long bytes) throws RefusedException {
        if (!room.take(bytes)) {
            throw busy("More is being received than memory holds.");
        }
        taken[0] += bytes;
    }

    private Door door(List<WebhookSource> sources, WebhookRequest request) throws RefusedException {
        Endpoint endpoint = sources.stream()
                .flatMap(source -> source.endpoints().stream())
                .filter(found -> found.name().equals(request.endpoint()))
                .findFirst()
                .orElseThrow(() -> new RefusedException(Receipt.Refused.of(
                        ErrorCode.WEBHOOK_UNKNOWN,
                        "There is no such endpoint.",
                        "Correct the address, or deploy the project that has the endpoint; nothing was kept.")));
        Door open = doors.get(endpoint.name());
        if (open == null || !open.endpoint().equals(endpoint)) {
            open = open(endpoint);
            doors.put(endpoint.name(), open);
        }
        return open;
    }

    private Door open(Endpoint endpoint) throws RefusedException {
        List<String> values = endpoint.auth().secrets().stream()
                .flatMap(secret -> secrets.apply(secret).stream())
                .filter(value -> !value.isBlank())
                .toList();
        if (values.isEmpty()) {
            LOG.error("No secret of endpoint {} is set, so nobody can be let in.", endpoint.name());
            throw busy("Senders cannot be told apart right now.");
        }
        Integer perMinute = endpoint.perMinute();
        return new Door(
                endpoint,
                values,
                new RecentIds(),
                new IdClaims(storage, endpoint.name(), endpoint.remember()),
                new SharedFile(storage, this::nextPath, endpoint.name(), threads, stored),
                perMinute == null ? null : new RateLimit(perMinute, System::nanoTime));
    }

    private String nextPath(String endpoint) {
        return InboxPath.file(endpoint, clock.instant(), process, files.getAndIncrement());
    }

    private Receipt keep(Door door, List<KeptEvent> events, Instant now) throws RefusedException {
        List<KeptEvent> fresh = new ArrayList<>();
        for (KeptEvent event : events) {
            if (isRepeat(door, event, now)) {
                door.repeats().add(event.line());
            } else {
                fresh.add(event);
            }
        }
        List<String> ids = events.stream().map(KeptEvent::id).toList();
        if (fresh.isEmpty()) {
            return new Receipt.Repeated(ids);
        }
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        fresh.forEach(event -> lines.writeBytes(event.line()));
        // Behind the events: what is written first stays first.
        lines.writeBytes(door.repeats().take());
        String path = awaitDurable(door.file(), lines.toByteArray());
        Duration remember = door.endpoint().remember();
        fresh.forEach(event -> door.recent().add(event.id(), event.event().content(), now, remember));
        return new Receipt.Accepted(ids, InboxPath.correlation(path));
    }

    private boolean isRepeat(Door door, KeptEvent event, Instant now) throws RefusedException {
        Endpoint endpoint = door.endpoint();
        String content = event.event().content();
        Optional<String> known = door.recent().content(event.id(), now, endpoint.remember());
        if (known.isPresent() && known.get().equals(content)) {
            return true;
        }
        if (endpoint.sameId() == SameId.REFUSE && (known.isPresent() || !claimed(door, event, content, now))) {
            throw new RefusedException(Receipt.Refused.of(
                    ErrorCode.WEBHOOK_CONFLICT,
                    "An event of the request has the id of an earlier one and other content.",
                    "Send it with an id of its own; nothing of this request was kept."));
        }
        return false;
    }

    private boolean claimed(Door door, KeptEvent event, String content, Instant now) throws RefusedException {
        try {
            return door.claims().claim(event.id(), content, now);
        } catch (IOException | RuntimeException e) {
            LOG.warn("The inbox cannot be written", e);
            throw busy("The storage of the lake does not answer.");
        }
    }

    /** The path of the file that they are in. */
    private String awaitDurable(SharedFile file, byte[] lines) throws RefusedException {
        CompletableFuture<Optional<String>> durable = file.write(lines);
        try {
            return durable.get(limits.patience().toMillis(), TimeUnit.MILLISECONDS)
                    .orElseThrow(() -> busy("The storage of the lake is slow."));
        } catch (TimeoutException slow) {
            file.forget(durable);
            throw busy("The storage of the lake is slow.");
        } catch (ExecutionException e) {
            LOG.warn("The inbox cannot be written", e.getCause());
            throw busy("The storage of the lake does not answer.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            file.forget(durable);
            throw busy("This process is ending.");
        }
    }

    private static RefusedException busy(String why) {
        return new RefusedException(Receipt.Refused.until(
                ErrorCode.INBOX_BUSY,
                why,
                "Send the same request again after the time that Retry-After says; a repeat is harmless.",
                COME_AGAIN));
    }

    /** Bytes that requests take right now. */
    long bytesTaken() {
        return room.taken();
    }

    private static CompletableFuture<Optional<String>> writeRepeats(Door door) {
        byte[] lines = door.repeats().take();
        return lines.length == 0
                ? CompletableFuture.completedFuture(Optional.empty())
                : door.file().write(lines);
    }

    /** Ends the threads of this inbox, once what is being written is durable. */
    @Override
    public void close() {
        List<CompletableFuture<Optional<String>>> repeats =
                doors.values().stream().map(Inbox::writeRepeats).toList();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(limits.patience().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new UncheckedIOException(new IOException("the inbox is still being written"));
            }
            if (repeats.stream().anyMatch(CompletableFuture::isCompletedExceptionally)) {
                LOG.warn("The last repeats were not kept, so they are not counted");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
