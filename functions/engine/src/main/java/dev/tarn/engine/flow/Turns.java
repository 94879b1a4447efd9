package dev.tarn.engine.flow;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Who runs which flow in this process. Whoever comes while a flow is run leaves a note and goes. The runner tears the note
 * up before it looks at the sources, and may not end while there is a new one.
 */
final class Turns {

    private enum Note {
        NONE,
        WOKEN
    }

    private final ConcurrentMap<String, Note> running = new ConcurrentHashMap<>();

    /** False when somebody runs the flow, who then finds a note. */
    boolean begin(String flow) {
        return running.compute(flow, (id, note) -> note == null ? Note.NONE : Note.WOKEN) == Note.NONE;
    }

    /** The runner looks at the sources after this: whatever a note told of is seen. */
    void tearUp(String flow) {
        running.put(flow, Note.NONE);
    }

    /** False when there is a note: the runner goes on. */
    boolean end(String flow) {
        return running.remove(flow, Note.NONE);
    }

    /** The runner goes, whatever notes say. */
    void leave(String flow) {
        running.remove(flow);
    }
}
