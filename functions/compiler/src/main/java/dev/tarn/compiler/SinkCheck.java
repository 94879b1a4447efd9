package dev.tarn.compiler;

import static dev.tarn.model.ErrorCode.COLUMN_NOT_FOUND;
import static dev.tarn.model.ErrorCode.CONFIGURATION_INVALID;
import static dev.tarn.model.ErrorCode.TABLE_CLAIMED_TWICE;
import static dev.tarn.model.ErrorCode.TABLE_NOT_FOUND;

import dev.tarn.compiler.project.Problems;
import dev.tarn.compiler.statement.TableStatement;
import dev.tarn.model.Flow;
import dev.tarn.model.Nearest;
import dev.tarn.model.PostgresSink;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Notes what is wrong between sinks and the tables that they publish. */
final class SinkCheck {

    private final Declarations declarations;
    private final List<Flow> flows;
    private final Problems problems;

    SinkCheck(Declarations declarations, List<Flow> flows, Problems problems) {
        this.declarations = declarations;
        this.flows = flows;
        this.problems = problems;
    }

    void check(List<PostgresSink> sinks) {
        Set<String> names = new HashSet<>();
        for (PostgresSink sink : sinks) {
            if (!names.add(sink.name())) {
                problems.add(
                        CONFIGURATION_INVALID,
                        sink.position(),
                        "Two sinks are named " + sink.name() + ".",
                        "Give one of them another name.");
            }
            Set<String> targets = new HashSet<>();
            for (PostgresSink.Table table : sink.tables()) {
                if (!targets.add(table.schema() + "." + table.table())) {
                    problems.add(
                            TABLE_CLAIMED_TWICE,
                            table.position(),
                            sink.name() + " publishes " + table.schema() + "." + table.table() + " twice.",
                            "Remove one of them.");
                }
                checkSource(sink, table);
            }
        }
    }

    private void checkSource(PostgresSink sink, PostgresSink.Table table) {
        if (declarations.view(table.from()).isPresent()) {
            problems.add(
                    CONFIGURATION_INVALID,
                    table.position(),
                    table.from() + " is a view, of which nothing is stored that " + sink.name() + " could publish.",
                    "Make it a materialized view.");
        } else if (declarations.maker(table.from()).isEmpty()) {
            problems.add(
                    TABLE_NOT_FOUND,
                    table.position(),
                    "No flow makes " + table.from() + ".",
                    Nearest.sentence(
                            table.from().toString(),
                            declarations.tableNames(),
                            "Add the flow, or publish another table."));
        }
        if (declarations.table(table.from()).filter(TableStatement::isPrivate).isPresent()) {
            problems.add(
                    CONFIGURATION_INVALID,
                    table.position(),
                    table.from() + " is private, and " + sink.name() + " publishes it.",
                    "Leave PRIVATE out of its statement, or publish another table.");
        }
        flows.stream()
                .filter(flow -> flow.target().equals(table.from()))
                .findFirst()
                .ifPresent(flow -> checkKey(table, flow.schema().names()));
    }

    private void checkKey(PostgresSink.Table table, List<String> columns) {
        for (String column : table.key()) {
            if (!columns.contains(column)) {
                problems.add(
                        COLUMN_NOT_FOUND,
                        table.position(),
                        "The key column " + column + " is not a column of " + table.from() + ".",
                        Nearest.sentence(column, columns, "Its columns: " + String.join(", ", columns) + "."));
            }
        }
    }
}
