package dev.tarn.connect.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.connect.bronze.Extracted;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DatabaseExtractTest extends OnSmallOdoo {

    private static final String NEWEST =
            "SELECT id, amount_total FROM %s QUALIFY row_number() OVER (PARTITION BY id ORDER BY _seq DESC) = 1 ORDER BY id";

    @Test
    void theFirstLookReadsEverything() throws SQLException {
        odoo("INSERT INTO account_move SELECT i, 'INV/' || i, i * 1.25, now() FROM generate_series(1, 5000) AS i");

        List<Extracted> extracted = extract(SmallOdoo.table("account_move"), SmallOdoo.table("res_currency"));

        assertThat(extracted).extracting(Extracted::rows).containsExactly(5000L, 3L);
        assertThat(extracted).extracting(Extracted::version).containsOnly(OptionalLong.of(1));
        assertThat(lake.query(MOVES, "SELECT count(*), count(DISTINCT id), sum(amount_total)::DECIMAL(18,2) FROM %s"))
                .containsExactly("5000|5000|15628125.00");
    }

    @Test
    void bronzeColumnsSayWhereARowCameFrom() throws SQLException {
        odoo("INSERT INTO account_move VALUES (1, NULL, 10, '2026-11-22 10:47:40.599902')");

        extract(SmallOdoo.table("account_move"));

        assertThat(lake.snapshot(MOVES).schema().columns())
                .extracting(column -> column.name() + " " + column.type())
                .containsExactly(
                        "id INT",
                        "name STRING",
                        "amount_total DECIMAL(38,18)",
                        "write_date TIMESTAMP",
                        "_op STRING",
                        "_seq BIGINT",
                        "_source STRING",
                        "_extracted_at TIMESTAMP",
                        "_rescued_data STRING",
                        "_reason STRING",
                        "_xid BIGINT");
        assertThat(
                        lake.query(
                                MOVES,
                                "SELECT * EXCLUDE (_extracted_at, _xid), _xid > 700, _extracted_at BETWEEN now() - INTERVAL 1 HOUR AND now() FROM %s"))
                .containsExactly(
                        "1|null|10.000000000000000000|2026-11-22 10:47:40.599902+00|upsert|1|odoo|null|null|true|true");
    }

    @Test
    void nothingNewMakesNoCommit() throws SQLException {
        odoo("INSERT INTO account_move VALUES (1, 'A', 10, now())");
        extract(SmallOdoo.table("account_move"));
        odoo("UPDATE res_currency SET active = true");

        List<Extracted> again = extract(SmallOdoo.table("account_move"));

        assertThat(again).extracting(Extracted::rows).containsExactly(0L);
        assertThat(again).extracting(Extracted::version).containsExactly(OptionalLong.empty());
        assertThat(lake.snapshot(MOVES).version()).isEqualTo(1);
    }

    @Test
    void anEditedRowAppearsOnceMoreWithAHigherNumber() throws SQLException {
        odoo("INSERT INTO account_move SELECT i, 'A', i, '2026-01-01' FROM generate_series(1, 100) AS i");
        extract(SmallOdoo.table("account_move"));

        odoo("UPDATE account_move SET amount_total = 7.5 WHERE id = 42");
        List<Extracted> edited = extract(SmallOdoo.table("account_move"));

        assertThat(edited).extracting(Extracted::rows).containsExactly(1L);
        assertThat(lake.query(MOVES, "SELECT _seq, amount_total::DOUBLE FROM %s WHERE id = 42 ORDER BY _seq"))
                .containsExactly("1|42.0", "2|7.5");
        assertThat(lake.query(MOVES, "SELECT count(*), sum(amount_total)::DOUBLE FROM (" + NEWEST + ")"))
                .containsExactly("100|5015.5");
    }

    @Test
    void aTransactionThatCommitsLateIsNotLost() throws SQLException {
        try (Connection late = server.connect(database);
                Statement statement = late.createStatement()) {
            late.setAutoCommit(false);
            statement.execute("INSERT INTO account_move VALUES (1, 'late', 1, '2026-01-01')");
            odoo("INSERT INTO account_move VALUES (2, 'early', 2, '2026-01-02')");
            assertThat(extract(SmallOdoo.table("account_move")))
                    .extracting(Extracted::rows)
                    .containsExactly(1L);

            late.commit();
        }
        extract(SmallOdoo.table("account_move"));

        assertThat(lake.query(MOVES, NEWEST)).containsExactly("1|1.000000000000000000", "2|2.000000000000000000");
    }

    @Test
    void savepointsOfALateTransactionAreNotLost() throws SQLException {
        try (Connection late = server.connect(database);
                Statement statement = late.createStatement()) {
            late.setAutoCommit(false);
            statement.execute("INSERT INTO account_move VALUES (1, 'outer', 1, '2026-01-01')");
            statement.execute("SAVEPOINT a");
            statement.execute("INSERT INTO account_move VALUES (2, 'inner', 2, '2026-01-01')");
            statement.execute("SAVEPOINT b");
            statement.execute("INSERT INTO account_move VALUES (3, 'undone', 3, '2026-01-01')");
            statement.execute("ROLLBACK TO b");
            odoo("INSERT INTO account_move VALUES (4, 'early', 4, '2026-01-01')");
            extract(SmallOdoo.table("account_move"));
            late.commit();
        }
        extract(SmallOdoo.table("account_move"));

        assertThat(lake.query(MOVES, "SELECT id FROM (" + NEWEST + ")")).containsExactly("1", "2", "4");
    }

    @Test
    void aPreparedTransactionIsNotLost() throws SQLException {
        odoo("BEGIN; INSERT INTO account_move VALUES (1, 'p', 1, '2026-01-01'); PREPARE TRANSACTION 'p" + database
                + "'");
        odoo("INSERT INTO account_move VALUES (2, 'early', 2, '2026-01-01')");
        extract(SmallOdoo.table("account_move"));

        odoo("COMMIT PREPARED 'p" + database + "'");
        extract(SmallOdoo.table("account_move"));

        assertThat(lake.query(MOVES, "SELECT id FROM (" + NEWEST + ")")).containsExactly("1", "2");
    }

    @Test
    void rowsWithOneWriteDateAreToldApart() throws SQLException {
        odoo("INSERT INTO account_move SELECT i, 'A', i, '2026-01-01' FROM generate_series(1, 40) AS i");
        extract(SmallOdoo.table("account_move"));

        odoo("INSERT INTO account_move SELECT i, 'B', i, '2026-01-01' FROM generate_series(41, 80) AS i");
        List<Extracted> second = extract(SmallOdoo.table("account_move"));

        assertThat(second).extracting(Extracted::rows).containsExactly(40L);
        assertThat(lake.query(MOVES, "SELECT count(*), count(DISTINCT id) FROM %s"))
                .containsExactly("80|80");
    }

    @Test
    void whatVacuumFreezesIsNotReadAgain() throws SQLException {
        odoo("INSERT INTO account_move SELECT i, 'A', i, '2026-01-01' FROM generate_series(1, 100) AS i");
        extract(SmallOdoo.table("account_move"));

        odoo("VACUUM (FREEZE, FULL) account_move");
        odoo("INSERT INTO account_move VALUES (101, 'B', 1, '2026-01-01')");

        assertThat(extract(SmallOdoo.table("account_move")))
                .extracting(Extracted::rows)
                .containsExactly(1L);
    }

    @Test
    void valuesThatDoNotFitAreKeptAside() throws SQLException {
        odoo(
                "INSERT INTO account_move VALUES (1, 'A', 'NaN', '-infinity'), (2, 'B', 123456789012345678901.5, 'infinity'),"
                        + " (3, 'C', 0.1234567890123456789, '2026-01-01')");

        extract(SmallOdoo.table("account_move"));

        assertThat(lake.query(MOVES, "SELECT id, amount_total, write_date, _rescued_data FROM %s ORDER BY id"))
                .containsExactly(
                        "1|null|null|{\"amount_total\":\"NaN\",\"write_date\":\"-infinity\"}",
                        "2|null|null|{\"amount_total\":\"123456789012345678901.5\",\"write_date\":\"infinity\"}",
                        "3|null|2026-01-01 00:00:00+00|{\"amount_total\":\"0.1234567890123456789\"}");
    }

    @Test
    void excludedColumnsNeverLeaveOdoo() throws SQLException {
        odoo("INSERT INTO account_move VALUES (1, 'secret', 1, '2026-01-01')");

        extract(SmallOdoo.table("account_move", "name"));

        assertThat(lake.snapshot(MOVES).schema().names())
                .containsExactly(
                        "id",
                        "amount_total",
                        "write_date",
                        "_op",
                        "_seq",
                        "_source",
                        "_extracted_at",
                        "_rescued_data",
                        "_reason",
                        "_xid");
    }

    @Test
    void aColumnThatIsGoneHoldsNull() throws SQLException {
        odoo("INSERT INTO account_move VALUES (1, 'A', 1, '2026-01-01')");
        extract(SmallOdoo.table("account_move"));

        odoo("ALTER TABLE account_move DROP COLUMN name");
        odoo("INSERT INTO account_move VALUES (2, 2, '2026-01-01')");
        extract(SmallOdoo.table("account_move"));

        assertThat(lake.query(MOVES, "SELECT id, name FROM %s ORDER BY id")).containsExactly("1|A", "2|null");
    }

    @Test
    void anEmptyTableIsKnownToHaveBeenRead() {
        List<Extracted> first = extract(SmallOdoo.table("account_move"));
        List<Extracted> second = extract(SmallOdoo.table("account_move"));

        assertThat(first).extracting(Extracted::version).containsExactly(OptionalLong.of(1));
        assertThat(second).extracting(Extracted::version).containsExactly(OptionalLong.empty());
        assertThat(lake.snapshot(MOVES).numRecords()).isZero();
    }

    @Test
    void aTransactionIsSeenInAllTablesOrInNone() throws SQLException {
        odoo("CREATE TABLE account_move_line (id int PRIMARY KEY, move_id int)");
        try (Connection writer = server.connect(database);
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("INSERT INTO account_move VALUES (1, 'A', 1, '2026-01-01')");
            statement.execute("INSERT INTO account_move_line VALUES (1, 1)");
            assertThat(extract(SmallOdoo.table("account_move"), SmallOdoo.table("account_move_line")))
                    .extracting(Extracted::rows)
                    .containsExactly(0L, 0L);
            writer.commit();
        }

        assertThat(extract(SmallOdoo.table("account_move"), SmallOdoo.table("account_move_line")))
                .extracting(Extracted::rows)
                .containsExactly(1L, 1L);
    }

    @Test
    void theServerSaysWhichOdooItIs() {
        assertThat(new DatabaseExtract(
                                lake.lake(),
                                SmallOdoo.source(SmallOdoo.table("account_move")),
                                server.url("postgres", database))
                        .connect())
                .isEqualTo(database + " (19.0), 2 companies (PHP, USD), 2 currencies");
    }
}
