package dev.tarn.connect.inbox;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Ids that this process made durable lately: a repeat that it knows is answered without writing. Safe to share. */
final class RecentIds {

    private static final int MOST = 20_000;

    private final Map<String, Seen> seen = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
            return size() > MOST;
        }
    };

    /** @param content its SHA-256 */
    private record Seen(String content, Instant at) {}

    /** The content that came with that id; empty when none is known that is young enough. */
    synchronized Optional<String> content(String id, Instant now, Duration remember) {
        return Optional.ofNullable(seen.get(id))
                .filter(found -> Duration.between(found.at(), now).compareTo(remember) <= 0)
                .map(Seen::content);
    }

    /** The first content of an id stays what it is compared with. */
    synchronized void add(String id, String content, Instant now, Duration remember) {
        if (content(id, now, remember).isEmpty()) {
            seen.remove(id);
            seen.put(id, new Seen(content, now));
        }
    }
}
