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
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
    private final Versions versions;
    private final KeyRange range;
    private final List<String> remarks = new ArrayList<>();
    private final List<Problem> held = new ArrayList<>();

    /**
     * @param versions what was read in the snapshot just before; what is found is added to it
     * @param range the keys to compare
     */
    KeyComparison(
            Session session,
            TableSource.Table table,
            TableInSnapshot snapshot,
            Known known,
            Versions versions,
            KeyRange range) {
        this.session = session;
        this.table = table;
        this.snapshot = snapshot;
        this.known = known;
        this.versions = versions;
        this.range = range;
    }

    /** For the user, sentences. */
    List<String> remarks() {
        return List.copyOf(remarks);
    }

    /** Why deletes were not landed; empty when all were. */
    List<Problem> held() {
        return List.copyOf(held);
    }

    /** The keys of a bucket, or of all: how many, and what else tells two sets of them apart. */
    private record Count(long keys, String sum) {}

    void run(DeleteLimit limit) throws SQLException, IOException {
        Map<String, Count> there = inSource();
        Map<String, Count> here = inBronze();
        long rows = here.values().stream().mapToLong(Count::keys).sum();
        Map<String, Count> differing = new TreeMap<>(here);
        differing.keySet().removeIf(bucket -> here.get(bucket).equals(there.get(bucket)));
        there.keySet().stream()
                .filter(bucket -> !here.containsKey(bucket))
                .forEach(bucket -> differing.put(bucket, new Count(0, "")));
        if (differing.isEmpty()) {
            return;
        }
        long fewer = differing.entrySet().stream()
                .mapToLong(bucket -> bucket.getValue().keys() - keys(there.get(bucket.getKey())))
                .sum();
        if (!limit.allows(fewer, rows)) {
            held.add(held(fewer, rows));
            return;
        }
        differences(differing.keySet(), rows, limit);
    }

    private static long keys(@Nullable Count count) {
        return count == null ? 0 : count.keys();
    }

    private Map<String, Count> inSource() {
        Keys keys = known.keys();
        Map<String, Count> counts = new HashMap<>();
        snapshot.database()
                .query(
                        "SELECT " + keys.bucketInPostgres() + ", count(*), " + keys.sumInPostgres() + " FROM "
                                + PostgresSql.of(table.relation()) + " WHERE " + range.condition(keys) + " GROUP BY 1",
                        "the keys of " + table.relation() + " were counted",
                        row -> Map.entry(row.getString(1), new Count(row.getLong(2), row.getString(3))))
                .forEach(bucket -> counts.put(bucket.getKey(), bucket.getValue()));
        return counts;
    }

    private Map<String, Count> inBronze() {
        Keys keys = known.keys();
        Map<String, Count> counts = new HashMap<>();
        for (Slice slice : known.slices()) {
            session.query(
                            "SELECT " + keys.bucketInDuckDb() + ", count(*), " + keys.sumInDuckDb() + " FROM ("
                                    + present(slice.of(keys)) + ") GROUP BY 1",
                            row -> Map.entry(row.getString(1), new Count(row.getLong(2), row.getString(3))))
                    .forEach(bucket -> counts.put(bucket.getKey(), bucket.getValue()));
        }
        return counts;
    }

    /** Keys of bronze, among those that are compared, with what was just read. */
    private String present(String some) {
        String condition = range.condition(known.keys()) + " AND " + some;
        String before = known.present(condition);
        return versions.rows() == 0
                ? before
                : before + " UNION SELECT " + known.keys() + " FROM (" + versions.select() + ") WHERE " + condition;
    }

    private Spool sourceKeys(Set<String> buckets) throws SQLException, IOException {
        CopyRequest request = new CopyRequest(
                table.relation(),
                known.keys().columns(),
                BronzeColumns.RESCUED_DATA.name(),
                BronzeColumns.XID.name(),
                snapshot.state().next());
        CopyFeed feed = snapshot.database()
                .copy(
                        request,
                        range.condition(known.keys()) + " AND "
                                + among(known.keys().bucketInPostgres(), buckets));
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

    private static String among(String bucket, Set<String> buckets) {
        return buckets.size() > MOST_NAMED
                ? "true"
                : bucket + " IN (" + buckets.stream().map(Sql::literal).collect(Collectors.joining(", ")) + ")";
    }

    private void differences(Set<String> buckets, long rows, DeleteLimit limit) throws SQLException, IOException {
        String same = known.keys().same("here", "there");
        try (Spool source = sourceKeys(buckets);
                Spool present = Spool.of(session, present(among(known.keys().bucketInDuckDb(), buckets)));
                Spool gone = Spool.of(
                        session,
                        "SELECT here.* FROM " + present.from() + " AS here ANTI JOIN " + source.from() + " AS there ON "
                                + same);
                Spool unseen = Spool.of(
                        session,
                        "SELECT here.* FROM " + source.from() + " AS here ANTI JOIN " + present.from() + " AS there ON "
                                + same)) {
            if (!limit.allows(gone.rows(), rows)) {
                held.add(held(gone.rows(), rows));
            } else if (gone.rows() > 0) {
                versions.add(session, tombstones(gone));
            }
            if (unseen.rows() > 0) {
                readUnseen(unseen);
            }
        }
    }

    /** The last known values of rows that are gone. */
    private String tombstones(Spool gone) {
        String reason = "not in " + table.relation() + " as of transaction "
                + snapshot.state().next();
        return "SELECT " + known.columns() + ", 'delete' AS " + Sql.identifier(BronzeColumns.OP.name()) + ", "
                + Sql.identifier(BronzeColumns.RESCUED_DATA.name()) + ", " + Sql.literal(reason) + " AS "
                + Sql.identifier(BronzeColumns.REASON.name()) + ", NULL::BIGINT AS "
                + Sql.identifier(BronzeColumns.XID.name())
                + " FROM (" + known.newest(gone) + ")";
    }

    private void readUnseen(Spool unseen) throws SQLException, IOException {
        CopyFeed feed = snapshot.rows("true");
        session.feed(LOST, feed);
        versions.add(
                session,
                "SELECT arriving.* FROM (" + snapshot.plan().upserts("\"" + LOST + "\"()")
                        + ") AS arriving SEMI JOIN " + unseen.from() + " AS wanted ON "
                        + known.keys().same("arriving", "wanted"));
        snapshot.requireAll(feed, feed.rows());
        boolean one = unseen.rows() == 1;
        remarks.add(unseen.rows() + (one ? " row of " : " rows of ") + table.relation() + " that no look had seen "
                + (one ? "was" : "were")
                + " found by comparing keys and read now; somebody moved rows in the database without writing them.");
    }

    private Problem held(long deletes, long rows) {
        String command = "tarn odoo reconcile --table " + table.relation();
        return new Problem(
                ErrorCode.DELETES_HELD,
                table.position(),
                deletes + " of " + rows + " rows of " + table.relation() + (range.isAll() ? "" : " that were compared")
                        + " are gone from the source, which is more than stop_above lets pass; " + table.target()
                        + " keeps them.",
                "If it is meant: " + command
                        + (range.isAll()
                                ? " --accept-deletes " + deletes
                                : ", which compares the whole table and says how many are to be accepted")
                        + "; if not, look at what happened to " + table.relation() + ".");
    }
}
