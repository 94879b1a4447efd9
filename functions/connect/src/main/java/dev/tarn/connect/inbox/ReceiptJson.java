package dev.tarn.connect.inbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.lake.LakeJson;
import java.util.List;

/** A receipt as senders read it. */
public final class ReceiptJson {

    private ReceiptJson() {}

    /** {@code {"status":"accepted","event_ids":[...]}}, or {@code {"status":"refused","code":...,"what":...,"mend":...}}. */
    public static String of(Receipt receipt) {
        if (receipt instanceof Receipt.Accepted accepted) {
            return received("accepted", accepted.eventIds());
        }
        if (receipt instanceof Receipt.Repeated repeated) {
            return received("repeated", repeated.eventIds());
        }
        Receipt.Refused refused = (Receipt.Refused) receipt;
        return LakeJson.MAPPER
                .createObjectNode()
                .put("status", "refused")
                .put("code", refused.problem().code().name())
                .put("what", refused.problem().what())
                .put("mend", refused.problem().mend())
                .toString();
    }

    private static String received(String status, List<String> eventIds) {
        ObjectNode json = LakeJson.MAPPER.createObjectNode().put("status", status);
        eventIds.forEach(json.putArray("event_ids")::add);
        return json.toString();
    }
}
