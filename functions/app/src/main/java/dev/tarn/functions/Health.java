package dev.tarn.functions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.lake.LakeJson;
import dev.tarn.model.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether this process can do its work.
 *
 * @param version of Tarn
 * @param open whether the lake is
 * @param plan hash of the plan that runs, null when none is known
 * @param problems what keeps it from working, none when it works
 */
record Health(String version, boolean open, @Nullable String plan, List<Problem> problems) {

    Health {
        problems = List.copyOf(problems);
    }

    boolean isGood() {
        return problems.isEmpty();
    }

    /** No more than whether it works, and by which plan. */
    String toJsonForAnybody() {
        return forAnybody() + "\n";
    }

    private ObjectNode forAnybody() {
        return LakeJson.MAPPER.createObjectNode().put("ready", isGood()).put("plan", plan);
    }

    String toJson() {
        ObjectNode json = forAnybody().put("version", version).put("lake", open ? "open" : "closed");
        ArrayNode list = json.putArray("problems");
        problems.forEach(problem -> list.addObject()
                .put("code", problem.code().name())
                .put("what", problem.what())
                .put("mend", problem.mend()));
        return json + "\n";
    }
}
