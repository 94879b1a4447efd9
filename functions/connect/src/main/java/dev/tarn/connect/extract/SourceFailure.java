package dev.tarn.connect.extract;

import dev.tarn.connect.postgres.PostgresUrl;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Sql;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.sql.SQLException;

/** What a failure of a source means for the user. Never with PostgreSQL's own texts, which quote values of rows. */
final class SourceFailure {

    private static final String NO_RIGHT = "42501";
    private static final String LOCKED = "55P03";
    private static final String CANCELLED = "57014";
    private static final String CONFLICT_WITH_RECOVERY = "40001";
    private static final String SHUTTING_DOWN = "57P01";
    private static final String DISK_FULL = "53100";

    private static final String LOOKS_AGAIN = "Nothing was committed; Tarn looks again.";

    private SourceFailure() {}

    /** @param when goes on from "broke off when" */
    static TarnException of(TableSource source, PostgresUrl url, String when, SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return switch (state) {
            case NO_RIGHT -> noRight(source, url, when, e);
            case LOCKED, CANCELLED, CONFLICT_WITH_RECOVERY, DISK_FULL -> busy(source, url, when, state, e);
            case SHUTTING_DOWN ->
                failure(
                        ErrorCode.SOURCE_UNREACHABLE,
                        source,
                        url + " was shut down, or ended the connection, when " + when,
                        LOOKS_AGAIN,
                        e);
            default ->
                failure(
                        ErrorCode.SOURCE_UNREACHABLE,
                        source,
                        url + " broke off when " + when + " (SQLSTATE " + state + ")",
                        LOOKS_AGAIN,
                        e);
        };
    }

    private static TarnException noRight(TableSource source, PostgresUrl url, String when, SQLException e) {
        return failure(
                ErrorCode.SOURCE_LOGIN_REFUSED,
                source,
                "the user " + url.user() + " lacked a right when " + when,
                "As the owner of " + url.database()
                        + ": GRANT SELECT on the tables of the source, and EXECUTE ON FUNCTION"
                        + " pg_control_system(), pg_control_checkpoint(), TO " + Sql.identifier(url.user())
                        + "; tarn odoo grants prints all of it.",
                e);
    }

    private static TarnException busy(TableSource source, PostgresUrl url, String when, String state, SQLException e) {
        String what =
                switch (state) {
                    case LOCKED ->
                        "somebody held a lock on a table of " + url + " when " + when
                                + ", as an upgrade of Odoo or of its modules does";
                    case CANCELLED ->
                        url + " cancelled a statement when " + when + ": it took too long, or somebody asked for it";
                    case CONFLICT_WITH_RECOVERY ->
                        url + " is a standby and cancelled a statement when " + when
                                + ", because rows had to go that it was reading";
                    default -> "the disk of " + url + " was full when " + when;
                };
        String mend =
                switch (state) {
                    case LOCKED -> "Nothing is lost; Tarn looks again, and reads on when the upgrade is done.";
                    case CANCELLED ->
                        "Nothing is lost; Tarn looks again. If it goes on, look for a statement_timeout of the"
                                + " user or a busy server.";
                    case CONFLICT_WITH_RECOVERY ->
                        "Nothing is lost; Tarn looks again. If it goes on, set"
                                + " hot_standby_feedback = on at the standby, or raise its max_standby_streaming_delay.";
                    default -> "Nothing was committed; make room there, Tarn looks again.";
                };
        return failure(ErrorCode.SOURCE_BUSY, source, what, mend, e);
    }

    private static TarnException failure(ErrorCode code, TableSource source, String what, String mend, SQLException e) {
        return new TarnException(code, "Source " + source.name() + ": " + what + ".", mend, e);
    }
}
