package dev.tarn.connect.extract;

import dev.tarn.connect.bronze.BronzeColumns;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import dev.tarn.model.Column;
import dev.tarn.model.Sql;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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

    /**
     * Those of the versions in the slice whose values are not the newest ones in bronze. Values are compared by a hash of 64
     * bits, so that a table's keys and not its rows have to fit into memory.
     */
    String differing(Spool versions, Slice slice) {
        List<String> compared = new ArrayList<>();
        List<String> isNew = new ArrayList<>();
        for (Column column : plan.landed().columns()) {
            String name = Sql.identifier(column.name());
            if (bronze.schema().column(column.name()).isPresent()) {
                compared.add(name);
            } else {
                isNew.add(" AND arriving." + name + " IS NULL");
            }
        }
        compared.add(Sql.identifier(BronzeColumns.RESCUED_DATA.name()));
        String values = "hash(" + String.join(", ", compared) + ")";
        return "SELECT arriving.* FROM (SELECT * FROM " + versions.from() + " WHERE " + slice.of(keys())
                + ") AS arriving ANTI JOIN (SELECT " + keys() + ", arg_max(" + values + ", " + SEQ
                + ") AS had_values FROM "
                + bronze.scan(session) + " WHERE " + slice.of(keys()) + " GROUP BY " + keys() + " HAVING arg_max(" + OP
                + ", " + SEQ + ") <> 'delete') AS had ON " + keys().same("arriving", "had")
                + " AND hash("
                + compared.stream().map(name -> "arriving." + name).collect(Collectors.joining(", "))
                + ") = had.had_values" + String.join("", isNew);
    }

    /** The newest versions of rows with these keys. */
    String newest(Spool wanted) {
        return "SELECT * FROM (SELECT here.* FROM " + bronze.scan(session) + " AS here SEMI JOIN " + wanted.from()
                + " AS wanted ON " + keys().same("here", "wanted") + ") QUALIFY row_number() OVER (PARTITION BY "
                + keys()
                + " ORDER BY " + SEQ + " DESC) = 1";
    }

    /** The keys, for which the condition holds, of all rows that are there, as far as bronze knows. */
    String present(String condition) {
        return "SELECT " + keys() + " FROM " + bronze.scan(session) + " WHERE " + condition
                + " GROUP BY ALL HAVING arg_max(" + OP + ", " + SEQ + ") <> 'delete'";
    }

    /** About the next {@code most} keys, and all that are left where those are few. */
    KeyRange next(@Nullable Long from, long most) {
        if (!keys().isNumber()) {
            return KeyRange.ALL;
        }
        String left = bronze.scan(session) + " WHERE " + new KeyRange(from, null).condition(keys());
        long rows = session.query("SELECT count(*) FROM " + left, row -> row.getLong(1))
                .get(0);
        if (rows <= most) {
            return new KeyRange(from, null);
        }
        String share = BigDecimal.valueOf(most)
                .divide(BigDecimal.valueOf(rows), MathContext.DECIMAL32)
                .toPlainString();
        String query =
                "SELECT approx_quantile(" + keys() + "::BIGINT, " + share + "), min(" + keys() + ") FROM " + left;
        return session.query(
                        query,
                        row -> row.getLong(1) > row.getLong(2)
                                ? new KeyRange(from, row.getLong(1))
                                : new KeyRange(from, null))
                .get(0);
    }

    /** The keys of all rows that are there, as far as bronze knows. */
    String present() {
        return present("true");
    }

    /** The newest version of every row that is there, as far as bronze knows. */
    String newest() {
        return "SELECT * FROM " + bronze.scan(session) + " QUALIFY row_number() OVER (PARTITION BY " + keys()
                + " ORDER BY " + SEQ + " DESC) = 1 AND " + OP + " <> 'delete'";
    }

    /** Slices whose keys fit into memory. */
    List<Slice> slices() {
        return Slice.of(bronze.numRecords());
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
