package dev.tarn.engine.delta;

import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.Sql;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What keeps the rows of a query out of a table. Nothing is cast on the way: it could lose digits unnoticed. */
final class ColumnsMismatch {

    private static final String REFRESH = ", or refresh the table fully to give it the query's columns.";

    private final TableLocation table;

    private ColumnsMismatch(TableLocation table) {
        this.table = table;
    }

    /**
     * The order of columns does not matter.
     *
     * @throws TarnException SCHEMA_CHANGED with a problem for each column that differs
     */
    static void check(TableLocation table, TableSchema expected, TableSchema actual) {
        ColumnsMismatch mismatch = new ColumnsMismatch(table);
        List<Problem> problems = new ArrayList<>();
        for (Column column : expected.columns()) {
            Optional<Column> found = find(actual, column.name());
            if (found.isEmpty()) {
                problems.add(mismatch.missing(column));
            } else if (!isSame(found.get().type(), column.type())) {
                problems.add(mismatch.otherType(column, found.get()));
            }
        }
        actual.columns().stream()
                .filter(column -> find(expected, column.name()).isEmpty())
                .forEach(column -> problems.add(mismatch.unknown(column)));
        if (!problems.isEmpty()) {
            throw new TarnException(problems, null);
        }
    }

    /** In the very letters, by which the column is written and found in its file. */
    private static Optional<Column> find(TableSchema schema, String name) {
        return schema.column(name).filter(column -> column.name().equals(name));
    }

    /** Comments of fields aside. */
    private static boolean isSame(DataType one, DataType other) {
        return one.toString().equals(other.toString());
    }

    private Problem missing(Column column) {
        return problem(
                table + " has the column " + column.name() + " " + column.type() + ", and the query yields none of that"
                        + " name.",
                "Add it to the query, if need be as CAST(NULL AS " + column.type() + ") AS "
                        + Sql.identifier(column.name()) + REFRESH);
    }

    private Problem unknown(Column column) {
        return problem(
                "The query yields the column " + column.name() + " " + column.type() + ", and " + table
                        + " has none of that name.",
                "Leave it out of the query" + REFRESH);
    }

    private Problem otherType(Column expected, Column actual) {
        String cast = "CAST(" + Sql.identifier(expected.name()) + " AS " + expected.type() + ")";
        boolean isExact = FileTypes.holds(expected.type(), actual.type());
        return problem(
                "Column " + expected.name() + " of " + table + " is " + expected.type() + ", and the query yields "
                        + actual.type() + (isExact ? "." : ", whose values it cannot all hold."),
                (isExact ? "Write " : "If what is lost may be lost, write ") + cast + " in the query" + REFRESH);
    }

    private static Problem problem(String what, String mend) {
        return new Problem(ErrorCode.SCHEMA_CHANGED, null, what, mend);
    }
}
