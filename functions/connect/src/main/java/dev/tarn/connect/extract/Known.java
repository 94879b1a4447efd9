package dev.tarn.connect.extract;

import dev.tarn.connect.bronze.BronzeColumns;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import dev.tarn.model.Column;
import dev.tarn.model.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a bronze table has of its source already: queries, for one session. */
final class Known {

    private static final String OP = Sql.identifier(BronzeColumns.OP.name());
    private static final String SEQ = Sql.identifier(BronzeColumns.SEQ.name());
    private static final String XID = Sql.identifier(BronzeColumns.XID.name());

    private final Session session;
    private final TableSnapshot bronze;
    private final ColumnPlan plan;

    Known(Session session, TableSnapshot bronze, ColumnPlan plan) {
        this.session = session;
        this.bronze = bronze;
        this.plan = plan;
    }

    /** Those of the versions that bronze does not have. A key and the transaction that wrote it name a version. */
    String unread(Spool versions) {
        String all = "SELECT * FROM " + versions.from();
        if (versions.rows() == 0
                || bronze.schema().column(BronzeColumns.XID.name()).isEmpty()) {
            return all;
        }
        long first = session.query("SELECT min(" + XID + ") FROM " + versions.from(), row -> row.getLong(1))
                .get(0);
        return "SELECT arriving.* FROM " + versions.from() + " AS arriving ANTI JOIN (SELECT " + keys() + ", " + XID
                + " FROM " + bronze.scan(session) + " WHERE " + XID + " >= " + first + ") AS had ON "
                + keys().same("arriving", "had") + " AND arriving." + XID + " = had." + XID;
    }

    /** Those of the versions whose values are not the newest ones in bronze. */
    String differing(Spool versions) {
        List<String> same = new ArrayList<>();
        for (Column column : plan.landed()) {
            String name = Sql.identifier(column.name());
            same.add(
                    bronze.schema().column(column.name()).isPresent()
                            ? "arriving." + name + " IS NOT DISTINCT FROM had." + name
                            : "arriving." + name + " IS NULL");
        }
        String rescued = Sql.identifier(BronzeColumns.RESCUED_DATA.name());
        same.add("arriving." + rescued + " IS NOT DISTINCT FROM had." + rescued);
        return "SELECT arriving.* FROM " + versions.from() + " AS arriving ANTI JOIN (" + newest() + ") AS had ON "
                + keys().same("arriving", "had") + " AND " + String.join(" AND ", same);
    }

    /** The newest version of every row that is there, as far as bronze knows. */
    String newest() {
        return "SELECT * FROM " + bronze.scan(session) + " QUALIFY row_number() OVER (PARTITION BY " + keys()
                + " ORDER BY " + SEQ + " DESC) = 1 AND " + OP + " <> 'delete'";
    }

    /** The keys of all rows that are there, as far as bronze knows. */
    String present() {
        return "SELECT " + keys() + " FROM " + bronze.scan(session) + " GROUP BY ALL HAVING arg_max(" + OP + ", " + SEQ
                + ") <> 'delete'";
    }

    Keys keys() {
        return plan.key();
    }

    /** Columns of the source that bronze has. */
    String columns() {
        return BronzeColumns.ofSource(bronze.schema()).stream()
                .map(column -> Sql.identifier(column.name()))
                .collect(Collectors.joining(", "));
    }
}
