package dev.tarn.local.check;

import dev.tarn.model.SourcePosition;
import dev.tarn.model.Sql;
import dev.tarn.model.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One file of {@code tests/}: its columns are known, its values fit.
 *
 * @param file its path in the project, the test's name
 */
record TestCase(String file, List<Rows> given, List<Rows> expected, List<Count> failed, List<Count> dropped) {

    /** A value as it is written; empty for NULL. */
    record Cell(String column, Optional<String> value, SourcePosition position) {}

    /** Rows of a table, each with the columns that it names. */
    record Rows(TableName table, List<List<Cell>> rows, SourcePosition position) {
        Rows {
            rows = rows.stream().map(List::copyOf).toList();
        }

        /** Every column that a row names, once. */
        List<String> columns() {
            return rows.stream()
                    .flatMap(List::stream)
                    .map(Cell::column)
                    .distinct()
                    .toList();
        }
    }

    /**
     * How many rows break an expectation, or are left out.
     *
     * @param expectation empty when it is about all of the table
     */
    record Count(TableName table, String expectation, long number, SourcePosition position) {}

    TestCase {
        given = List.copyOf(given);
        expected = List.copyOf(expected);
        failed = List.copyOf(failed);
        dropped = List.copyOf(dropped);
    }

    /** The rows of a table that a query can read, with all of {@code columns}. */
    static String values(Rows rows, Map<String, String> types) {
        StringBuilder sql = new StringBuilder();
        for (List<Cell> row : rows.rows()) {
            sql.append(sql.isEmpty() ? "SELECT " : " UNION ALL SELECT ");
            String separator = "";
            for (Map.Entry<String, String> type : types.entrySet()) {
                Optional<String> value = row.stream()
                        .filter(cell -> cell.column().equals(type.getKey()))
                        .findFirst()
                        .flatMap(Cell::value);
                sql.append(separator)
                        .append("CAST(")
                        .append(value.map(Sql::literal).orElse("NULL"))
                        .append(" AS ")
                        .append(type.getValue())
                        .append(") AS ")
                        .append(Sql.identifier(type.getKey()));
                separator = ", ";
            }
        }
        return sql.toString();
    }
}
