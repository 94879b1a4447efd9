package dev.tarn.local.run;

import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Layer;
import dev.tarn.model.TableName;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What {@code gold.control_revenue} says: whether invoices and the ledger tell of the same revenue. */
final class ControlRevenue {

    static final TableName TABLE = new TableName(Layer.GOLD, "control_revenue");

    private static final List<String> COLUMNS = List.of("company_id", "month", "invoices", "ledger_invoices");

    /** Months of one company in which the two differ, and by what in all, in its currency. */
    private record Difference(long company, long months, BigDecimal amount) {
        @Override
        public String toString() {
            return "company " + company + " in " + months + (months == 1 ? " month" : " months") + " by "
                    + amount.toPlainString() + " in all";
        }
    }

    private ControlRevenue() {}

    /** A sentence; empty when the project has no such table. */
    static Optional<String> sentence(Lake lake) {
        Optional<TableSnapshot> table = lake.table(TABLE).snapshot();
        if (table.isEmpty() || !table.get().schema().names().containsAll(COLUMNS)) {
            return Optional.empty();
        }
        List<Difference> differences;
        try (Session session = lake.duckDb().session()) {
            // Amounts of two companies may be of two currencies: they are never added.
            differences = session.query(
                    "SELECT company_id, count(*), sum(ledger_invoices - invoices) FROM "
                            + table.get().scan(session)
                            + " WHERE ledger_invoices IS DISTINCT FROM invoices GROUP BY 1 ORDER BY 1",
                    row -> new Difference(row.getLong(1), row.getLong(2), row.getBigDecimal(3)));
        }
        if (differences.isEmpty()) {
            return Optional.of("Ledger and invoices agree (" + TABLE + ").");
        }
        return Optional.of("Ledger and invoices DIFFER: "
                + differences.stream().map(Difference::toString).collect(Collectors.joining("; ")) + " (" + TABLE
                + ").");
    }
}
