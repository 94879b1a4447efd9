package dev.tarn.compiler;

import dev.tarn.model.Column;
import dev.tarn.model.Dataset;
import dev.tarn.model.Effect;
import dev.tarn.model.Expectation;
import dev.tarn.model.Flow;
import dev.tarn.model.JudgedView;
import dev.tarn.model.Plan;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a plan says, in lines that a person can compare with statements. */
final class PlanText {

    private PlanText() {}

    static String of(Plan plan) {
        LinkedHashSet<String> lines = new LinkedHashSet<>();
        for (Flow flow : plan.flows()) {
            lines.add(table(flow.dataset()));
            lines.add(flow(flow));
        }
        return String.join("\n", lines);
    }

    private static String table(Dataset table) {
        StringBuilder text = new StringBuilder(table.name().toString())
                .append(table.kind() == Dataset.Kind.STREAMING_TABLE ? " streams" : " equals its query")
                .append(table.schema().columns().stream()
                        .map(column -> column(column, table))
                        .collect(Collectors.joining(", ", " (", ")")));
        text.append(table.partitionBy().isEmpty() ? "" : " partitioned by " + table.partitionBy());
        text.append(table.clusterBy().isEmpty() ? "" : " clustered by " + table.clusterBy());
        text.append(table.comment().isEmpty() ? "" : " '" + table.comment() + "'");
        text.append(table.properties().isEmpty() ? "" : " " + new TreeMap<>(table.properties()));
        return text.toString();
    }

    private static String column(Column column, Dataset table) {
        return column.name() + " " + column.type() + (table.required().contains(column.name()) ? " NOT NULL" : "")
                + (column.comment().isEmpty() ? "" : " '" + column.comment() + "'");
    }

    private static String flow(Flow flow) {
        List<String> parts = new ArrayList<>();
        parts.add("  " + flow.id() + ": " + effect(flow.effect()));
        parts.add("reads "
                + flow.inputs().stream()
                        .map(input -> input.table() + " " + words(input.reading()))
                        .collect(Collectors.joining(", ")));
        flow.expectations().forEach(expectation -> parts.add(expectation(expectation)));
        for (JudgedView view : flow.views()) {
            parts.add("judges " + view.name() + " by " + view.function()
                    + view.expectations().stream()
                            .map(PlanText::expectation)
                            .collect(Collectors.joining(", ", " (", ")")));
        }
        return String.join("; ", parts);
    }

    private static String expectation(Expectation expectation) {
        return "expects " + expectation.name() + " (" + expectation.condition() + ") "
                + words(expectation.onViolation());
    }

    private static String effect(Effect effect) {
        if (effect instanceof Effect.AutoCdc changes) {
            return words(changes.type()) + " by " + changes.keys() + " in the order of " + changes.sequence()
                    + (changes.tracked().isEmpty() ? "" : " tracks " + changes.tracked())
                    + (changes.ignoreNulls().isEmpty()
                            ? ""
                            : " ignores NULL in " + new TreeSet<>(changes.ignoreNulls()))
                    + (changes.snapshots() ? " of snapshots" : "") + once(changes.once());
        }
        return effect instanceof Effect.Append append ? "appends" + once(append.once()) : "replaces";
    }

    private static String once(boolean once) {
        return once ? " once" : "";
    }

    private static String words(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
