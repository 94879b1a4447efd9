package dev.tarn.connect.extract;

import dev.tarn.connect.bronze.BronzeColumns;
import dev.tarn.connect.postgres.CopyFeed;
import dev.tarn.connect.postgres.CopyRequest;
import dev.tarn.connect.postgres.SourceColumn;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Sql;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Compares the rows of a table in the source with those of the lake. Older rows are compared by buckets of their keys, of
 * which only those that differ are fetched; rows written at or above the horizon are all fetched, and those of them that
 * bronze does not have are still to come.
 */
final class RowComparison {

    private static final String RECENT = "recent_rows";
    private static final String OLDER = "older_rows";
    /** Buckets to name in a query; beyond that, all rows are fetched. */
    private static final int MOST_NAMED = 1000;

    private final Lake lake;
    private final Session session;
    private final TableInSnapshot snapshot;
    private final Known known;
    private final Keys keys;
    private final KeyQueries queries;
    private final List<SummedColumn> columns;
    private final Spool here;

    /** @param here keys and columns of the lake's rows */
    RowComparison(
            Lake lake, Session session, TableInSnapshot snapshot, Known known, List<SummedColumn> columns, Spool here) {
        this.lake = lake;
        this.session = session;
        this.snapshot = snapshot;
        this.known = known;
        this.keys = known.keys();
        this.queries = new KeyQueries(session, keys);
        this.columns = List.copyOf(columns);
        this.here = here;
    }

    /** @param condition of rows written at or above the horizon, in the source */
    TableVerdict.Compared run(String condition, LakeRows table) throws SQLException, IOException {
        String older = "NOT (" + condition + ")";
        try (Spool recent = fetch(RECENT, condition);
                Spool toCome = Spool.of(session, "SELECT " + keys + " FROM (" + known.unread(recent) + ")");
                Spool read = Spool.of(session, shown(queries.without(recent.from(), toCome)))) {
            Buckets there =
                    Buckets.inSource(snapshot.database(), snapshot.found().relation(), older, keys, columns);
            Buckets mine = Buckets.inLake(session, KeyQueries.in(queries.without(here.from(), recent)), keys, columns);
            TreeSet<String> differing = there.differing(mine);
            try (Spool rows = differing.isEmpty()
                            ? Spool.of(session, "SELECT * FROM " + read.from())
                            : fetch(differing, older, read);
                    Spool missing =
                            Spool.of(session, queries.keysOf(KeyQueries.in(queries.without(rows.from(), here))));
                    Spool inBronze = Spool.of(session, queries.within(missing.from(), KeyQueries.in(known.present())));
                    Spool leftOut = table.leftOut(lake, session, inBronze)) {
                Found found = new Found(
                        queries.rows(queries.keysOf(toCome.from())),
                        queries.rows(queries.without(missing.from(), leftOut)),
                        missing.rows() - inBronze.rows(),
                        queries.rows(queries.keysOf(leftOut.from())),
                        queries.rows(gone(rows, toCome, differing)),
                        queries.rows(queries.differing(
                                KeyQueries.in(queries.without(here.from(), toCome)), rows.from(), columns)));
                List<TableVerdict.Sum> sums = sums(
                        there, mine, recent, toCome, read, KeyQueries.in(queries.within(rows.from(), leftOut.from())));
                return verdict(table, found, sums, there.rows() + recent.rows(), remarks(there, table));
            }
        }
    }

    /** Keys and columns, of bronze's types, and the transaction. */
    private Spool fetch(String name, String condition) throws SQLException, IOException {
        Set<SourceColumn> wanted = new LinkedHashSet<>(keys.columns());
        columns.forEach(column -> wanted.add(column.source()));
        CopyRequest request = new CopyRequest(
                snapshot.found().relation(),
                List.copyOf(wanted),
                BronzeColumns.RESCUED_DATA.name(),
                BronzeColumns.XID.name(),
                snapshot.state().next());
        CopyFeed feed = snapshot.database().copy(request, condition);
        session.feed(name, feed);
        Spool rows = Spool.of(
                session,
                "SELECT * EXCLUDE (" + Sql.identifier(BronzeColumns.RESCUED_DATA.name()) + ") FROM \"" + name + "\"()");
        try {
            snapshot.requireAll(feed, rows.rows());
            return rows;
        } catch (RuntimeException broken) {
            rows.close();
            throw broken;
        }
    }

    /** The older rows of the buckets, and the recent ones that were read. */
    private Spool fetch(TreeSet<String> differing, String older, Spool read) throws SQLException, IOException {
        try (Spool fetched = fetch(OLDER, older + " AND " + among(keys.bucketInPostgres(), differing))) {
            return Spool.of(
                    session, shown("SELECT * FROM " + fetched.from()) + " UNION ALL SELECT * FROM " + read.from());
        }
    }

    private static String among(String bucket, TreeSet<String> buckets) {
        return buckets.size() > MOST_NAMED
                ? "true"
                : bucket + " IN (" + buckets.stream().map(Sql::literal).collect(Collectors.joining(", ")) + ")";
    }

    private String shown(String query) {
        List<String> select = new ArrayList<>(List.of(keys.toString()));
        columns.forEach(column -> select.add(column.shown()));
        return "SELECT " + String.join(", ", select) + " FROM (" + query + ")";
    }

    private record Found(
            TableVerdict.Rows toCome,
            TableVerdict.Rows missing,
            long missingInBronze,
            TableVerdict.Rows leftOut,
            TableVerdict.Rows gone,
            TableVerdict.Rows other) {}

    private String gone(Spool there, Spool toCome, TreeSet<String> differing) {
        if (differing.isEmpty()) {
            return queries.keysOf(here.from()) + " WHERE false";
        }
        String candidates = KeyQueries.in("SELECT * FROM " + KeyQueries.in(queries.without(here.from(), toCome))
                + " WHERE " + among(keys.bucketInDuckDb(), differing));
        return queries.keysOf(KeyQueries.in(queries.without(candidates, there)));
    }

    private List<TableVerdict.Sum> sums(
            Buckets there, Buckets mine, Spool recent, Spool toCome, Spool read, String leftOut) {
        Buckets alsoThere = Buckets.inLake(session, read.from(), keys, columns);
        Buckets alsoMine =
                Buckets.inLake(session, KeyQueries.in(queries.within(here.from(), read.from())), keys, columns);
        Buckets notWanted = Buckets.inLake(session, leftOut, keys, columns);
        List<TableVerdict.Sum> sums = new ArrayList<>();
        for (int number = 0; number < columns.size(); number++) {
            SummedColumn column = columns.get(number);
            BigDecimal source = there.sum(number).add(alsoThere.sum(number)).subtract(notWanted.sum(number));
            BigDecimal sum = mine.sum(number).add(alsoMine.sum(number));
            sums.add(new TableVerdict.Sum(
                    column.name(),
                    source,
                    sum,
                    column.isRounded() && notWanted.rows() == 0
                            ? Optional.of(there.exactSum(number).add(exact(column, recent, toCome)))
                                    .filter(exact -> exact.compareTo(source) != 0)
                            : Optional.empty()));
        }
        return sums;
    }

    private BigDecimal exact(SummedColumn column, Spool recent, Spool toCome) {
        return session.query(
                        "SELECT " + column.exactSumInDuckDb() + " FROM "
                                + KeyQueries.in(queries.without(recent.from(), toCome)),
                        row -> new BigDecimal(row.getString(1)))
                .get(0);
    }

    private List<String> remarks(Buckets there, LakeRows table) {
        List<String> remarks = new ArrayList<>();
        for (int number = 0; number < columns.size(); number++) {
            long others = there.others(number);
            if (others > 0) {
                remarks.add(others + (others == 1 ? " value of " : " values of ")
                        + columns.get(number).name() + (others == 1 ? " does" : " do")
                        + " not fit the column's type in the lake and " + (others == 1 ? "is" : "are")
                        + " in _rescued_data of " + table.bronze() + "; its sum leaves "
                        + (others == 1 ? "it" : "them") + " out.");
            }
        }
        return remarks;
    }

    private TableVerdict.Compared verdict(
            LakeRows table, Found found, List<TableVerdict.Sum> sums, long sourceRows, List<String> remarks) {
        return new TableVerdict.Compared(
                snapshot.found().relation(),
                table.name(),
                keys.columns().stream().map(SourceColumn::name).toList(),
                sourceRows,
                here.rows(),
                found.toCome(),
                found.missing(),
                found.missingInBronze(),
                found.leftOut(),
                found.gone(),
                found.other(),
                queries.rows(queries.repeated(here.from())),
                sums,
                remarks);
    }
}
