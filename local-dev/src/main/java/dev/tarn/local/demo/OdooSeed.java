package dev.tarn.local.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Books of two made-up companies, one in PHP, one in USD, in tables and columns that Odoo 16 to 19 have in common. The same
 * number of journal entries always gives the same rows, down to the last digit.
 *
 * @param moves journal entries (rows of {@code account_move}), 0 to {@link #MOST_MOVES}; about 3.4 ledger lines come with each
 */
public record OdooSeed(long moves) {

    /** As many as the ledger lines' ids, 32-bit in Odoo, leave room for. */
    public static final long MOST_MOVES = 100_000_000;

    public OdooSeed {
        if (moves < 0 || moves > MOST_MOVES) {
            throw new IllegalArgumentException("0 to " + MOST_MOVES + " journal entries can be made, not " + moves);
        }
    }

    /** Creates the tables in an empty database and fills them, all in one transaction. PostgreSQL does the work. */
    public void into(Connection odoo) throws SQLException {
        odoo.setAutoCommit(false);
        try (Statement statement = odoo.createStatement()) {
            statement.execute("SELECT set_config('tarn.moves', '" + moves + "', true)");
            statement.execute(DemoSql.read("odoo-tables.sql"));
            statement.execute(DemoSql.read("odoo-masters.sql"));
            statement.execute(DemoSql.read("odoo-entries.sql"));
            odoo.commit();
            odoo.setAutoCommit(true);
            statement.execute("VACUUM ANALYZE");
        }
    }
}
