package dev.tarn.compiler;

import static dev.tarn.model.ErrorCode.CONFIGURATION_INVALID;
import static dev.tarn.model.ErrorCode.TABLE_CLAIMED_TWICE;
import static dev.tarn.model.ErrorCode.TABLE_NOT_FOUND;

import dev.tarn.compiler.project.Problems;
import dev.tarn.compiler.statement.FlowStatement;
import dev.tarn.compiler.statement.FlowStatement.Changes;
import dev.tarn.compiler.statement.QualifiedName;
import dev.tarn.compiler.statement.Statement;
import dev.tarn.compiler.statement.TableStatement;
import dev.tarn.compiler.statement.ViewStatement;
import dev.tarn.model.Expectation.OnViolation;
import dev.tarn.model.Layer;
import dev.tarn.model.Nearest;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The tables, views and flows of a project by their names, as their statements declare them. */
final class Declarations {

    private static final TableName FRESHNESS = new TableName(Layer.GOLD, "freshness");

    private final Problems problems;
    private final Bronze bronze;
    private final Map<TableName, TableStatement> tables = new LinkedHashMap<>();
    private final Map<TableName, ViewStatement> views = new LinkedHashMap<>();
    private final Map<String, ViewStatement> temporaryViews = new LinkedHashMap<>();
    private final Map<TableName, List<FlowStatement>> flows = new LinkedHashMap<>();
    private final Map<String, FlowStatement> flowsById = new LinkedHashMap<>();
    private boolean complete;

    Declarations(Problems problems, Bronze bronze) {
        this.problems = problems;
        this.bronze = bronze;
    }

    /**
     * Notes what the statements declare, and what is wrong with their names.
     *
     * @param all whether there are no others that could not be read
     */
    void declare(List<Statement> statements, boolean all) {
        complete = all;
        for (Statement statement : statements) {
            if (statement instanceof TableStatement table) {
                problems.attempt(() -> declare(table));
            } else if (statement instanceof ViewStatement view) {
                problems.attempt(() -> declare(view));
            }
        }
        tables.forEach((name, table) -> table.flow().ifPresent(flow -> note(() -> declare(flow, name))));
        for (Statement statement : statements) {
            if (statement instanceof FlowStatement flow) {
                note(() -> target(flow).map(target -> declare(flow, target)).orElse(flow));
            }
        }
        tables.forEach((name, table) -> problems.attempt(() -> requireQuarantine(name, table)));
    }

    /** A flow that is refused is not missing. */
    private void note(Supplier<Object> flow) {
        if (problems.attempt(flow).isEmpty()) {
            complete = false;
        }
    }

    private Object declare(TableStatement table) {
        TableName name = tableName(table.name(), table);
        requireFree(name.toString(), maker(name), table.name().position());
        return tables.put(name, table) == null;
    }

    private Object declare(ViewStatement view) {
        String written = view.name().written();
        SourcePosition position = view.name().position();
        if (view.temporary()) {
            if (view.name().parts().size() > 1) {
                throw Problems.refusal(
                        CONFIGURATION_INVALID,
                        position,
                        "'" + written + "' is not a name for a temporary view, which belongs to no layer.",
                        "Write its name alone.");
            }
            ViewStatement before = temporaryViews.get(key(written));
            requireFree(
                    "The temporary view " + written,
                    Optional.ofNullable(before).map(other -> other.name().position()),
                    position);
            return temporaryViews.put(key(written), view) == null;
        }
        TableName name = tableName(view.name(), view);
        requireFree(name.toString(), maker(name), position);
        return views.put(name, view) == null;
    }

    private static void requireFree(String what, Optional<SourcePosition> before, SourcePosition position) {
        if (before.isPresent()) {
            throw Problems.refusal(
                    TABLE_CLAIMED_TWICE,
                    position,
                    what + " is already made at " + before.get() + ".",
                    "Give one of them another name.");
        }
    }

    private static TableName tableName(QualifiedName name, Statement statement) {
        TableName table = anyTable(name, statement);
        if (table.equals(FRESHNESS)) {
            throw Problems.refusal(
                    CONFIGURATION_INVALID,
                    name.position(),
                    FRESHNESS + " is a table that Tarn itself keeps.",
                    "Give yours another name.");
        }
        return table;
    }

    private static TableName anyTable(QualifiedName name, Statement statement) {
        return statement
                .surroundings()
                .names()
                .table(name.parts())
                .filter(table -> table.layer() != Layer.TARN)
                .orElseThrow(
                        () -> Problems.refusal(
                                CONFIGURATION_INVALID,
                                name.position(),
                                "'" + name.written() + "' is not a name for a table.",
                                "Write bronze, silver or gold, a point, and a name of letters, digits and _: silver.account_move."));
    }

    /** The table that a flow fills; empty when it may be one whose statement could not be read. */
    private Optional<TableName> target(FlowStatement flow) {
        QualifiedName written = flow.target();
        TableName target = tableName(written, flow);
        if (tables.containsKey(target)) {
            if (tables.get(target).isView()) {
                throw Problems.refusal(
                        CONFIGURATION_INVALID,
                        written.position(),
                        target + " is a materialized view, which its own query fills and nothing else.",
                        "Make it a streaming table, or read both in its query with UNION ALL.");
            }
            return Optional.of(target);
        }
        if (bronze.claimedAt(target).isPresent()) {
            throw Problems.refusal(
                    TABLE_CLAIMED_TWICE,
                    written.position(),
                    target + " is already filled from "
                            + bronze.claimedAt(target).get() + ".",
                    "Fill a table of its own.");
        }
        if (complete || views.containsKey(target)) {
            Set<String> streaming = new TreeSet<>();
            tables.forEach((name, table) -> {
                if (!table.isView()) {
                    streaming.add(name.toString());
                }
            });
            throw Problems.refusal(
                    TABLE_NOT_FOUND,
                    written.position(),
                    "No statement makes the table " + target + ".",
                    Nearest.sentence(
                            target.toString(),
                            streaming,
                            "Write CREATE OR REFRESH STREAMING TABLE " + target + "; beside the flow."));
        }
        return Optional.empty();
    }

    private Object declare(FlowStatement flow, TableName target) {
        if (!flow.name().isEmpty() && !TableName.isTableName(key(flow.name()))) {
            throw Problems.refusal(
                    CONFIGURATION_INVALID,
                    flow.position(),
                    "'" + flow.name() + "' is not a name for a flow.",
                    "Write letters, digits and _, beginning with a letter, at most " + TableName.MAX_LENGTH
                            + " characters.");
        }
        FlowStatement before = flowsById.putIfAbsent(id(flow, target), flow);
        if (before != null) {
            throw flow.name().isEmpty()
                    ? Problems.refusal(
                            CONFIGURATION_INVALID,
                            flow.position(),
                            "Two flows into " + target + " have no name; the other one is at " + before.position()
                                    + ".",
                            "Write CREATE FLOW name AS before one of them.")
                    : Problems.refusal(
                            CONFIGURATION_INVALID,
                            flow.position(),
                            "Two flows are named " + flow.name() + "; the other one is at " + before.position() + ".",
                            "Give one of them another name.");
        }
        List<FlowStatement> ofTable = flows.computeIfAbsent(target, table -> new ArrayList<>());
        boolean follows =
                flow.work() instanceof Changes || ofTable.stream().anyMatch(other -> other.work() instanceof Changes);
        if (follows && !ofTable.isEmpty()) {
            throw Problems.refusal(
                    TABLE_CLAIMED_TWICE,
                    flow.position(),
                    target + " follows changes and has a second flow; the other one is at "
                            + ofTable.get(0).position() + ".",
                    "Put what both read together with UNION ALL in one flow.");
        }
        return ofTable.add(flow);
    }

    /** Unique in the project, and stable. */
    static String id(FlowStatement flow, TableName target) {
        return flow.name().isEmpty() ? target.toString() : key(flow.name());
    }

    /** Rows that are kept aside need a name beside the table's that nothing else has. */
    private Object requireQuarantine(TableName name, TableStatement table) {
        boolean keeps =
                table.constraints().stream().anyMatch(constraint -> constraint.onViolation() == OnViolation.QUARANTINE);
        if (!keeps) {
            return name;
        }
        String quarantine = name.table() + TableName.QUARANTINE;
        if (!TableName.isTableName(quarantine)) {
            throw Problems.refusal(
                    CONFIGURATION_INVALID,
                    table.name().position(),
                    "The name of " + name + " is too long for its quarantine, " + name + TableName.QUARANTINE + ".",
                    "Take at most " + (TableName.MAX_LENGTH - TableName.QUARANTINE.length()) + " characters.");
        }
        TableName aside = new TableName(name.layer(), quarantine);
        maker(aside).ifPresent(other -> {
            throw Problems.refusal(
                    TABLE_CLAIMED_TWICE,
                    table.name().position(),
                    aside + ", the quarantine of " + name + ", is already made at " + other + ".",
                    "Give one of them another name.");
        });
        return aside;
    }

    /** Where the table or view is made, by a statement or a source. */
    Optional<SourcePosition> maker(TableName name) {
        return made(name).or(() -> bronze.claimedAt(name));
    }

    /** Where a statement makes the table or view. */
    Optional<SourcePosition> made(TableName name) {
        return Optional.ofNullable(tables.get(name))
                .map(table -> table.name().position())
                .or(() -> Optional.ofNullable(views.get(name))
                        .map(view -> view.name().position()));
    }

    Optional<TableStatement> table(TableName name) {
        return Optional.ofNullable(tables.get(name));
    }

    Optional<ViewStatement> view(TableName name) {
        return Optional.ofNullable(views.get(name));
    }

    Optional<ViewStatement> temporaryView(String name) {
        return Optional.ofNullable(temporaryViews.get(key(name)));
    }

    /** The flows that fill the table. Refuses a table that nothing fills; one whose flow was refused is no further problem. */
    List<FlowStatement> flows(TableName target) {
        List<FlowStatement> found = flows.getOrDefault(target, List.of());
        if (found.isEmpty()) {
            if (!complete) {
                problems.refuseIfAny();
            }
            throw Problems.refusal(
                    CONFIGURATION_INVALID,
                    tables.get(target).name().position(),
                    "Nothing fills " + target + ".",
                    "Write AS and a query, or CREATE FLOW name AS INSERT INTO " + target + " BY NAME and a query.");
        }
        return List.copyOf(found);
    }

    Set<TableName> tables() {
        return tables.keySet();
    }

    Map<TableName, ViewStatement> views() {
        return views;
    }

    Map<String, ViewStatement> temporaryViews() {
        return temporaryViews;
    }

    /** Names of all tables that somebody makes. */
    Set<String> tableNames() {
        Set<String> names = new TreeSet<>();
        tables.keySet().forEach(table -> names.add(table.toString()));
        bronze.tables().forEach(table -> names.add(table.toString()));
        return names;
    }

    /** Names of everything that a query may read. */
    Set<String> readableNames() {
        Set<String> names = tableNames();
        views.keySet().forEach(view -> names.add(view.toString()));
        names.addAll(temporaryViews.keySet());
        return names;
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
