package dev.tarn.local.run;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Flow;
import dev.tarn.model.Nearest;
import dev.tarn.model.Plan;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Chooses flows of a plan by the tables they fill: {@code gold.revenue}, {@code +gold.revenue} with everything that it is
 * made of, {@code gold.revenue+} with everything that is made of it.
 */
public final class Selection {

    private final Plan plan;

    private Selection(Plan plan) {
        this.plan = plan;
    }

    /**
     * The flows that the selectors choose, in the plan's order; all flows when there is no selector.
     *
     * @throws TarnException TABLE_NOT_FOUND with every name that is not in the plan
     */
    public static List<Flow> of(Plan plan, List<String> selectors) {
        if (selectors.isEmpty()) {
            return plan.flows();
        }
        Selection selection = new Selection(plan);
        List<Problem> problems = new ArrayList<>();
        Set<TableName> chosen = new HashSet<>();
        for (String selector : selectors) {
            selection.choose(selector, chosen, problems);
        }
        if (!problems.isEmpty()) {
            throw new TarnException(problems, null);
        }
        return plan.flows().stream()
                .filter(flow -> chosen.contains(flow.target()))
                .toList();
    }

    private void choose(String selector, Set<TableName> chosen, List<Problem> problems) {
        boolean up = selector.startsWith("+");
        boolean down = selector.length() > 1 && selector.endsWith("+");
        String name = selector.substring(up ? 1 : 0, selector.length() - (down ? 1 : 0));
        Set<String> names = new TreeSet<>();
        plan.flows().forEach(flow -> {
            names.add(flow.target().toString());
            flow.inputs().forEach(input -> names.add(input.table().toString()));
        });
        if (!names.contains(name)) {
            problems.add(new Problem(
                    ErrorCode.TABLE_NOT_FOUND,
                    null,
                    "The project has no table " + name + ".",
                    Nearest.sentence(name, names, "See its tables with tarn graph.")));
            return;
        }
        TableName table = TableName.parse(name);
        if (!down && isSource(table)) {
            problems.add(new Problem(
                    ErrorCode.TABLE_NOT_FOUND,
                    null,
                    "No flow fills " + name + ": its rows come from a source.",
                    "Choose what is made of it with " + name + "+; tarn up looks at the sources."));
            return;
        }
        chosen.add(table);
        if (up) {
            chosen.addAll(upstream(table));
        }
        if (down) {
            chosen.addAll(downstream(Set.of(table)));
        }
    }

    private boolean isSource(TableName table) {
        return plan.flows().stream().noneMatch(flow -> flow.target().equals(table));
    }

    private Set<TableName> upstream(TableName table) {
        Set<TableName> wanted = new HashSet<>(Set.of(table));
        // Whatever fills a table comes before whatever reads it, so one way back through the plan meets all.
        for (int at = plan.flows().size() - 1; at >= 0; at--) {
            Flow flow = plan.flows().get(at);
            if (wanted.contains(flow.target())) {
                flow.inputs().forEach(input -> wanted.add(input.table()));
            }
        }
        return wanted;
    }

    private Set<TableName> downstream(Set<TableName> tables) {
        Set<TableName> made = new HashSet<>(tables);
        for (Flow flow : plan.flows()) {
            if (flow.inputs().stream().anyMatch(input -> made.contains(input.table()))) {
                made.add(flow.target());
            }
        }
        return made;
    }
}
