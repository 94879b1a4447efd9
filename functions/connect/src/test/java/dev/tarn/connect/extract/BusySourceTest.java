package dev.tarn.connect.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.connect.bronze.Extracted;
import dev.tarn.model.TableSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

class BusySourceTest extends OnSmallOdoo {

    private static final TableSource.Table MOVE = SmallOdoo.table("account_move");

    @Test
    void aTableThatAnUpgradeLocksIsReadAfterIt() throws SQLException {
        odoo("INSERT INTO account_move VALUES (1, 'A', 1, NULL)");
        try (Connection upgrade = server.connect(database);
                Statement statement = upgrade.createStatement()) {
            upgrade.setAutoCommit(false);
            statement.execute("LOCK TABLE account_move IN ACCESS EXCLUSIVE MODE");

            assertThatThrownBy(() -> extract(MOVE))
                    .hasMessage("SOURCE_BUSY  Source odoo: somebody held a lock on a table of " + address()
                            + " when account_move was looked up, as an upgrade of Odoo or of its modules does.\n"
                            + "    Nothing is lost; Tarn looks again, and reads on when the upgrade is done.");
            upgrade.commit();
        }
        assertThat(extract(MOVE)).extracting(Extracted::rows).containsExactly(1L);
    }

    @Test
    void aTableIsNotRewrittenBetweenSnapshotAndReading() throws SQLException {
        odoo("INSERT INTO account_move SELECT i, 'A', i, NULL FROM generate_series(1, 10) AS i");
        extract(MOVE);
        try (SourceDatabase database =
                SourceDatabase.open(SmallOdoo.source(MOVE), server.url("postgres", this.database))) {
            database.renew();
            database.hold(List.of(MOVE.relation()));
            database.state();

            assertThatThrownBy(() -> odoo("SET lock_timeout = 200", "ALTER TABLE account_move ALTER id TYPE bigint"))
                    .hasMessageContaining("lock timeout");
        }
    }

    @Test
    void aSessionThatIsEndedIsToldAsOne() throws SQLException {
        odoo(
                "CREATE FUNCTION end_reader() RETURNS int LANGUAGE sql VOLATILE AS"
                        + " 'SELECT CASE WHEN pg_terminate_backend(pg_backend_pid()) THEN 1 END'",
                "CREATE ROLE ended_" + database + " LOGIN",
                "GRANT pg_signal_backend TO ended_" + database,
                "GRANT SELECT ON ALL TABLES IN SCHEMA public TO ended_" + database,
                "INSERT INTO account_move VALUES (1, 'A', 1, NULL)",
                "ALTER TABLE account_move ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY p ON account_move USING (end_reader() = 1)");

        assertThatThrownBy(() -> new DatabaseExtract(
                                lake.lake(), SmallOdoo.source(MOVE), server.url("ended_" + database, database))
                        .extract())
                .hasMessage("SOURCE_UNREACHABLE  Source odoo: " + address()
                        + " broke off when account_move was read (SQLSTATE"
                        + " 08006).\n    Nothing was committed; Tarn looks again.");
    }

    @Test
    void aStatementThatTheServerCancelsIsToldAsOne() throws SQLException {
        odoo(
                "CREATE FUNCTION cancel_reader() RETURNS int LANGUAGE sql VOLATILE AS"
                        + " 'SELECT CASE WHEN pg_cancel_backend(pg_backend_pid()) THEN 1 END'",
                "CREATE ROLE cancelled_" + database + " LOGIN",
                "GRANT SELECT ON ALL TABLES IN SCHEMA public TO cancelled_" + database,
                "INSERT INTO account_move VALUES (1, 'A', 1, NULL)",
                "ALTER TABLE account_move ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY p ON account_move USING (cancel_reader() = 1)");

        assertThatThrownBy(() -> new DatabaseExtract(
                                lake.lake(), SmallOdoo.source(MOVE), server.url("cancelled_" + database, database))
                        .extract())
                .hasMessage("SOURCE_BUSY  Source odoo: " + address()
                        + " cancelled a statement when account_move was read:"
                        + " it took too long, or somebody asked for it.\n    Nothing is lost; Tarn looks again. If it goes on,"
                        + " look for a statement_timeout of the user or a busy server.");
    }

    @Test
    void aStandbyThatLagsBehindIsNotTakenForARestoredDatabase() throws SQLException {
        odoo("INSERT INTO account_move VALUES (1, 'A', 1, NULL)");
        extract(MOVE);
        TableLook look = TableLook.begin(lake.lake(), SmallOdoo.source(MOVE), MOVE);
        SourceCursor read = look.cursor().orElseThrow();
        String[] id = read.id().split("/");
        long before = read.horizon() - 1;

        assertThatThrownBy(() -> look.requireSameDatabase(
                        new SourceState(id[0], Long.parseLong(id[1]), read.timeline(), before, before, true)))
                .hasMessage("SOURCE_BUSY  Source odoo: its database is a standby that has not come as far as"
                        + " bronze.account_move was read from the server it follows.\n    Nothing is lost; Tarn looks again."
                        + " If it goes on, see whether replication still runs.");
        assertThatThrownBy(() -> look.requireSameDatabase(
                        new SourceState(id[0], Long.parseLong(id[1]), read.timeline(), before, before, false)))
                .hasMessageContaining("SOURCE_RECREATED");
    }

    @Test
    void aStandbyThatCancelsAndADiskThatIsFullAreTold() {
        assertThat(SourceFailure.of(
                                SmallOdoo.source(MOVE),
                                server.url("postgres", database),
                                "account_move was read",
                                new SQLException("canceling statement due to conflict with recovery", "40001"))
                        .getMessage())
                .isEqualTo("SOURCE_BUSY  Source odoo: " + address() + " is a standby and cancelled a statement when"
                        + " account_move was read, because rows had to go that it was reading.\n    Nothing is lost; Tarn looks"
                        + " again. If it goes on, set hot_standby_feedback = on at the standby, or raise its"
                        + " max_standby_streaming_delay.");
        assertThat(SourceFailure.of(
                                SmallOdoo.source(MOVE),
                                server.url("postgres", database),
                                "account_move was read",
                                new SQLException("could not write to file", "53100"))
                        .getMessage())
                .isEqualTo(
                        "SOURCE_BUSY  Source odoo: the disk of " + address() + " was full when account_move was read.\n"
                                + "    Nothing was committed; make room there, Tarn looks again.");
    }
}
