package dev.tarn.local.check;

import static java.util.stream.Collectors.joining;

import dev.tarn.connect.bronze.BronzeColumns;
import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.DuckDbTypes;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.event.ExpectationCount;
import dev.tarn.engine.event.UpdateStats;
import dev.tarn.engine.flow.UpdateOutcome;
import dev.tarn.engine.flow.Updates;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.local.run.OpenLake;
import dev.tarn.model.Column;
import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.Sql;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One test on a lake of its own. */
final class TestRun {

    private static final int SHOWN = 10;

    private final TestCase test;
    private final Plan plan;
    private final Map<TableName, TableSchema> bronze;
    private final Map<TableName, List<UpdateStats>> stats = new LinkedHashMap<>();
    private final List<String> differences = new ArrayList<>();

    TestRun(TestCase test, Plan plan, Map<TableName, TableSchema> bronze) {
        this.test = test;
        this.plan = plan;
        this.bronze = Map.copyOf(bronze);
    }

    TestResult on(Path folder, Clock clock) {
        try (Lake lake = OpenLake.writable(
                new LocalStorage(folder), folder, clock, OpenLake.DEFAULT_MEMORY, OpenLake.DEFAULT_DISK)) {
            bronze.forEach((table, schema) -> give(lake, table, schema));
            update(lake);
            test.expected().forEach(rows -> compare(lake, rows));
            test.failed().forEach(this::compareFailed);
            test.dropped().forEach(this::compareDropped);
        } catch (TarnException refusal) {
            refusal.problems().forEach(problem -> differences.add(problem.toString()));
        }
        return new TestResult(test.file(), differences);
    }

    private void give(Lake lake, TableName name, TableSchema schema) {
        DeltaTable table = lake.table(name);
        TableSnapshot empty = table.create(TableDefinition.of(schema));
        Optional<TestCase.Rows> rows = test.given().stream()
                .filter(given -> given.table().equals(name) && !given.rows().isEmpty())
                .findFirst();
        if (rows.isPresent()) {
            try (Session session = lake.duckDb().session()) {
                session.timezone(plan.timezone());
                Map<String, String> types = types(schema, schema.names());
                table.commit(
                        table.append(session, empty, TestCase.values(complete(rows.get(), schema), types)),
                        CommitRequest.ofWork(lake.newUpdateId(), "WRITE", Map.of()));
            }
        }
    }

    /** A row that does not say so is an upsert, and newer than those above it. */
    private static TestCase.Rows complete(TestCase.Rows given, TableSchema schema) {
        List<List<TestCase.Cell>> rows = new ArrayList<>();
        for (List<TestCase.Cell> row : given.rows()) {
            List<TestCase.Cell> cells = new ArrayList<>(row);
            add(cells, schema, BronzeColumns.OP.name(), "upsert", given.position());
            add(cells, schema, BronzeColumns.SEQ.name(), Integer.toString(rows.size() + 1), given.position());
            rows.add(cells);
        }
        return new TestCase.Rows(given.table(), rows, given.position());
    }

    private static void add(
            List<TestCase.Cell> cells, TableSchema schema, String column, String value, SourcePosition position) {
        if (schema.names().contains(column)
                && cells.stream().noneMatch(cell -> cell.column().equals(column))) {
            cells.add(new TestCase.Cell(column, Optional.of(value), position));
        }
    }

    private static Map<String, String> types(TableSchema schema, List<String> names) {
        Map<String, String> types = new LinkedHashMap<>();
        for (Column column : schema.columns()) {
            if (names.contains(column.name())) {
                types.put(column.name(), DuckDbTypes.sqlType(column.type()));
            }
        }
        return types;
    }

    private void update(Lake lake) {
        Set<TableName> needed = needed();
        Updates updates = new Updates(lake, plan.timezone());
        for (Flow flow : plan.flows()) {
            if (needed.contains(flow.target())) {
                UpdateOutcome outcome = updates.run(flow);
                if (outcome instanceof UpdateOutcome.Completed done) {
                    stats.computeIfAbsent(flow.target(), table -> new ArrayList<>())
                            .add(done.stats());
                }
            }
        }
    }

    /** The tables that are looked at, and all that they are made of. */
    private Set<TableName> needed() {
        Set<TableName> needed = new HashSet<>();
        test.expected().forEach(rows -> needed.add(rows.table()));
        test.failed().forEach(count -> needed.add(count.table()));
        test.dropped().forEach(count -> needed.add(count.table()));
        for (int i = plan.flows().size() - 1; i >= 0; i--) {
            Flow flow = plan.flows().get(i);
            if (needed.contains(flow.target())) {
                flow.inputs().forEach(input -> needed.add(input.table()));
            }
        }
        return needed;
    }

    private void compare(Lake lake, TestCase.Rows expected) {
        Optional<TableSnapshot> snapshot = lake.table(expected.table()).snapshot();
        try (Session session = lake.duckDb().session()) {
            session.timezone(plan.timezone());
            TableSchema schema = plan.flows().stream()
                    .filter(flow -> flow.target().equals(expected.table()))
                    .findFirst()
                    .orElseThrow()
                    .schema();
            List<String> named = expected.columns().isEmpty() ? schema.names() : expected.columns();
            Map<String, String> types = types(schema, named);
            String columns = Sql.identifiers(List.copyOf(types.keySet()));
            String none = types.values().stream()
                    .map(type -> "CAST(NULL AS " + type + ")")
                    .collect(joining(", ", "SELECT ", " WHERE FALSE"));
            String there = snapshot.map(rows -> "SELECT " + columns + " FROM " + rows.scan(session))
                    .orElse(none);
            String wanted = expected.rows().isEmpty() ? none : TestCase.values(expected, types);
            differ(session, expected.table() + " lacks  ", wanted, there, types);
            differ(session, expected.table() + " has    ", there, wanted, types);
        }
    }

    /** The rows of the one query that the other does not have. */
    private void differ(Session session, String what, String these, String others, Map<String, String> types) {
        String text = types.keySet().stream()
                .map(name -> Sql.literal(name + ": ") + " || coalesce(CAST(" + Sql.identifier(name)
                        + " AS VARCHAR), 'null')")
                .collect(joining(" || ', ' || "));
        List<String> rows = session.query(
                "SELECT " + text + " AS row FROM ((" + these + ") EXCEPT ALL (" + others + ")) d("
                        + Sql.identifiers(List.copyOf(types.keySet())) + ") ORDER BY 1",
                row -> row.getString(1));
        rows.stream().limit(SHOWN).forEach(row -> differences.add(what + row));
        if (rows.size() > SHOWN) {
            differences.add(what + "and " + (rows.size() - SHOWN) + " more rows");
        }
    }

    private void compareFailed(TestCase.Count expected) {
        long number = updates(expected.table()).stream()
                .flatMap(update -> update.expectations().stream())
                .filter(count -> count.name().equals(expected.expectation()))
                .mapToLong(ExpectationCount::failed)
                .sum();
        compare(expected, number, expected.table() + ": " + counted(number) + " broke " + expected.expectation());
    }

    private void compareDropped(TestCase.Count expected) {
        long number = updates(expected.table()).stream()
                .mapToLong(UpdateStats::rowsDropped)
                .sum();
        compare(expected, number, expected.table() + ": " + counted(number) + " left out");
    }

    private void compare(TestCase.Count expected, long number, String what) {
        if (number != expected.number()) {
            differences.add(what + ", expected " + expected.number());
        }
    }

    private static String counted(long number) {
        return number + (number == 1 ? " row" : " rows");
    }

    private List<UpdateStats> updates(TableName table) {
        return stats.getOrDefault(table, List.of());
    }
}
