package dev.tarn.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OdooSeedTest {

    @TempDir
    static Path folder;

    private static DemoDatabases databases;
    private static Connection odoo;

    @BeforeAll
    static void seed() throws SQLException {
        databases = DemoDatabases.start(folder, DemoDatabases.FREE_PORT, new OdooSeed(10_000));
        odoo = connect("odoo", "postgres");
    }

    @AfterAll
    static void stop() throws SQLException {
        odoo.close();
        databases.close();
    }

    @Test
    void everyEntryBalancesInBothCurrencies() throws SQLException {
        assertThat(
                        query(
                                """
                        SELECT move_id FROM account_move_line
                        GROUP BY move_id HAVING sum(balance) <> 0 OR sum(amount_currency) <> 0 OR count(*) < 2"""))
                .isEmpty();
        assertThat(query("SELECT count(DISTINCT move_id) FROM account_move_line"))
                .containsExactly("10000");
    }

    @Test
    void noLineBreaksOdoosOwnRulesOnSigns() throws SQLException {
        assertThat(
                        query(
                                """
                        SELECT id FROM account_move_line
                        WHERE balance * amount_currency < 0 OR debit * credit <> 0 OR debit - credit <> balance"""))
                .isEmpty();
    }

    @Test
    void invoicesEqualIncomeInTheLedgerPerCompanyAndMonth() throws SQLException {
        List<String> invoices = query(
                """
                SELECT company_id, date_trunc('month', date)::date, sum(amount_untaxed_signed) FROM account_move
                WHERE state = 'posted' AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                GROUP BY 1, 2 ORDER BY 1, 2""");
        List<String> ledger = query(
                """
                SELECT m.company_id, date_trunc('month', m.date)::date, -sum(l.balance)
                FROM account_move_line l JOIN account_move m ON m.id = l.move_id JOIN account_account a ON a.id = l.account_id
                WHERE m.state = 'posted' AND a.account_type IN ('income', 'income_other') AND m.move_type <> 'entry'
                GROUP BY 1, 2 ORDER BY 1, 2""");

        assertThat(invoices).hasSize(48).isEqualTo(ledger);
    }

    @Test
    void headersAgreeWithTheirLines() throws SQLException {
        assertThat(
                        query(
                                """
                        SELECT m.id FROM account_move m JOIN account_move_line l ON l.move_id = m.id
                        WHERE m.move_type <> 'entry'
                        GROUP BY m.id
                        HAVING m.amount_untaxed <> abs(sum(l.amount_currency) FILTER (WHERE l.display_type = 'product'))
                            OR m.amount_untaxed + m.amount_tax <> m.amount_total
                            OR m.amount_total <> abs(sum(l.amount_currency) FILTER (WHERE l.display_type = 'payment_term'))
                            OR m.amount_total_signed <> sum(l.balance) FILTER (WHERE l.display_type = 'payment_term')
                            OR m.amount_untaxed_signed + m.amount_tax_signed <> m.amount_total_signed
                            OR abs(m.amount_residual) > m.amount_total"""))
                .isEmpty();
    }

    @Test
    void someManualEntriesTouchIncome() throws SQLException {
        assertThat(
                        query(
                                """
                        SELECT DISTINCT m.company_id
                        FROM account_move_line l JOIN account_move m ON m.id = l.move_id
                        JOIN account_account a ON a.id = l.account_id
                        WHERE m.move_type = 'entry' AND a.account_type LIKE 'income%' ORDER BY 1"""))
                .containsExactly("1", "2");
    }

    @Test
    void twoCompaniesKeepTheirBooksInDifferentCurrencies() throws SQLException {
        assertThat(
                        query(
                                "SELECT c.name, cur.name FROM res_company c JOIN res_currency cur ON cur.id = c.currency_id ORDER BY c.id"))
                .containsExactly("Lakeside Trading Inc., PHP", "Lakeside Imports LLC, USD");
    }

    @Test
    void documentsAreInFourCurrenciesOfNoneTwoAndThreeDigits() throws SQLException {
        assertThat(
                        query(
                                """
                        SELECT cur.name, cur.decimal_places, max(scale(m.amount_total))
                        FROM account_move m JOIN res_currency cur ON cur.id = m.currency_id GROUP BY 1, 2 ORDER BY 1"""))
                .containsExactly("JPY, 0, 0", "KWD, 3, 3", "PHP, 2, 2", "USD, 2, 2");
    }

    @Test
    void whatExpectationsShouldCatchIsThere() throws SQLException {
        assertThat(query("SELECT count(*), count(name), max(state) FROM account_move WHERE company_id IS NULL"))
                .as("drafts without company or name")
                .containsExactly("2, 0, draft");
        assertThat(query("SELECT count(*) FROM account_move WHERE amount_total <= 0"))
                .containsExactly("15");
        assertThat(query("SELECT DISTINCT state FROM account_move ORDER BY 1"))
                .containsExactly("cancel", "draft", "posted");
    }

    @Test
    void fortyRowsShareOneWriteDate() throws SQLException {
        assertThat(query("SELECT max(n) FROM (SELECT count(*) AS n FROM account_move GROUP BY create_date) AS ties"))
                .containsExactly("40");
        assertThat(query("SELECT count(*) FROM account_move WHERE write_date < create_date"))
                .containsExactly("0");
    }

    @ParameterizedTest(name = "{0} entries")
    @ValueSource(longs = {0, 1, 9, 14})
    void anyNumberOfEntriesCanBeMade(long moves) throws SQLException {
        try (Connection server = connect("postgres", "postgres");
                Statement statement = server.createStatement()) {
            statement.execute("CREATE DATABASE odoo_" + moves);
        }
        try (Connection empty = connect("odoo_" + moves, "postgres")) {
            new OdooSeed(moves).into(empty);
            try (Statement statement = empty.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT count(*) FROM account_move")) {
                rows.next();
                assertThat(rows.getLong(1)).isEqualTo(moves);
            }
        }
    }

    @Test
    void theReadersRoleCannotChangeAnything() throws SQLException {
        try (Connection reader = connect("odoo", "tarn_reader");
                Statement statement = reader.createStatement()) {
            assertThatThrownBy(() -> statement.execute("DELETE FROM account_move"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void moreEntriesThanIdsAreRefused() {
        assertThatThrownBy(() -> new OdooSeed(100_000_001))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("0 to 100000000 journal entries can be made, not 100000001");
    }

    private static Connection connect(String database, String user) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://localhost:" + databases.port() + "/" + database + "?user=" + user);
    }

    private static List<String> query(String sql) throws SQLException {
        try (Statement statement = odoo.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    values.add(rows.getString(i));
                }
                found.add(String.join(", ", values));
            }
            return found;
        }
    }
}
