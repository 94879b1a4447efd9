package dev.tarn.connect.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.connect.EmbeddedServer;
import dev.tarn.connect.Finding;
import dev.tarn.model.TableSource;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceExaminationTest {

    private static final TableSource SOURCE = SmallOdoo.source(SmallOdoo.table("account_move"));

    @TempDir
    static Path folder;

    private static EmbeddedServer server;
    private static int databases;

    private String database;

    @BeforeAll
    static void start() throws IOException, SQLException {
        server = EmbeddedServer.start(folder);
        server.execute("postgres", "CREATE ROLE reader LOGIN");
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @BeforeEach
    void create() throws SQLException {
        database = "odoo" + ++databases;
        SmallOdoo.create(server, database);
        odoo("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader");
    }

    @Test
    void aSourceThatLacksNothingIsOk() {
        assertThat(examine("reader"))
                .containsExactly(Finding.ok(
                        database + " (19.0), 2 companies (PHP, USD), 2 currencies, 1 table, PostgreSQL " + version()));
    }

    @Test
    void everyRightThatIsMissingIsNamed() throws SQLException {
        odoo("REVOKE SELECT ON account_move, res_company FROM reader");

        assertThat(examine("reader"))
                .containsExactly(
                        new Finding(
                                Finding.Level.FAIL,
                                "SOURCE_LOGIN_REFUSED  Source odoo: the user reader may not read account_move, res_company.",
                                "As the owner of " + database
                                        + ": GRANT SELECT ON \"account_move\", \"res_company\" TO \"reader\"; All rights: tarn odoo grants --source odoo"));
    }

    @Test
    void theRightToKnowTheServerIsNeeded() throws SQLException {
        odoo("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM public");
        odoo("GRANT INSERT ON account_move TO reader");

        assertThat(examine("reader"))
                .containsExactly(
                        new Finding(
                                Finding.Level.FAIL,
                                "SOURCE_LOGIN_REFUSED  Source odoo: the user reader lacked a right when its state was read.",
                                "As the owner of " + database
                                        + ": GRANT SELECT on the tables of the source, and EXECUTE ON FUNCTION pg_control_system(),"
                                        + " pg_control_checkpoint(), TO \"reader\"; tarn odoo grants prints all of it."),
                        Finding.warn(
                                "the user reader may change account_move; Tarn only reads",
                                "REVOKE INSERT, UPDATE, DELETE ON \"account_move\" FROM \"reader\";"));
    }

    @Test
    void whereAnIndexWouldPayIsSaidWithItsDdl() throws SQLException {
        odoo("UPDATE pg_class SET reltuples = 4100000 WHERE relname = 'account_move'");

        assertThat(examine("reader"))
                .element(1)
                .isEqualTo(Finding.warn(
                        "write_date is not indexed on account_move (4.1 M rows): each look costs a scan, and fresh has no quick pass",
                        "CREATE INDEX CONCURRENTLY ON account_move (write_date, id);"));
        odoo("CREATE INDEX ON account_move (write_date, id)");
        odoo("UPDATE pg_class SET reltuples = 4100000 WHERE relname = 'account_move'");
        assertThat(examine("reader")).hasSize(1);
    }

    @Test
    void whatHoldsTheHorizonBackIsSaid() throws SQLException {
        odoo("BEGIN; INSERT INTO account_move VALUES (1, 'p', 1, now()); PREPARE TRANSACTION 'p" + database + "'");
        try (Connection open = server.connect(database);
                Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute("INSERT INTO account_move VALUES (2, 'o', 1, now())");

            assertThat(new SourceExamination(SOURCE, server.url("postgres", database), Duration.ZERO).run())
                    .extracting(Finding::text)
                    .containsExactly(
                            database + " (19.0), 2 companies (PHP, USD), 2 currencies, 1 table, PostgreSQL "
                                    + version(),
                            "the user postgres is a superuser; Tarn only reads, and needs no more than SELECT",
                            "1 prepared transaction has waited for more than 0 minutes: every look reads again what was written since",
                            "1 transaction has been open for more than 0 minutes: every look reads again what was written since");
            assertThat(examine("reader")).hasSize(1);
        }
        odoo("ROLLBACK PREPARED 'p" + database + "'");
    }

    @Test
    void aDatabaseThatIsNotThereIsSaidOnce() {
        assertThat(new SourceExamination(SOURCE, server.url("reader", "nowhere")).run())
                .containsExactly(new Finding(
                        Finding.Level.FAIL,
                        "SOURCE_UNREACHABLE  Source odoo: 127.0.0.1:" + server.port() + " has no database nowhere.",
                        "Correct the database in the secret test-url."));
    }

    private List<Finding> examine(String user) {
        return new SourceExamination(SOURCE, server.url(user, database)).run();
    }

    private static String version() {
        try {
            return server.query("postgres", "SELECT current_setting('server_version_num')::int / 10000")
                    .get(0);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void odoo(String sql) throws SQLException {
        server.execute(database, sql);
    }
}
