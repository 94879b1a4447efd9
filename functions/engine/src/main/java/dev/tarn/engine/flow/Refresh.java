package dev.tarn.engine.flow;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Flow;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import java.util.List;

/** Which tables may be made anew. */
public final class Refresh {

    /** Property of a table, as Lakeflow has it: {@code false} when what its sources have now is less than what it has. */
    public static final String ALLOWED = "pipelines.reset.allowed";

    private Refresh() {}

    /** Throws {@link TarnException} with {@link ErrorCode#REFRESH_REFUSED} when the flow's target may not be. */
    public static void check(Flow flow) {
        if ("false".equalsIgnoreCase(flow.dataset().properties().get(ALLOWED))) {
            throw new TarnException(
                    List.of(new Problem(
                            ErrorCode.REFRESH_REFUSED,
                            flow.dataset().position(),
                            flow.target() + " must not be refreshed fully: it sets " + ALLOWED + " to false.",
                            "Take the property away, if its sources still have all of its rows.")),
                    null);
        }
    }
}
