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

class FirstLoadTest extends OnSmallOdoo {

    private static final TableSource.Table MOVE = SmallOdoo.table("account_move");
    private static final LoadRange.Size SMALL = new LoadRange.Size(4, 2, 1_000);
    private static final String ROWS =
            "INSERT INTO account_move SELECT i, repeat('A', 100), i, '2026-01-01' FROM generate_series(1, 5000) AS i";
    private static final String COUNTS = "SELECT count(*), count(DISTINCT id), sum(id) FROM ";

    @Test
    void rangesOfPagesBringEveryRowOnce() throws SQLException {
        odoo(ROWS);

        List<Extracted> extracted = extraction(SmallOdoo.source(MOVE), SMALL).extract();

        assertThat(extracted).extracting(Extracted::rows).containsExactly(5000L);
        assertThat(lake.query(MOVES, COUNTS + "%s")).containsExactly("5000|5000|12502500");
        assertThat(lake.snapshot(MOVES).version()).as("a commit a range").isGreaterThan(20);
    }

    @Test
    void aLoadThatMayTakeNoTimeIsDoneInManyLooks() throws SQLException {
        odoo(ROWS);
        TableSource source = SmallOdoo.source(MOVE);
        LookTimes times = new LookTimes(source);

        long rows = 0;
        int looks = 0;
        while (times.isDue(lake.lake().clock().instant())) {
            looks++;
            rows += extraction(source, SMALL)
                    .extractDue(times, () -> true)
                    .get(0)
                    .rows();
        }

        assertThat(rows).isEqualTo(5000);
        assertThat(looks).as("a range a look").isGreaterThan(20);
        assertThat(lake.query(MOVES, COUNTS + "%s")).containsExactly("5000|5000|12502500");
    }

    @Test
    void rangesOfValuesBringEveryRowOnce() throws SQLException {
        odoo(ROWS, "INSERT INTO account_move VALUES (-70, 'below', 0, NULL), (9999, 'behind a gap', 0, NULL)");
        TableSource.Table split = SmallOdoo.split("account_move", "id");

        extraction(SmallOdoo.source(split), SMALL).extract();

        assertThat(lake.query(MOVES, COUNTS + "%s")).isEqualTo(server.query(database, COUNTS + "account_move"));
        assertThat(lake.snapshot(MOVES).version()).isEqualTo(11);
    }

    /** Loads until a row in the middle, at which a policy divides by zero for this user alone. */
    private void breakOff() throws SQLException {
        String user = "unlucky_" + database;
        odoo(
                ROWS,
                "CREATE ROLE " + user + " LOGIN",
                "GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + user,
                "ALTER TABLE account_move ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY p ON account_move USING (1 / (id - 3000) IS NOT NULL)");
        DatabaseExtract extract =
                new DatabaseExtract(lake.lake(), SmallOdoo.source(MOVE), server.url(user, database), SMALL);

        assertThatThrownBy(extract::extract)
                .hasMessage("SOURCE_UNREACHABLE  Source odoo: " + address()
                        + " broke off when account_move was read (SQLSTATE 22012).\n"
                        + "    Nothing was committed; Tarn looks again.");
    }

    @Test
    void aLoadThatBrokeOffGoesOnWhereItWas() throws SQLException {
        breakOff();
        TableSource source = SmallOdoo.source(MOVE);
        long before =
                Long.parseLong(lake.query(MOVES, "SELECT count(*) FROM %s").get(0));
        odoo(
                "UPDATE account_move SET name = 'meanwhile' WHERE id IN (1, 4999)",
                "INSERT INTO account_move VALUES (5001, 'meanwhile', 1, NULL)",
                "DELETE FROM account_move WHERE id IN (2, 4998)");

        List<Extracted> rest = extraction(source, SMALL).extract();
        extract(MOVE);

        assertThat(before).isBetween(1000L, 3000L);
        assertThat(rest.get(0).rows()).as("not from the beginning").isLessThan(5001 - before + 100);
        assertThat(lake.query(
                        MOVES, "SELECT count(*), sum(id), count(*) FILTER (name = 'meanwhile') FROM (" + NOW + ")"))
                .containsExactly("4999|12502501|3");
    }

    @Test
    void rowsThatMoveDuringALoadMakeItBeginAnew() throws SQLException {
        breakOff();
        TableSource source = SmallOdoo.source(MOVE);
        // The last rows move into the pages that were read already, with the transaction that wrote them.
        odoo("DELETE FROM account_move WHERE id <= 1500", "VACUUM FULL account_move");

        extraction(source, SMALL).extract();
        assertThat(lake.query(MOVES, "SELECT count(DISTINCT id) FROM %s WHERE id > 1500"))
                .as("before keys are compared")
                .containsExactly("3500");
        reconcile(1500, MOVE);

        assertThat(lake.query(MOVES, "SELECT count(*), sum(id) FROM (" + NOW + ")"))
                .isEqualTo(server.query(database, "SELECT count(*), sum(id) FROM account_move"));
    }

    @Test
    void aColumnThatComesDuringALoadMakesItBeginAnew() throws SQLException {
        breakOff();
        TableSource source = SmallOdoo.source(MOVE);
        odoo("ALTER TABLE account_move ADD COLUMN x_region varchar DEFAULT 'north'");

        extraction(source, SMALL).extract();

        assertThat(lake.query(MOVES, "SELECT x_region, count(*) FROM (" + NOW + ") GROUP BY 1"))
                .containsExactly("north|5000");
    }

    @Test
    void aTransactionThatCommitsDuringTheLoadIsNotLost() throws SQLException {
        odoo(ROWS);
        try (Connection late = server.connect(database);
                Statement statement = late.createStatement()) {
            late.setAutoCommit(false);
            statement.execute("UPDATE account_move SET name = 'late' WHERE id = 1");
            statement.execute("INSERT INTO account_move VALUES (6000, 'late', 1, NULL)");
            extraction(SmallOdoo.source(MOVE), SMALL).extract();
            late.commit();
        }
        extract(MOVE);

        assertThat(lake.query(MOVES, "SELECT id FROM (" + NOW + ") WHERE name = 'late'"))
                .containsExactly("1", "6000");
    }

    @Test
    void aTableIsSplitByWholeNumbersOnly() {
        assertThatThrownBy(() -> extract(SmallOdoo.split("account_move", "name")))
                .hasMessage(
                        "sources/odoo.yml:9:5  CONFIGURATION_INVALID  account_move cannot be split by name, which is not"
                                + " a column of whole numbers.\n    Name one, or leave split out: the load is cut by places in the"
                                + " table then.");
    }
}
