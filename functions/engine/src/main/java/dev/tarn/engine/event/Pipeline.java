package dev.tarn.engine.event;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where events come from, in Lakeflow's words: the project that runs on one lake.
 *
 * @param id of the lake's event log, which no other lake has
 * @param name of the project, null when none was deployed
 */
record Pipeline(String id, @Nullable String name) {

    /** Stays the same as long as the flow has its name. */
    String flowId(String flow) {
        return UUID.nameUUIDFromBytes((id + " " + flow).getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
