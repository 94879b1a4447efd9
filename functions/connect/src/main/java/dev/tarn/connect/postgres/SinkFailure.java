package dev.tarn.connect.postgres;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.PostgresSink;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What a failure of the sink means for the user. Never with a value of a row, which PostgreSQL's own texts quote. */
final class SinkFailure {

    /** The context of a failed COPY: {@code COPY tarn_batch, line 3, column amount: "..."}. */
    private static final Pattern COPY_COLUMN =
            Pattern.compile("COPY \\w+, line \\d+, column ([^:]+):.*", Pattern.DOTALL);

    private static final String NO_RIGHT = "42501";
    /** Data exceptions, broken constraints, and what triggers of the target raise. */
    private static final Set<String> REFUSED_ROWS = Set.of("22", "23", "P0");

    private SinkFailure() {}

    static TarnException of(String where, PostgresSink.Table table, SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        String target = SinkTable.display(table);
        if (state.equals(NO_RIGHT)) {
            return problem(
                    ErrorCode.SINK_LOGIN_REFUSED,
                    table,
                    where + ": the user lacks a right that publishing to " + target + " needs.",
                    "Grant SELECT, INSERT, UPDATE and DELETE on " + target + ", and check its row level security.",
                    e);
        }
        if (state.length() == 5 && REFUSED_ROWS.contains(state.substring(0, 2))) {
            return problem(
                    ErrorCode.SINK_REFUSED_ROWS,
                    table,
                    where + ": " + target + " does not take rows of " + table.from() + ": " + reason(state, e) + ".",
                    "Change the query of " + table.from() + " or the target; until then the target stays as it was.",
                    e);
        }
        return problem(
                ErrorCode.SINK_UNREACHABLE,
                table,
                where + ": publishing to " + target + " broke off (SQLSTATE " + state + ").",
                "The target stays as it was; Tarn publishes again.",
                e);
    }

    private static String reason(String state, SQLException e) {
        ServerErrorMessage server = e instanceof PSQLException ? ((PSQLException) e).getServerErrorMessage() : null;
        String context = server == null || server.getWhere() == null ? "" : server.getWhere();
        Matcher copied = COPY_COLUMN.matcher(context);
        if (copied.matches()) {
            return "a value does not fit column " + copied.group(1) + " (SQLSTATE " + state + ")";
        }
        if (server != null && server.getConstraint() != null) {
            return "constraint " + server.getConstraint() + " (SQLSTATE " + state + ")";
        }
        if (server != null && server.getColumn() != null) {
            return "column " + server.getColumn() + " may not be NULL (SQLSTATE " + state + ")";
        }
        return "SQLSTATE " + state;
    }

    private static TarnException problem(
            ErrorCode code, PostgresSink.Table table, String what, String mend, SQLException e) {
        return new TarnException(List.of(new Problem(code, table.position(), what, mend)), e);
    }
}
