package dev.tarn.local.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.flow.Updates;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Expectation.OnViolation;
import dev.tarn.model.FileDrop;
import dev.tarn.model.Flow;
import dev.tarn.model.Nearest;
import dev.tarn.model.Plan;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tarn quarantine}: rows that expectations keep aside. */
@Command(
        name = "quarantine",
        description = "Look at rows that expectations keep aside, and bring them back.",
        synopsisSubcommandLabel = "COMMAND")
final class QuarantineCommand extends CommandGroup {

    QuarantineCommand(RootCommand options, Surroundings surroundings) {
        super(options, surroundings);
    }

    /** Rows of one table that break one expectation. */
    private record Aside(String table, String expectation, long rows) {}

    @Command(name = "list", description = "Show how many rows of each table are kept aside, and what they break.")
    int list() {
        Plan plan = ProjectPlan.ofLake(options, surroundings, lakeOptions);
        List<Aside> all = new ArrayList<>();
        try (LakeOfPlace place = open();
                Session session = place.lake().duckDb().session()) {
            for (TableName table : tables(plan)) {
                place.lake()
                        .table(table.quarantine())
                        .snapshot()
                        .ifPresent(kept -> all.addAll(aside(session, table, kept)));
            }
        }
        Console console = new Console(surroundings, options.format());
        if (console.isJson()) {
            all.forEach(one -> console.json(json(one)));
        } else if (all.isEmpty()) {
            console.line("No rows are kept aside.");
        } else {
            TextTable text = new TextTable("table", "breaks", "rows");
            all.forEach(one -> text.add(one.table(), one.expectation(), Long.toString(one.rows())));
            text.lines().forEach(console::line);
        }
        return 0;
    }

    private static List<Aside> aside(Session session, TableName table, TableSnapshot kept) {
        return session.query(
                "SELECT broken, count(*) FROM (SELECT unnest(_tarn_broken) AS broken FROM " + kept.scan(session)
                        + ") GROUP BY broken ORDER BY broken",
                row -> new Aside(table.toString(), row.getString(1), row.getLong(2)));
    }

    private static ObjectNode json(Aside one) {
        return Console.object()
                .put("table", one.table())
                .put("expectation", one.expectation())
                .put("rows", one.rows());
    }

    @Command(name = "show", description = "Show the rows of a table that are kept aside, as tarn table read does.")
    int show(
            @Parameters(paramLabel = "TABLE", description = "The table they are kept out of.") String name,
            @Mixin RowOptions rows) {
        TableName table = table(ProjectPlan.ofLake(options, surroundings, lakeOptions), name);
        rows.show(
                options.format(),
                surroundings,
                () -> OpenedTable.open(table.quarantine().toString(), options, lakeOptions, surroundings),
                OpenedTable::timezone,
                (opened, session) -> {
                    TableSnapshot kept = opened.table().snapshot().orElseThrow();
                    return new TableRows(
                            kept.table().toString(),
                            session,
                            kept.schema(),
                            read -> kept.scan(session, read),
                            new TableRows.Wanted(SelectedColumn.all(kept.schema()), null, List.of(), rows.limit()));
                });
        return 0;
    }

    @Command(
            name = "replay",
            description = "Bring rows back that keep the expectations as the project has them now; each once.")
    int replay(@Parameters(paramLabel = "TABLE", description = "The table they are kept out of.") String name) {
        Plan plan = ProjectPlan.ofLake(options, surroundings, lakeOptions);
        TableName table = table(plan, name);
        refuseFiles(plan, table);
        long rows = 0;
        try (LakeOfPlace place = open()) {
            Updates updates = new Updates(place.lake(), plan.timezone());
            for (Flow flow : plan.flows()) {
                if (flow.target().equals(table)) {
                    OptionalLong back = updates.replayQuarantine(flow);
                    rows += back.orElseThrow(() -> new TarnException(
                            ErrorCode.LAKE_IN_USE,
                            "The flow " + flow.id() + " is running, so nothing of " + table + " is brought back now.",
                            "Try again when it is done."));
                }
            }
        }
        Console console = new Console(surroundings, options.format());
        if (console.isJson()) {
            console.json(Console.object().put("table", table.toString()).put("rows", rows));
        } else {
            console.line(rows + (rows == 1 ? " row came" : " rows came") + " back to " + table + ".");
        }
        return 0;
    }

    private static void refuseFiles(Plan plan, TableName table) {
        if (plan.drops().stream().anyMatch(drop -> drop.target().equals(table))) {
            throw new TarnException(
                    ErrorCode.REPLAY_REFUSED,
                    "What is kept out of " + table + " are records of files, as they stand there.",
                    "Correct them, and drop a file with them alone: the others are in the table.");
        }
    }

    private LakeOfPlace open() {
        return LakeOfPlace.open(Place.find(options, surroundings, lakeOptions), surroundings);
    }

    /** The tables that keep rows aside. */
    private static Set<TableName> tables(Plan plan) {
        return Stream.concat(
                        plan.drops().stream().map(FileDrop::target),
                        plan.flows().stream()
                                .filter(flow -> flow.expectations().stream()
                                        .anyMatch(rule -> rule.onViolation() == OnViolation.QUARANTINE))
                                .map(Flow::target))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static TableName table(Plan plan, String name) {
        Set<TableName> tables = tables(plan);
        return tables.stream()
                .filter(table -> table.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new TarnException(
                        ErrorCode.TABLE_NOT_FOUND,
                        "No rows are kept out of " + name
                                + ": it is no table of dropped files, nor one with an expectation ON VIOLATION QUARANTINE.",
                        Nearest.sentence(
                                name,
                                tables.stream().map(TableName::toString).toList(),
                                "See those that there are with tarn quarantine list.")));
    }
}
