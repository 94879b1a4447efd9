package dev.tarn.connect.extract;

import dev.tarn.connect.postgres.PostgresSql;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.Relation;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Rows by the bucket of their key: how many there are, what tells their keys apart, and the sums of columns. */
final class Buckets {

    private final Map<String, Bucket> byName = new HashMap<>();
    private final int columns;

    /**
     * @param keys number of rows, and what tells their keys apart
     * @param sums of the columns, as the lake holds their values
     * @param more about the columns, of the source only: exact sums, then values that bronze does not hold
     */
    private record Bucket(String keys, List<BigDecimal> sums, List<BigDecimal> more) {}

    private Buckets(int columns) {
        this.columns = columns;
    }

    /** Of the rows, in the source, for which the condition holds. */
    static Buckets inSource(
            SourceDatabase database, Relation relation, String condition, Keys keys, List<SummedColumn> columns) {
        List<String> select = new ArrayList<>();
        columns.forEach(column -> select.add(column.sumInPostgres()));
        columns.forEach(column -> select.add(column.isRounded() ? column.exactSumInPostgres() : "'0'"));
        columns.forEach(column -> select.add(column.countOfOthersInPostgres()));
        Buckets buckets = new Buckets(columns.size());
        database.query(
                select(keys.bucketInPostgres(), keys.digestInPostgres(), select) + " FROM " + PostgresSql.of(relation)
                        + " WHERE " + condition + " GROUP BY 1",
                "the rows of " + relation + " were counted",
                row -> buckets.add(row, select.size()));
        return buckets;
    }

    /** Of the rows of a FROM-expression, in DuckDB. */
    static Buckets inLake(Session session, String from, Keys keys, List<SummedColumn> columns) {
        List<String> select = columns.stream().map(SummedColumn::sumInDuckDb).toList();
        Buckets buckets = new Buckets(columns.size());
        session.query(
                select(keys.bucketInDuckDb(), keys.digestInDuckDb(), select) + " FROM " + from + " GROUP BY 1",
                row -> buckets.add(row, select.size()));
        return buckets;
    }

    private static String select(String bucket, String sum, List<String> more) {
        return "SELECT " + bucket + ", count(*) || ' ' || " + sum + (more.isEmpty() ? "" : ", ")
                + String.join(", ", more);
    }

    private boolean add(ResultSet row, int values) throws SQLException {
        List<BigDecimal> numbers = new ArrayList<>();
        for (int value = 0; value < values; value++) {
            numbers.add(new BigDecimal(row.getString(3 + value)));
        }
        byName.put(
                row.getString(1),
                new Bucket(row.getString(2), numbers.subList(0, columns), numbers.subList(columns, values)));
        return true;
    }

    /** Names of the buckets that are not the same in both. */
    TreeSet<String> differing(Buckets other) {
        TreeSet<String> differing = new TreeSet<>(other.byName.keySet());
        differing.removeAll(byName.keySet());
        byName.forEach((name, mine) -> {
            Bucket theirs = other.byName.get(name);
            if (theirs == null || !same(mine, theirs)) {
                differing.add(name);
            }
        });
        return differing;
    }

    private static boolean same(Bucket mine, Bucket theirs) {
        if (!mine.keys().equals(theirs.keys())) {
            return false;
        }
        for (int column = 0; column < mine.sums().size(); column++) {
            if (mine.sums().get(column).compareTo(theirs.sums().get(column)) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Number of rows. */
    long rows() {
        return byName.values().stream()
                .map(Bucket::keys)
                .mapToLong(keys -> Long.parseLong(keys.substring(0, keys.indexOf(' '))))
                .sum();
    }

    /** Sum of the column. */
    BigDecimal sum(int column) {
        return byName.values().stream()
                .map(bucket -> bucket.sums().get(column))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** Sum of the column with all digits that bronze has, in the source. */
    BigDecimal exactSum(int column) {
        return more(column);
    }

    /** How many values of the column, in the source, bronze does not hold. */
    long others(int column) {
        return more(columns + column).longValueExact();
    }

    private BigDecimal more(int number) {
        return byName.values().stream()
                .map(bucket -> bucket.more().get(number))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
