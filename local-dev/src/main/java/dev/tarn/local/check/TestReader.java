package dev.tarn.local.check;

import static dev.tarn.model.ErrorCode.COLUMN_NOT_FOUND;
import static dev.tarn.model.ErrorCode.CONFIGURATION_INVALID;
import static dev.tarn.model.ErrorCode.TABLE_NOT_FOUND;
import static dev.tarn.model.ErrorCode.TYPE_MISMATCH;

import dev.tarn.compiler.project.Problems;
import dev.tarn.compiler.project.ProjectFile;
import dev.tarn.compiler.project.YamlMap;
import dev.tarn.engine.duckdb.DuckDbTypes;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Expectation;
import dev.tarn.model.Flow;
import dev.tarn.model.Nearest;
import dev.tarn.model.Plan;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.Sql;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads a file of {@code tests/}; what is wrong in it is noted. */
final class TestReader {

    private final Plan plan;
    private final Map<TableName, TableSchema> bronze;
    private final Session session;
    private final Problems problems;

    /** {@code session} knows which values fit which types. */
    TestReader(Plan plan, Map<TableName, TableSchema> bronze, Session session, Problems problems) {
        this.plan = plan;
        this.bronze = Map.copyOf(bronze);
        this.session = session;
        this.problems = problems;
    }

    Optional<TestCase> read(ProjectFile file) {
        return YamlMap.of(file, problems).map(yaml -> {
            yaml.allow("given", "expect", "failed", "dropped");
            List<TestCase.Rows> given = yaml.map("given", true)
                    .map(tables -> rows(tables, bronze, "No flow reads ", "Flows read "))
                    .orElse(List.of());
            List<TestCase.Rows> expected = yaml.map("expect", false)
                    .map(tables -> rows(tables, made(), "No flow makes ", "Flows make "))
                    .orElse(List.of());
            List<TestCase.Count> failed =
                    yaml.map("failed", false).map(this::failed).orElse(List.of());
            List<TestCase.Count> dropped =
                    yaml.map("dropped", false).map(this::dropped).orElse(List.of());
            if (!yaml.has("expect") && !yaml.has("failed") && !yaml.has("dropped")) {
                add(
                        CONFIGURATION_INVALID,
                        yaml.position(),
                        file.path() + " expects nothing, so it cannot fail.",
                        "Write expect: and below it a table with its rows, [] for none.");
            }
            return new TestCase(file.path(), given, expected, failed, dropped);
        });
    }

    private Map<TableName, TableSchema> made() {
        Map<TableName, TableSchema> made = new TreeMap<>();
        plan.flows().forEach(flow -> made.put(flow.target(), flow.schema()));
        return made;
    }

    private List<TestCase.Rows> rows(YamlMap tables, Map<TableName, TableSchema> known, String what, String otherwise) {
        List<TestCase.Rows> all = new ArrayList<>();
        for (String name : tables.keys()) {
            table(tables, name, known.keySet().stream().toList(), what, otherwise)
                    .ifPresent(table -> {
                        List<List<TestCase.Cell>> rows = tables.maps(name).stream()
                                .map(row -> cells(row, table, known.get(table)))
                                .toList();
                        all.add(new TestCase.Rows(table, rows, tables.position(name)));
                    });
        }
        return all;
    }

    private Optional<TableName> table(
            YamlMap tables, String name, List<TableName> known, String what, String otherwise) {
        Optional<TableName> table = TableName.tryParse(name).filter(known::contains);
        if (table.isEmpty()) {
            List<String> names =
                    known.stream().sorted().map(TableName::toString).toList();
            add(
                    TABLE_NOT_FOUND,
                    tables.keyPosition(name),
                    what + name + ".",
                    Nearest.sentence(name, names, otherwise + String.join(", ", names) + "."));
        }
        return table;
    }

    private List<TestCase.Cell> cells(YamlMap row, TableName table, TableSchema schema) {
        List<TestCase.Cell> cells = new ArrayList<>();
        for (String name : row.keys()) {
            Optional<Column> column = schema.columns().stream()
                    .filter(one -> one.name().equals(name))
                    .findFirst();
            if (column.isEmpty()) {
                add(
                        COLUMN_NOT_FOUND,
                        row.keyPosition(name),
                        name + " is not a column of " + table + ".",
                        Nearest.sentence(name, schema.names(), "It has " + String.join(", ", schema.names()) + "."));
                continue;
            }
            Optional<String> value = row.isNull(name) ? Optional.empty() : row.text(name);
            value.filter(text -> !fits(text, column.get().type()))
                    .ifPresent(text -> add(
                            TYPE_MISMATCH,
                            row.position(name),
                            "'" + text + "' is no value of " + name + " of " + table + ", which is "
                                    + column.get().type() + ".",
                            "Write one, or null."));
            cells.add(new TestCase.Cell(name, value, row.position(name)));
        }
        return cells;
    }

    private boolean fits(String text, DataType type) {
        if (type instanceof DataType.Decimal decimal) {
            try {
                BigDecimal number = new BigDecimal(text).stripTrailingZeros();
                return number.scale() <= decimal.scale()
                        && number.precision() - number.scale() <= decimal.precision() - decimal.scale();
            } catch (NumberFormatException e) {
                return false;
            }
        }
        return session.query(
                        "SELECT TRY_CAST(" + Sql.literal(text) + " AS " + DuckDbTypes.sqlType(type) + ") IS NOT NULL",
                        row -> row.getBoolean(1))
                .get(0);
    }

    private List<TestCase.Count> failed(YamlMap tables) {
        List<TestCase.Count> counts = new ArrayList<>();
        for (String name : tables.keys()) {
            table(tables, name, List.copyOf(made().keySet()), "No flow makes ", "Flows make ")
                    .ifPresent(table -> tables.map(name, true).ifPresent(rules -> rules.keys()
                            .forEach(rule -> expectation(rules, rule, table).ifPresent(counts::add))));
        }
        return counts;
    }

    private Optional<TestCase.Count> expectation(YamlMap rules, String rule, TableName table) {
        List<String> names = plan.flows().stream()
                .filter(flow -> flow.target().equals(table))
                .map(Flow::allExpectations)
                .flatMap(List::stream)
                .map(Expectation::name)
                .distinct()
                .toList();
        if (!names.contains(rule)) {
            add(
                    CONFIGURATION_INVALID,
                    rules.keyPosition(rule),
                    rule + " is no expectation on rows of " + table + ".",
                    Nearest.sentence(
                            rule,
                            names,
                            names.isEmpty() ? "It has none." : "It has " + String.join(", ", names) + "."));
            return Optional.empty();
        }
        return number(rules, rule).map(number -> new TestCase.Count(table, rule, number, rules.position(rule)));
    }

    private List<TestCase.Count> dropped(YamlMap tables) {
        List<TestCase.Count> counts = new ArrayList<>();
        for (String name : tables.keys()) {
            table(tables, name, List.copyOf(made().keySet()), "No flow makes ", "Flows make ")
                    .flatMap(table -> number(tables, name)
                            .map(number -> new TestCase.Count(table, "", number, tables.position(name))))
                    .ifPresent(counts::add);
        }
        return counts;
    }

    private static Optional<Long> number(YamlMap map, String key) {
        return map.text(key)
                .flatMap(text -> text.matches("[0-9]{1,9}")
                        ? Optional.of(Long.valueOf(text))
                        : map.invalid(key, "'" + text + "' is no number of rows.", "Write 0, 1, 2 ..."));
    }

    private void add(ErrorCode code, SourcePosition position, String what, String mend) {
        problems.add(code, position, what, mend);
    }
}
