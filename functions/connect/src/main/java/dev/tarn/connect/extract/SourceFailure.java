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

    private SourceFailure() {}

    /** @param when goes on from "broke off when" */
    static TarnException of(TableSource source, PostgresUrl url, String when, SQLException e) {
        String name = "Source " + source.name() + ": ";
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        switch (state) {
            case NO_RIGHT:
                return new TarnException(
                        ErrorCode.SOURCE_LOGIN_REFUSED,
                        name + "the user " + url.user() + " lacked a right when " + when + ".",
                        "As the owner of " + url.database()
                                + ": GRANT SELECT on the tables of the source, and EXECUTE ON"
                                + " FUNCTION pg_control_system(), pg_control_checkpoint(), TO "
                                + Sql.identifier(url.user()) + "; tarn odoo grants prints all of it.",
                        e);
            case LOCKED:
                return new TarnException(
                        ErrorCode.SOURCE_BUSY,
                        name + "somebody held a lock on a table of " + url + " when " + when
                                + ", as an upgrade of Odoo or of its modules does.",
                        "Nothing is lost; Tarn looks again, and reads on when the upgrade is done.",
                        e);
            case CANCELLED:
                return new TarnException(
                        ErrorCode.SOURCE_BUSY,
                        name + url + " cancelled a statement when " + when
                                + ": it took too long, or somebody asked for it.",
                        "Nothing is lost; Tarn looks again. If it goes on, look for a statement_timeout of the user or a busy"
                                + " server.",
                        e);
            case CONFLICT_WITH_RECOVERY:
                return new TarnException(
                        ErrorCode.SOURCE_BUSY,
                        name + url + " is a standby and cancelled a statement when " + when
                                + ", because rows had to go that it was reading.",
                        "Nothing is lost; Tarn looks again. If it goes on, set hot_standby_feedback = on at the standby, or"
                                + " raise its max_standby_streaming_delay.",
                        e);
            case SHUTTING_DOWN:
                return new TarnException(
                        ErrorCode.SOURCE_UNREACHABLE,
                        name + url + " was shut down, or ended the connection, when " + when + ".",
                        "Nothing was committed; Tarn looks again.",
                        e);
            case DISK_FULL:
                return new TarnException(
                        ErrorCode.SOURCE_BUSY,
                        name + "the disk of " + url + " was full when " + when + ".",
                        "Nothing was committed; make room there, Tarn looks again.",
                        e);
            default:
                return new TarnException(
                        ErrorCode.SOURCE_UNREACHABLE,
                        name + url + " broke off when " + when + " (SQLSTATE " + state + ").",
                        "Nothing was committed; Tarn looks again.",
                        e);
        }
    }
}
