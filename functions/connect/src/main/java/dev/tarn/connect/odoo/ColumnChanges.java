package dev.tarn.connect.odoo;

import dev.tarn.connect.BronzeColumns;
import dev.tarn.connect.postgres.SourceColumn;
import dev.tarn.model.Column;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.OdooSource;
import dev.tarn.model.Problem;
import dev.tarn.model.TableSchema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Columns of a relation against those of its bronze table. A column that is gone is no problem, its new rows hold NULL; one
 * that came or changed is: PostgreSQL fills it without writing the rows, so their new values would never be seen.
 */
final class ColumnChanges {

    private final OdooSource source;
    private final OdooSource.Table table;
    private final @Nullable TableSchema bronze;
    private final @Nullable SourceCursor cursor;

    ColumnChanges(
            OdooSource source, OdooSource.Table table, @Nullable TableSchema bronze, @Nullable SourceCursor cursor) {
        this.source = source;
        this.table = table;
        this.bronze = bronze;
        this.cursor = cursor;
    }

    /** The columns that are to be read. */
    static List<SourceColumn> wanted(OdooSource.Table table, List<SourceColumn> columns) {
        return columns.stream()
                .filter(column -> !table.exclude().contains(column.name()))
                .toList();
    }

    List<Problem> problems(List<SourceColumn> columns) {
        List<SourceColumn> wanted = wanted(table, columns);
        List<Problem> problems = new ArrayList<>();
        if (wanted.isEmpty()) {
            problems.add(problem(
                    ErrorCode.CONFIGURATION_INVALID,
                    "no column of " + table.relation() + " is left to read",
                    "Exclude fewer columns."));
        }
        unreadableNames(wanted, problems);
        if (bronze != null && problems.isEmpty()) {
            wanted.forEach(column -> changed(column, bronze, problems));
        }
        return problems;
    }

    private void unreadableNames(List<SourceColumn> wanted, List<Problem> problems) {
        Set<String> seen = new HashSet<>();
        for (SourceColumn column : wanted) {
            if (BronzeColumns.isOwn(column.name()) || !seen.add(column.name().toLowerCase(Locale.ROOT))) {
                problems.add(problem(
                        ErrorCode.CONFIGURATION_INVALID,
                        "column " + column.name() + " of " + table.relation()
                                + " has the name of another column of the bronze table",
                        "Add " + column.name() + " to exclude of " + table.relation() + "."));
            }
        }
    }

    private void changed(SourceColumn column, TableSchema known, List<Problem> problems) {
        Column before = known.column(column.name()).orElse(null);
        Column now = column.column();
        Integer number = cursor == null ? null : cursor.columns().get(column.name());
        if (before == null) {
            problems.add(schemaChanged(
                    column,
                    "column " + column.name() + " of " + table.relation() + " is new; " + table.target()
                            + " does not have it"));
        } else if (!before.type().equals(now.type())) {
            problems.add(schemaChanged(
                    column,
                    "column " + column.name() + " of " + table.relation() + " is a " + now.type() + " now; in "
                            + table.target() + " it is a " + before.type()));
        } else if (number != null && number != column.number()) {
            problems.add(schemaChanged(
                    column,
                    "column " + column.name() + " of " + table.relation()
                            + " was dropped and made again, so what was read of it no longer holds"));
        }
    }

    private Problem schemaChanged(SourceColumn column, String what) {
        return problem(
                ErrorCode.SCHEMA_CHANGED,
                what,
                "Add " + column.name() + " to exclude of " + table.relation()
                        + ", or start a new lake: a bronze table cannot change its columns yet.");
    }

    private Problem problem(ErrorCode code, String what, String mend) {
        return new Problem(code, table.position(), "Source " + source.name() + ": " + what + ".", mend);
    }
}
