package dev.tarn.connect.event;

import dev.tarn.model.TableCommitted;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a process heard of commits since it was last asked. It decides nothing: repeats and losses do no harm. */
public final class Announcements {

    /** More than are announced between two sweeps. */
    private static final int REMEMBERED = 10_000;

    private final Map<TableCommitted, Boolean> known = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<TableCommitted, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };
    private int heard;
    private int repeated;

    /** A commit was announced. */
    public synchronized void heard(TableCommitted commit) {
        heard++;
        if (known.put(commit, true) != null) {
            repeated++;
        }
    }

    /**
     * What was heard since the last call, as a sentence; empty when that is nothing.
     *
     * @param unannounced flows for which a sweep found something new, so that an event of theirs was lost or is late
     */
    public synchronized Optional<String> sinceLast(int unannounced) {
        if (heard == 0 && unannounced == 0) {
            return Optional.empty();
        }
        String sentence = "Events since the last sweep of this process: " + heard + " heard, of them " + repeated
                + " repeated; " + unannounced + (unannounced == 1 ? " flow" : " flows") + " had something new that no"
                + " event had announced.";
        heard = 0;
        repeated = 0;
        return Optional.of(sentence);
    }
}
