package dev.tarn.connect.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.lake.LakeJson;
import dev.tarn.model.WebhookSource.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Gives conflicts an id of their own, {@code <id>#<beginning of the content's hash>}, and puts them into the inbox, so that the
 * next drain brings them into the table of the endpoint. Doing it twice brings each once, as long as ids are remembered.
 */
public final class ConflictReplay {

    private static final TypeReference<TreeMap<String, String>> HEADERS = new TypeReference<>() {};
    private static final int HASH = 12;
    private static final String SENDER = "tarn inbox replay";

    private final Lake lake;
    private final Endpoint endpoint;
    private final EventScanner scanner;

    public ConflictReplay(Lake lake, Endpoint endpoint) {
        this.lake = lake;
        this.endpoint = endpoint;
        this.scanner = new EventScanner(alone(endpoint), List.of());
    }

    /** A payload is one event, whatever it was sent in. */
    private static Endpoint alone(Endpoint endpoint) {
        return new Endpoint(
                endpoint.name(),
                endpoint.target(),
                endpoint.auth(),
                endpoint.ipRanges(),
                endpoint.eventId(),
                null,
                endpoint.sameId(),
                endpoint.remember(),
                endpoint.maxBody(),
                endpoint.perMinute(),
                endpoint.headers(),
                endpoint.columns(),
                endpoint.misfit(),
                endpoint.position());
    }

    private record Conflict(String id, String headers, String payload) {}

    /**
     * Puts conflicts into the inbox.
     *
     * @param condition of DuckDB over the columns of the table of conflicts
     * @return their number
     */
    public int run(String condition) {
        Optional<TableSnapshot> kept =
                lake.table(Endpoint.conflictsOf(endpoint.target())).snapshot();
        if (kept.isEmpty()) {
            return 0;
        }
        List<Conflict> conflicts;
        try (Session session = lake.duckDb().session()) {
            conflicts = session.query(
                    "SELECT event_id, headers, payload FROM " + kept.get().scan(session) + " WHERE " + condition
                            + " ORDER BY received_at",
                    row -> new Conflict(row.getString(1), row.getString(2), row.getString(3)));
        }
        Instant now = lake.clock().instant();
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        conflicts.forEach(conflict -> lines.writeBytes(event(conflict, now).line()));
        if (!conflicts.isEmpty()) {
            String process = HexFormat.of().toHexDigits(new SecureRandom().nextLong());
            try {
                lake.storage().put(InboxPath.file(endpoint.name(), now, process, 0), lines.toByteArray());
            } catch (IOException e) {
                throw new UncheckedIOException("the inbox of " + endpoint.name() + " cannot be written", e);
            }
        }
        return conflicts.size();
    }

    private KeptEvent event(Conflict conflict, Instant now) {
        try {
            SentEvent event = scanner.json(conflict.payload().getBytes(UTF_8)).get(0);
            String id = conflict.id() + "#" + event.content().substring(0, HASH);
            return new KeptEvent(id, now, LakeJson.MAPPER.readValue(conflict.headers(), HEADERS), SENDER, event);
        } catch (RefusedException | JsonProcessingException e) {
            throw new IllegalStateException("what was received once can be read", e);
        }
    }
}
