package dev.tarn.connect.trigger;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.lake.LakeJson;
import dev.tarn.model.Problem;
import java.time.Instant;

/**
 * A message that was given up.
 *
 * @param reason why
 * @param message as it came, in {@link #MOST_CHARACTERS} at most
 */
record PoisonMessage(Problem reason, String message, Instant at) {

    /** A message of a queue has 64 KiB, in Base64; somebody only has to recognise this one. */
    static final int MOST_CHARACTERS = 2000;

    PoisonMessage {
        requireNonNull(reason, "reason");
        requireNonNull(at, "at");
        message = message.length() > MOST_CHARACTERS ? message.substring(0, MOST_CHARACTERS) : message;
    }

    String toJson() {
        ObjectNode json = LakeJson.MAPPER
                .createObjectNode()
                .put("v", 1)
                .put("at", at.toString())
                .put("code", reason.code().name())
                .put("what", reason.what())
                .put("mend", reason.mend())
                .put("message", message);
        return json.toString();
    }
}
