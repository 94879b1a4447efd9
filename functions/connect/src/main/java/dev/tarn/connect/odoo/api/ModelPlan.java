package dev.tarn.connect.odoo.api;

import dev.tarn.connect.bronze.BronzeColumns;
import dev.tarn.connect.bronze.LandedColumns;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import dev.tarn.model.Column;
import dev.tarn.model.Sql;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is read of a model and how it gets into its bronze table.
 *
 * @param dated whether its records have dates
 * @param read columns of the feed
 * @param landed in bronze
 * @param whole whether records have to be read that were not written anew
 * @param remarks for the user, sentences
 */
record ModelPlan(
        String model, boolean dated, List<ApiColumn> read, LandedColumns landed, boolean whole, List<String> remarks) {

    private static final String KEY = Sql.identifier(Domains.ID);
    private static final String SEQ = Sql.identifier(BronzeColumns.SEQ.name());
    private static final String OP = Sql.identifier(BronzeColumns.OP.name());
    private static final String RESCUED = Sql.identifier(BronzeColumns.RESCUED_DATA.name());
    private static final String REASON = Sql.identifier(BronzeColumns.REASON.name());
    private static final String XID = Sql.identifier(BronzeColumns.XID.name());

    ModelPlan {
        read = List.copyOf(read);
        remarks = List.copyOf(remarks);
    }

    /** The fields to ask for. */
    List<String> fields() {
        Set<String> fields = new LinkedHashSet<>(List.of(Domains.ID));
        if (dated) {
            fields.add(Domains.WRITE_DATE);
        }
        read.stream()
                .filter(column -> column.form() != ApiColumn.Form.FILE)
                .forEach(column -> fields.add(column.field()));
        if (files()) {
            fields.addAll(Attachments.NEEDED);
        }
        return List.copyOf(fields);
    }

    /** Whether files of records are kept. */
    boolean files() {
        return read.stream().anyMatch(column -> column.form() == ApiColumn.Form.FILE);
    }

    /** Names of the columns that are read. */
    Set<String> names() {
        return read.stream().map(column -> column.column().name()).collect(Collectors.toSet());
    }

    /** Records of the feed as versions, the last of each id. */
    String upserts(String from) {
        return "SELECT " + landed.upserts("NULL::BIGINT") + " FROM " + from
                + " QUALIFY row_number() OVER (PARTITION BY " + KEY + " ORDER BY " + Sql.identifier(ApiFeed.PLACE)
                + " DESC) = 1";
    }

    /** Those of the versions whose values are not the newest ones in bronze. */
    String differing(Spool versions, Session session, TableSnapshot bronze) {
        List<String> same = new ArrayList<>();
        for (Column column : landed.columns()) {
            String name = Sql.identifier(column.name());
            same.add(
                    bronze.schema().column(column.name()).isPresent()
                            ? "arriving." + name + " IS NOT DISTINCT FROM had." + name
                            : "arriving." + name + " IS NULL");
        }
        same.add("arriving." + RESCUED + " IS NOT DISTINCT FROM had." + RESCUED);
        return "SELECT arriving.* FROM " + versions.from() + " AS arriving ANTI JOIN (SELECT * FROM "
                + bronze.scan(session) + " WHERE " + KEY + " IN (SELECT " + KEY + " FROM " + versions.from()
                + ") QUALIFY row_number() OVER (PARTITION BY " + KEY + " ORDER BY " + SEQ + " DESC) = 1 AND " + OP
                + " <> 'delete') AS had ON arriving." + KEY + " = had." + KEY + " AND " + String.join(" AND ", same);
    }

    /** Ids and dates of those records that are there, as far as bronze knows; {@code which} is a condition on ids. */
    static String present(Session session, TableSnapshot bronze, String which) {
        boolean hasDate = bronze.schema().column(Domains.WRITE_DATE).isPresent();
        Set<String> columns =
                new LinkedHashSet<>(List.of(Domains.ID, BronzeColumns.OP.name(), BronzeColumns.SEQ.name()));
        if (hasDate) {
            columns.add(Domains.WRITE_DATE);
        }
        return "SELECT " + KEY + ", "
                + (hasDate
                        ? "arg_max(date_trunc('second', " + Domains.WRITE_DATE + "), " + SEQ + ")"
                        : "NULL::TIMESTAMPTZ")
                + " AS " + Domains.WRITE_DATE + " FROM " + bronze.scan(session, () -> columns)
                + " WHERE " + which + " GROUP BY " + KEY + " HAVING arg_max(" + OP + ", " + SEQ + ") <> 'delete'";
    }

    /** The last known values of records that are gone, as versions. */
    static String tombstones(Session session, TableSnapshot bronze, String gone, String reason) {
        String columns = BronzeColumns.ofSource(bronze.schema()).stream()
                .map(column -> Sql.identifier(column.name()))
                .collect(Collectors.joining(", "));
        return "SELECT " + columns + ", 'delete' AS " + OP + ", " + RESCUED + ", " + Sql.literal(reason) + " AS "
                + REASON + ", NULL::BIGINT AS " + XID + " FROM (SELECT * FROM " + bronze.scan(session) + " WHERE " + KEY
                + " IN (" + gone + ") QUALIFY row_number() OVER (PARTITION BY " + KEY + " ORDER BY " + SEQ
                + " DESC) = 1) AS last";
    }
}
