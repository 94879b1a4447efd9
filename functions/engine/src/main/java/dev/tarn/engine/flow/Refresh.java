package dev.tarn.engine.flow;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which tables may be made anew. */
public final class Refresh {

    /** Property of a table, as Lakeflow has it: {@code false} when what its sources have now is less than what it has. */
    public static final String ALLOWED = "pipelines.reset.allowed";

    private Refresh() {}

    /** Throws {@link TarnException} with {@link ErrorCode#REFRESH_REFUSED} when the flow's target may not be. */
    public static void check(Flow flow) {
        refuse(mustNotBe(flow));
    }

    /**
     * Throws {@link TarnException} with {@link ErrorCode#REFRESH_REFUSED} and every reason when the target of one of
     * {@code flows} may not be.
     *
     * @param flows of {@code plan}
     */
    public static void check(Plan plan, List<Flow> flows) {
        List<Problem> problems = new ArrayList<>();
        Set<TableName> checked = new HashSet<>();
        for (Flow flow : flows) {
            if (checked.add(flow.target())) {
                problems.addAll(mustNotBe(flow));
                problems.addAll(cannotBe(plan, flow));
            }
        }
        refuse(problems);
    }

    private static void refuse(List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw new TarnException(problems, null);
        }
    }

    private static List<Problem> mustNotBe(Flow flow) {
        if (!"false".equalsIgnoreCase(flow.dataset().properties().get(ALLOWED))) {
            return List.of();
        }
        return List.of(new Problem(
                ErrorCode.REFRESH_REFUSED,
                flow.dataset().position(),
                flow.target() + " must not be refreshed fully: it sets " + ALLOWED + " to false.",
                "Take the property away, if its sources still have all of its rows."));
    }

    /** A refresh makes the table anew from one flow. */
    private static List<Problem> cannotBe(Plan plan, Flow flow) {
        List<String> filling = plan.flows().stream()
                .filter(other -> other.target().equals(flow.target()))
                .map(Flow::id)
                .toList();
        if (filling.size() == 1) {
            return List.of();
        }
        return List.of(new Problem(
                ErrorCode.REFRESH_REFUSED,
                flow.dataset().position(),
                flow.target() + " cannot be refreshed fully: " + filling.size() + " flows fill it ("
                        + String.join(", ", filling) + "), and each would take away the rows of the others.",
                "Give each flow a table of its own and unite these in a view; or delete the folder "
                        + flow.target().path() + " of the lake and run tarn update " + flow.target()
                        + ", and all its flows fill it anew."));
    }
}
