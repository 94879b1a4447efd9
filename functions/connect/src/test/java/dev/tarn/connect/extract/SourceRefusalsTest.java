package dev.tarn.connect.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.connect.bronze.Extracted;
import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.delta.SourceProgress;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SourceRefusalsTest extends OnSmallOdoo {

    private static final TableSource.Table TABLE = SmallOdoo.table("account_move");
    private static final String MOVE = "INSERT INTO account_move (id, amount_total) VALUES (1, 1)";

    @Test
    void aDatabaseWithoutOdoosTables() throws SQLException {
        server.execute(database, "DROP TABLE ir_module_module", "DROP TABLE res_company");

        assertRefused(
                ErrorCode.SOURCE_NOT_ODOO,
                "sources/odoo.yml:1:1  SOURCE_NOT_ODOO  Source odoo: %s is not a database of Odoo: it has no table"
                        + " ir_module_module, res_company.\n    Name Odoo's own database in the secret test-url.",
                TABLE);
    }

    @Test
    void aDatabaseInWhichOdooWasNeverInstalled() throws SQLException {
        server.execute(database, "UPDATE ir_module_module SET state = 'uninstalled'");

        assertRefused(
                ErrorCode.SOURCE_NOT_ODOO,
                "sources/odoo.yml:1:1  SOURCE_NOT_ODOO  Source odoo: %s is not a database of Odoo: its module base is not"
                        + " installed.\n    Name Odoo's own database in the secret test-url.",
                TABLE);
    }

    @Test
    void anOdooOfAnotherVersion() throws SQLException {
        server.execute(database, "UPDATE ir_module_module SET latest_version = 'saas~17.4.1.3'");

        assertRefused(
                ErrorCode.CONFIGURATION_INVALID,
                "sources/odoo.yml:1:1  CONFIGURATION_INVALID  Source odoo is written for Odoo 19, but %s is Odoo 17.4.\n"
                        + "    Correct the version, after a look at the columns that your SQL uses, or the secret test-url.",
                TABLE);
    }

    @Test
    void tablesThatAreNotThere() {
        assertRefused(
                ErrorCode.SOURCE_TABLE_MISSING,
                "sources/odoo.yml:9:5  SOURCE_TABLE_MISSING  Source odoo: %s has no table acount_move.\n"
                        + "    Nearest: account_move.\n"
                        + "sources/odoo.yml:9:5  SOURCE_TABLE_MISSING  Source odoo: %<s has no table stock_quant.\n"
                        + "    Correct it, or install the Odoo module that brings it.",
                SmallOdoo.table("acount_move"),
                SmallOdoo.table("stock_quant"));
    }

    @Test
    void tablesThatMayNotBeRead() throws SQLException {
        server.execute(
                database,
                "DROP ROLE IF EXISTS half",
                "CREATE ROLE half LOGIN",
                "GRANT SELECT ON ir_module_module, res_company TO half");

        assertThatThrownBy(() -> extract("half", TABLE))
                .isInstanceOfSatisfying(
                        TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_LOGIN_REFUSED))
                .hasMessage("sources/odoo.yml:1:1  SOURCE_LOGIN_REFUSED  Source odoo: the user half may not read"
                        + " account_move, res_currency.\n    As the owner of " + database
                        + ": GRANT SELECT ON \"account_move\", \"res_currency\" TO \"half\";");
        server.execute(database, "DROP OWNED BY half", "DROP ROLE half");
    }

    @Test
    void aColumnThatBearsTarnsOwnName() throws SQLException {
        server.execute(database, "ALTER TABLE account_move ADD COLUMN _seq int");

        assertRefused(
                ErrorCode.CONFIGURATION_INVALID,
                "sources/odoo.yml:9:5  CONFIGURATION_INVALID  Source odoo: column _seq of account_move has the name of"
                        + " another column of the bronze table.\n    Add _seq to exclude of account_move.",
                TABLE);
    }

    @Test
    void anExclusionThatLeavesNothing() {
        assertRefused(
                ErrorCode.CONFIGURATION_INVALID,
                "sources/odoo.yml:9:5  CONFIGURATION_INVALID  Source odoo: no column of account_move is left to read.\n"
                        + "    Exclude fewer columns.",
                SmallOdoo.table("account_move", "id", "name", "amount_total", "write_date"));
    }

    @Test
    void anotherDatabaseUnderTheSameAddress() throws SQLException {
        server.execute(database, MOVE);
        extract("postgres", TABLE);
        server.execute("postgres", "CREATE DATABASE copy TEMPLATE " + database);
        server.execute("postgres", "DROP DATABASE " + database, "ALTER DATABASE copy RENAME TO " + database);

        assertRefused(ErrorCode.SOURCE_RECREATED, recreated(), TABLE);
    }

    @Test
    void aDatabaseThatWentBackToAnEarlierState() throws SQLException {
        server.execute(database, MOVE);
        extract("postgres", TABLE);
        setHorizon("999999999999");

        assertRefused(ErrorCode.SOURCE_RECREATED, recreated(), TABLE);
    }

    private static String recreated() {
        return "sources/odoo.yml:9:5  SOURCE_RECREATED  Source odoo: its database is not the one from which"
                + " bronze.account_move was read, or was restored to an earlier state, or a standby of it took over, so"
                + " changes cannot be told from what was read.\n    Correct the secret odoo-url if it names a copy; else tarn"
                + " odoo resync reads the tables once more and lands what differs.";
    }

    /** As if the look before had come further than the database ever was. */
    private void setHorizon(String horizon) {
        DeltaTable table = lake.lake().table(TableName.parse("bronze.account_move"));
        TableSnapshot base = table.snapshot().orElseThrow();
        String cursor = base.progress("odoo.account_move")
                .flatMap(progress -> progress.source("odoo"))
                .map(SourceProgress::cursor)
                .orElseThrow()
                .replaceFirst("\"horizon\":\"\\d+\"", "\"horizon\":\"" + horizon + "\"");
        try (Session session = lake.lake().duckDb().session()) {
            table.commit(
                    table.append(session, base, "SELECT * FROM " + base.scan(session)),
                    CommitRequest.ofFlow(
                            "odoo.account_move",
                            2,
                            new FlowProgress("extract", List.of(SourceProgress.ofCursor("odoo", cursor))),
                            lake.lake().newUpdateId(),
                            "WRITE",
                            Map.of(),
                            Map.of()));
        }
    }

    private void assertRefused(ErrorCode code, String message, TableSource.Table... tables) {
        assertThatThrownBy(() -> extract("postgres", tables))
                .isInstanceOfSatisfying(
                        TarnException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessage(message.formatted("127.0.0.1:" + server.port() + "/" + database));
    }

    private List<Extracted> extract(String user, TableSource.Table... tables) {
        return new DatabaseExtract(lake.lake(), SmallOdoo.source(tables), server.url(user, database)).extract();
    }
}
