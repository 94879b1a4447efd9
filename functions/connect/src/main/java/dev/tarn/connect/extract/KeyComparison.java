package dev.tarn.connect.extract;

import dev.tarn.connect.bronze.BronzeColumns;
import dev.tarn.connect.postgres.CopyFeed;
import dev.tarn.connect.postgres.CopyRequest;
import dev.tarn.connect.postgres.PostgresSql;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.Sql;
import dev.tarn.model.TableSource;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Compares the keys that a table has with those that bronze has. Both count the keys of each bucket first; only buckets that
 * differ are listed. It is done in the snapshot in which everything new was read just before, so that a key which only one
 * side has is a row that is gone, or one that no look has seen, which must not be.
 */
final class KeyComparison {

    private static final String KEYS = "source_keys";
    private static final String LOST = "lost_rows";
    /** Buckets to name in a query; beyond that, all keys are listed. */
    private static final int MOST_NAMED = 1000;

    private final Session session;
    private final TableSource.Table table;
    private final TableInSnapshot snapshot;
    private final Known known;
    private final Spool arriving;

    KeyComparison(Session session, TableSource.Table table, TableInSnapshot snapshot, Known known, Spool arriving) {
        this.session = session;
        this.table = table;
        this.snapshot = snapshot;
        this.known = known;
        this.arriving = arriving;
    }

    Differences run(DeleteLimit limit) throws SQLException, IOException {
        String keys = known.keys().toString();
        try (Spool present =
                Spool.of(session, known.present() + " UNION SELECT " + keys + " FROM " + arriving.from())) {
            TreeSet<String> differing = differing(present);
            if (differing.isEmpty()) {
                return Differences.none();
            }
            try (Spool source = sourceKeys(differing)) {
                return differences(present, source, differing, limit);
            }
        }
    }

    /** Number and sum of the keys of each bucket, where the two sides do not agree. */
    private TreeSet<String> differing(Spool present) {
        Keys keys = known.keys();
        Map<String, String> here = new HashMap<>();
        session.query(
                        "SELECT " + keys.bucketInDuckDb() + ", count(*) || ' ' || " + keys.sumInDuckDb() + " FROM "
                                + present.from() + " GROUP BY 1",
                        row -> Map.entry(row.getString(1), row.getString(2)))
                .forEach(bucket -> here.put(bucket.getKey(), bucket.getValue()));
        TreeSet<String> differing = new TreeSet<>();
        snapshot.database()
                .query(
                        "SELECT " + keys.bucketInPostgres() + ", count(*) || ' ' || " + keys.sumInPostgres() + " FROM "
                                + PostgresSql.of(table.relation()) + " GROUP BY 1",
                        "the keys of " + table.relation() + " were counted",
                        row -> Map.entry(row.getString(1), row.getString(2)))
                .forEach(bucket -> {
                    if (!bucket.getValue().equals(here.remove(bucket.getKey()))) {
                        differing.add(bucket.getKey());
                    }
                });
        differing.addAll(here.keySet());
        return differing;
    }

    private Spool sourceKeys(TreeSet<String> buckets) throws SQLException, IOException {
        CopyRequest request = new CopyRequest(
                table.relation(),
                known.keys().columns(),
                BronzeColumns.RESCUED_DATA.name(),
                BronzeColumns.XID.name(),
                snapshot.state().next());
        CopyFeed feed = CopyFeed.open(
                request,
                List.of(new CopyFeed.Part(
                        snapshot.database().connection(), among(known.keys().bucketInPostgres(), buckets))));
        session.feed(KEYS, feed);
        Spool keys = Spool.of(session, "SELECT " + known.keys() + " FROM \"" + KEYS + "\"()");
        try {
            snapshot.requireAll(feed, keys.rows());
            return keys;
        } catch (RuntimeException broken) {
            keys.close();
            throw broken;
        }
    }

    private static String among(String bucket, TreeSet<String> buckets) {
        return buckets.size() > MOST_NAMED
                ? "true"
                : bucket + " IN (" + buckets.stream().map(Sql::literal).collect(Collectors.joining(", ")) + ")";
    }

    private Differences differences(Spool present, Spool source, TreeSet<String> buckets, DeleteLimit limit)
            throws SQLException, IOException {
        String same = known.keys().same("here", "there");
        String gone = "SELECT here.* FROM (SELECT * FROM " + present.from() + " WHERE "
                + among(known.keys().bucketInDuckDb(), buckets) + ") AS here ANTI JOIN " + source.from()
                + " AS there ON " + same;
        String lost =
                "SELECT here.* FROM " + source.from() + " AS here ANTI JOIN " + present.from() + " AS there ON " + same;
        List<Spool> versions = new ArrayList<>();
        List<String> remarks = new ArrayList<>();
        List<Problem> held = new ArrayList<>();
        long deletes = count(gone);
        if (!limit.allows(deletes, present.rows())) {
            held.add(held(deletes, present.rows()));
        } else if (deletes > 0) {
            versions.add(Spool.of(session, tombstones(gone)));
        }
        long unseen = count(lost);
        if (unseen > 0) {
            versions.add(unseen(present));
            remarks.add(
                    unseen + (unseen == 1 ? " row of " : " rows of ") + table.relation()
                            + " that no look had seen " + (unseen == 1 ? "was" : "were")
                            + " found by comparing keys and read now; somebody moved rows in the database without writing them.");
        }
        return new Differences(versions, remarks, held);
    }

    private long count(String sql) {
        return session.query("SELECT count(*) FROM (" + sql + ")", row -> row.getLong(1))
                .get(0);
    }

    /** The last known values of rows that are gone. */
    private String tombstones(String gone) {
        String reason = "not in " + table.relation() + " as of transaction "
                + snapshot.state().next();
        return "SELECT " + known.columns() + ", 'delete' AS " + Sql.identifier(BronzeColumns.OP.name()) + ", "
                + Sql.identifier(BronzeColumns.RESCUED_DATA.name()) + ", " + Sql.literal(reason) + " AS "
                + Sql.identifier(BronzeColumns.REASON.name()) + ", NULL::BIGINT AS "
                + Sql.identifier(BronzeColumns.XID.name())
                + " FROM (" + known.newest() + ") AS last SEMI JOIN (" + gone + ") AS gone ON "
                + known.keys().same("last", "gone");
    }

    private Spool unseen(Spool present) throws SQLException, IOException {
        CopyFeed feed = snapshot.rows("true");
        session.feed(LOST, feed);
        Spool versions = Spool.of(
                session,
                "SELECT arriving.* FROM (" + snapshot.plan().upserts("\"" + LOST + "\"()")
                        + ") AS arriving ANTI JOIN " + present.from() + " AS there ON "
                        + known.keys().same("arriving", "there"));
        try {
            snapshot.requireAll(feed, feed.rows());
            return versions;
        } catch (RuntimeException broken) {
            versions.close();
            throw broken;
        }
    }

    private Problem held(long deletes, long rows) {
        return new Problem(
                ErrorCode.DELETES_HELD,
                table.position(),
                deletes + " of " + rows + " rows of " + table.relation()
                        + " are gone from the source, which is more than stop_above lets pass; " + table.target()
                        + " keeps them.",
                "If it is meant: tarn odoo reconcile --table " + table.relation() + " --accept-deletes " + deletes
                        + "; if not, look at what happened to " + table.relation() + ".");
    }
}
