package dev.tarn.engine.flow;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Which flows this process runs, each under its flow's lease. Whoever comes meanwhile leaves a note and goes. The runner
 * ends its turn before it looks at the sources for the last time, so that nobody goes whose commit it does not see.
 */
final class Turns {

    private enum Note {
        NONE,
        WOKEN
    }

    private final ConcurrentMap<String, Note> running = new ConcurrentHashMap<>();

    /** Leaves a note with the runner of the flow; false when there is none. */
    boolean note(String flow) {
        return running.computeIfPresent(flow, (id, note) -> Note.WOKEN) != null;
    }

    void begin(String flow) {
        running.put(flow, Note.NONE);
    }

    /** Whether somebody came meanwhile. */
    boolean end(String flow) {
        return running.remove(flow) == Note.WOKEN;
    }
}
