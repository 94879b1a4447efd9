package dev.tarn.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.feed.ColumnWriter;
import dev.tarn.engine.feed.RowFeed;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.DataType.Simple;
import dev.tarn.model.Sql;
import dev.tarn.model.TableSchema;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTest {

    @TempDir
    Path folder;

    private DuckDb duckDb;
    private Session session;

    @BeforeEach
    void open() {
        duckDb = DuckDb.open(new Budget(256L << 20, 512L << 20, 1L << 30, 1L << 30, 1L << 30, 4), folder);
        session = duckDb.session();
    }

    @AfterEach
    void close() {
        session.close();
        duckDb.close();
    }

    @Test
    void aFeedYieldsEveryTypeAndNull() {
        TableSchema schema = new TableSchema(List.of(
                new Column("bool", Simple.BOOLEAN),
                new Column("tiny", Simple.TINYINT),
                new Column("small", Simple.SMALLINT),
                new Column("int", Simple.INT),
                new Column("big", Simple.BIGINT),
                new Column("f", Simple.FLOAT),
                new Column("d", Simple.DOUBLE),
                new Column("dec", new DataType.Decimal(38, 18)),
                new Column("date", Simple.DATE),
                new Column("ts", Simple.TIMESTAMP),
                new Column("ntz", Simple.TIMESTAMP_NTZ),
                new Column("s", Simple.STRING),
                new Column("bin", Simple.BINARY)));

        session.feed("rows", new EveryTypeFeed(schema));

        assertThat(session.describe("SELECT * FROM \"rows\"()")).isEqualTo(schema);
        assertThat(session.query("SELECT rows::VARCHAR FROM \"rows\"() rows", row -> row.getString(1)))
                .containsExactly(
                        "{'bool': true, 'tiny': -1, 'small': -2, 'int': -3, 'big': -4, 'f': 0.5, 'd': nan, "
                                + "'dec': -1.500000000000000000, 'date': 1969-12-31, 'ts': '1969-12-31 23:59:59.999999+00', "
                                + "'ntz': '1970-01-01 00:00:01', 's': ü, 'bin': '\\\\x00\\\\xFF'}",
                        "{'bool': NULL, 'tiny': NULL, 'small': NULL, 'int': NULL, 'big': NULL, 'f': NULL, 'd': NULL, "
                                + "'dec': NULL, 'date': NULL, 'ts': NULL, 'ntz': NULL, 's': NULL, 'bin': NULL}");
    }

    private record EveryTypeFeed(TableSchema schema) implements RowFeed {

        @Override
        public int maxThreads() {
            return 1;
        }

        @Override
        public Reader open() {
            return new Reader() {
                private boolean done;

                @Override
                public int read(ColumnWriter out) {
                    if (done) {
                        return 0;
                    }
                    done = true;
                    write(out);
                    return 2;
                }

                @Override
                public void close() {}
            };
        }

        private void write(ColumnWriter out) {
            out.setBoolean(0, 0, true);
            out.setLong(1, 0, -1);
            out.setLong(2, 0, -2);
            out.setLong(3, 0, -3);
            out.setLong(4, 0, -4);
            out.setDouble(5, 0, 0.5);
            out.setDouble(6, 0, Double.NaN);
            out.setDecimal(7, 0, new BigDecimal("-1.500000000000000000"));
            out.setDate(8, 0, -1);
            out.setTimestamp(9, 0, -1);
            out.setTimestamp(10, 0, 1_000_000);
            out.setStrings(11, new byte[][] {"ü".getBytes(StandardCharsets.UTF_8), null, null}, 2);
            out.setBinary(12, 0, new byte[] {0, -1});
            for (int column = 0; column < 13; column++) {
                if (column != 11) {
                    out.setNull(column, 1);
                }
            }
        }
    }

    /** Counts from 0 to a million in 4 threads, and how many of its readers are open. */
    private static final class CountingFeed implements RowFeed {

        private static final int ROWS = 1_000_000;

        final AtomicInteger next = new AtomicInteger();
        final AtomicInteger open = new AtomicInteger();

        @Override
        public TableSchema schema() {
            return new TableSchema(List.of(new Column("i", Simple.INT)));
        }

        @Override
        public int maxThreads() {
            return 4;
        }

        @Override
        public Reader open() {
            open.incrementAndGet();
            return new Reader() {
                @Override
                public int read(ColumnWriter out) {
                    int from = next.getAndAdd(out.capacity());
                    int rows = Math.max(0, Math.min(out.capacity(), ROWS - from));
                    for (int row = 0; row < rows; row++) {
                        out.setLong(0, row, from + row);
                    }
                    return rows;
                }

                @Override
                public void close() {
                    open.decrementAndGet();
                }
            };
        }
    }

    @Test
    void aFeedReadByManyThreadsYieldsEveryRowOnce() {
        CountingFeed feed = new CountingFeed();
        session.feed("rows", feed);

        assertThat(session.query(
                        "SELECT count(*), count(DISTINCT i), sum(i) FROM \"rows\"()",
                        row -> row.getLong(1) + " " + row.getLong(2) + " " + row.getLong(3)))
                .containsExactly("1000000 1000000 499999500000");
        assertThat(feed.open).hasValue(0);
    }

    @Test
    void readersLeftBeforeTheirEndAreClosedWithTheSession() {
        CountingFeed feed = new CountingFeed();
        try (Session short_ = duckDb.session()) {
            short_.feed("rows", feed);
            short_.query("SELECT i FROM \"rows\"() LIMIT 1", row -> row.getInt(1));
            assertThat(feed.open.get()).isPositive();
        }
        assertThat(feed.open).hasValue(0);
    }

    @Test
    void feedsOfOneNameInTwoSessionsDoNotMeet() {
        CountingFeed ours = new CountingFeed();
        CountingFeed theirs = new CountingFeed();
        try (Session other = duckDb.session()) {
            session.feed("rows", ours);
            other.feed("rows", theirs);
            session.query("SELECT count(*) FROM \"rows\"()", row -> row.getLong(1));
        }
        assertThat(ours.next.get()).isPositive();
        assertThat(theirs.next).hasValue(0);
    }

    @Test
    void violationsAreCountedExactlyWhateverTheInnerQueryDoes() {
        session.execute("CREATE TEMP TABLE t AS SELECT range AS i FROM range(1000000)");
        ViolationCounter counter = new ViolationCounter(3, 0b010);
        session.violations("broken", counter);

        long kept = session.query(
                        "SELECT count(*) FROM (SELECT i FROM (SELECT *, CASE WHEN (i % 10 <> 0) AND (i % 100 <> 1) AND (i >= 5) THEN TRUE"
                                + " ELSE broken(CASE WHEN (i % 10 <> 0) THEN 0 ELSE 1 END + CASE WHEN (i % 100 <> 1) THEN 0 ELSE 2 END"
                                + " + CASE WHEN i >= 5 THEN 0 ELSE 4 END) END AS __keep"
                                + " FROM (SELECT a.i FROM t a JOIN t b USING (i) WHERE a.i < 500000 QUALIFY row_number() OVER (PARTITION BY a.i % 400000 ORDER BY a.i) = 1))"
                                + " WHERE __keep)",
                        row -> row.getLong(1))
                .get(0);

        assertThat(counter.broken(0)).isEqualTo(40_000);
        assertThat(counter.broken(1)).isEqualTo(4_000);
        assertThat(counter.broken(2)).isEqualTo(5);
        assertThat(counter.dropped()).isEqualTo(4_000);
        assertThat(kept).isEqualTo(396_000);
    }

    @Test
    void theTimeZoneIsTheSessionsOwn() {
        session.timezone(ZoneId.of("Asia/Manila"));
        try (Session other = duckDb.session()) {
            assertThat(other.query("SELECT current_setting('TimeZone')", row -> row.getString(1)))
                    .containsExactly("UTC");
        }
        assertThat(session.query(
                        "SELECT (TIMESTAMPTZ '2026-01-01 20:00:00+00')::DATE::VARCHAR", row -> row.getString(1)))
                .containsExactly("2026-01-02");
    }

    @Test
    void aFailureOfDuckDbKeepsItsMessage() {
        assertThatThrownBy(() -> session.execute("SELECT nowhere"))
                .isInstanceOf(SqlFailedException.class)
                .hasMessageStartingWith("Binder Error: Referenced column \"nowhere\" was not found");
    }

    @Test
    void whatAFeedThrewIsAttachedToTheFailure() {
        IllegalStateException gone = new IllegalStateException("the server is gone");
        session.feed("rows", new FailingFeed(gone, 1));

        assertThatThrownBy(() -> session.query("SELECT i FROM \"rows\"()", row -> row.getInt(1)))
                .isInstanceOf(SqlFailedException.class)
                .hasMessage("Feed Error: the server is gone")
                .hasSuppressedException(gone);
    }

    @Test
    @Timeout(60)
    void aFeedMayFailInAllThreadsAtOnce() {
        IllegalStateException gone = new IllegalStateException("the server is gone");
        for (int attempt = 0; attempt < 200; attempt++) {
            try (Session own = duckDb.session()) {
                own.feed("rows", new FailingFeed(gone, 4));
                Path file = own.newFile(".parquet");
                String copy = "COPY (SELECT i FROM \"rows\"()) TO " + Sql.literal(file.toString());

                assertThatThrownBy(() -> own.execute(copy)).hasMessage("Feed Error: the server is gone");
            }
        }
    }

    /** Every reader yields some rows, then throws. */
    private record FailingFeed(RuntimeException failure, int maxThreads) implements RowFeed {

        @Override
        public TableSchema schema() {
            return new TableSchema(List.of(new Column("i", Simple.INT)));
        }

        @Override
        public Reader open() {
            AtomicInteger calls = new AtomicInteger();
            return new Reader() {
                @Override
                public int read(ColumnWriter out) {
                    if (calls.incrementAndGet() > 3) {
                        throw failure;
                    }
                    for (int row = 0; row < out.capacity(); row++) {
                        out.setLong(0, row, row);
                    }
                    return out.capacity();
                }

                @Override
                public void close() {}
            };
        }
    }

    @Test
    void anEmptyFeedHasItsColumns() {
        CountingFeed feed = new CountingFeed();
        feed.next.set(CountingFeed.ROWS);
        session.feed("rows", feed);

        assertThat(session.query("SELECT count(i) FROM \"rows\"()", row -> row.getLong(1)))
                .containsExactly(0L);
    }

    @Test
    void typesKeepTheirNamesBothWays() {
        for (String type : List.of(
                "STRUCT(\"a\" INTEGER, \"we ird \"\"q\" VARCHAR[])[]",
                "MAP(VARCHAR, STRUCT(\"x\" DECIMAL(10,2)))",
                "TIMESTAMP WITH TIME ZONE",
                "TIMESTAMP[][]")) {
            assertThat(DuckDbTypes.parse(type).map(DuckDbTypes::sqlType)).contains(type);
        }
        for (String type : List.of(
                "HUGEINT",
                "TIME",
                "UUID",
                "STRUCT(a UUID)",
                "MAP(UUID, INTEGER)",
                "INTEGER[3]",
                "ENUM('a')",
                "\"NULL\"",
                "TIMESTAMP_NS")) {
            assertThat(DuckDbTypes.parse(type)).as(type).isEmpty();
        }
        assertThat(DuckDbTypes.parse("JSON")).contains(Simple.STRING);
    }

    @Test
    void rowsAreShownAsTheyComeUntilNobodyWantsMore() {
        List<Long> seen = new ArrayList<>();

        session.forEach("SELECT range, repeat('x', 1000) FROM range(1000000000000)", row -> {
            seen.add(row.getLong(1));
            return seen.size() < 3;
        });

        assertThat(seen).hasSize(3);
        assertThat(session.query("SELECT 7", row -> row.getInt(1))).containsExactly(7);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 5, 500_000, 2_900_000})
    void aQueryThatFailsOnItsWaySaysWhy(long at) {
        assertThatThrownBy(() -> session.forEach(
                        "SELECT CASE WHEN range = " + at
                                + " THEN error('why') ELSE repeat('x', 100) END FROM range(3000000)",
                        row -> !row.getString(1).isEmpty()))
                .isInstanceOf(SqlFailedException.class)
                .hasMessageContaining("why");
        assertThat(session.query("SELECT 7", row -> row.getInt(1))).containsExactly(7);
    }
}
