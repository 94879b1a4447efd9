package dev.tarn.connect.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.connect.EmbeddedServer;
import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.Relation;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyFeedTest {

    @TempDir
    static Path folder;

    private static EmbeddedServer server;
    private static DuckDb duckDb;

    @BeforeAll
    static void start() throws IOException, SQLException {
        server = EmbeddedServer.start(folder);
        duckDb = DuckDb.open(
                new Budget(256L << 20, 256L << 20, 256L << 20, 256L << 20, 256L << 20, 2), folder.resolve("workspace"));
    }

    @AfterAll
    static void stop() throws IOException {
        duckDb.close();
        server.close();
    }

    @Test
    void everyTypeArrivesAsItWas() throws Exception {
        server.execute(
                "postgres",
                """
                CREATE TABLE kinds (b bool, i2 int2, i4 int4, i8 int8, f4 float4, f8 float8, n numeric, n2 numeric(12,3),
                    d date, ts timestamp, tz timestamptz, v varchar(9), c char(4), t text, j json, jb jsonb, y bytea,
                    u uuid, a int[])""",
                """
                INSERT INTO kinds VALUES
                (true, 1, -2, 9007199254740993, 1.5, 'infinity', 12345678901234567890.123456789012345678, -1.125,
                 '2024-02-29', '2026-11-22 10:47:40.599902', '2026-11-22 10:47:40.599902+08', 'é', 'ab', E'a\\n"b"',
                 '{"a": 1}', '{"en_US": "Desk"}', '\\x00ff', '00000000-0000-0000-0000-000000000001', '{1,2}'),
                (false, -32768, 2147483647, -9223372036854775808, 'nan', 0.1, 0, 0, '0001-01-01', '0001-01-01', '9999-12-31 23:59:59.999999+00',
                 '', '', '', '{}', '[]', '', NULL, '{}'),
                (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)""");

        assertThat(read("kinds", "SELECT * EXCLUDE (f4, f8, _xid), f4, f8 FROM \"rows\"() ORDER BY i2 DESC"))
                .containsExactly(
                        "true|1|-2|9007199254740993|12345678901234567890.123456789012345678|-1.125|2024-02-29"
                                + "|2026-11-22 10:47:40.599902+00|2026-11-22 02:47:40.599902+00|é|ab  |a\n\"b\"|{\"a\": 1}"
                                + "|{\"en_US\": \"Desk\"}|\\x00\\xFF|00000000-0000-0000-0000-000000000001|[1,2]|null|1.5|inf",
                        "false|-32768|2147483647|-9223372036854775808|0.000000000000000000|0.000|0001-01-01"
                                + "|0001-01-01 00:00:00+00|9999-12-31 23:59:59.999999+00||    ||{}|[]||null|[]|null|nan|0.1",
                        "null|null|null|null|null|null|null|null|null|null|null|null|null|null|null|null|null|null"
                                + "|null|null");
    }

    @Test
    void whatDoesNotFitIsRescuedByItsName() throws Exception {
        server.execute(
                "postgres",
                "CREATE TABLE odd (id int, n numeric, d date, ts timestamp, tz timestamptz)",
                """
                INSERT INTO odd VALUES
                (1, 'NaN', 'infinity', '-infinity', 'infinity'), (2, '-Infinity', '-infinity', 'infinity', NULL),
                (3, 123456789012345678901.5, '10000-01-01', '0001-12-31 23:59:59 BC', '294276-12-31 23:59:59.999999+00'),
                (4, 0.1234567890123456789, '4713-01-01 BC', '10000-01-01 00:00:00.5', NULL),
                (5, 99999999999999999999.999999999999999999, '9999-12-31', '9999-12-31 23:59:59', NULL),
                (6, -0.000000000000000001000, NULL, NULL, NULL), (7, 1e200, NULL, NULL, NULL)""");

        assertThat(read("odd", "SELECT id, n, d, ts, tz, left(_rescued_data, 200) FROM \"rows\"() ORDER BY id"))
                .containsExactly(
                        "1|null|null|null|null|{\"n\":\"NaN\",\"d\":\"infinity\",\"ts\":\"-infinity\",\"tz\":\"infinity\"}",
                        "2|null|null|null|null|{\"n\":\"-Infinity\",\"d\":\"-infinity\",\"ts\":\"infinity\"}",
                        "3|null|null|null|null|{\"n\":\"123456789012345678901.5\",\"d\":\"+10000-01-01\","
                                + "\"ts\":\"0000-12-31T23:59:59\",\"tz\":\"+294276-12-31T23:59:59.999999\"}",
                        "4|null|null|null|null|{\"n\":\"0.1234567890123456789\",\"d\":\"-4712-01-01\","
                                + "\"ts\":\"+10000-01-01T00:00:00.500\"}",
                        "5|99999999999999999999.999999999999999999|9999-12-31|9999-12-31 23:59:59+00|null|null",
                        "6|-0.000000000000000001|null|null|null|null",
                        "7|null|null|null|null|{\"n\":\"1" + "0".repeat(193));
    }

    @Test
    void everyNumberOfDigitsIsDecodedExactly() throws Exception {
        server.execute(
                "postgres",
                """
                CREATE TABLE numbers AS
                SELECT whole * 100 + behind AS id,
                       (CASE WHEN whole % 2 = 0 THEN '-' ELSE '' END || left('98765432109876543210', whole) || '.'
                        || left('012345678901234567', behind))::numeric AS n
                FROM generate_series(1, 20) AS whole, generate_series(1, 18) AS behind""");

        List<String> there = server.query("postgres", "SELECT id, n::numeric(38,18) FROM numbers ORDER BY id");
        assertThat(read("numbers", "SELECT id, n FROM \"rows\"() ORDER BY id"))
                .hasSize(360)
                .isEqualTo(there);
    }

    @Test
    void manyRowsComeOnceEach() throws Exception {
        server.execute(
                "postgres",
                "CREATE TABLE many AS SELECT i AS id, md5(i::text) AS t FROM generate_series(1, 100000) AS i");

        assertThat(
                        read(
                                "many",
                                "SELECT count(*), count(DISTINCT id), sum(id), md5(string_agg(t, '' ORDER BY id)) FROM \"rows\"()"))
                .isEqualTo(server.query(
                        "postgres",
                        "SELECT count(*), count(DISTINCT id), sum(id), md5(string_agg(t, '' ORDER BY id)) FROM many"));
    }

    @Test
    void aFeedWithoutRowsSaysSoAtOnce() throws Exception {
        server.execute("postgres", "CREATE TABLE empty (id int)");
        try (Connection connection = server.connect("postgres")) {
            CopyFeed feed = open(connection, "empty");
            assertThat(feed.isEmpty()).isTrue();
        }
    }

    @Test
    void aRateHoldsBackTheConnectionsOfAFeedTogether() throws Exception {
        server.execute(
                "postgres",
                "CREATE TABLE wide AS SELECT i AS id, repeat('x', 1000) AS t FROM generate_series(1, 2500) AS i");
        try (Connection one = server.connect("postgres");
                Connection other = server.connect("postgres");
                Session session = duckDb.session()) {
            long begun = System.nanoTime();
            session.feed(
                    "rows",
                    open(
                            "wide",
                            List.of(new CopyFeed.Part(one, "id % 2 = 0"), new CopyFeed.Part(other, "id % 2 = 1")),
                            1));

            assertThat(session.query("SELECT count(DISTINCT id) FROM \"rows\"()", row -> row.getLong(1)))
                    .containsExactly(2500L);
            // 2.5 MB at 1 MB/s; the last chunk's own wait, below the size of one, is not counted on.
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(2));
        }
    }

    private static CopyFeed open(Connection connection, String table) throws Exception {
        return open(table, List.of(new CopyFeed.Part(connection, "true")), null);
    }

    private static CopyFeed open(String table, List<CopyFeed.Part> parts, @Nullable Integer megabytesPerSecond)
            throws Exception {
        return CopyFeed.open(
                new CopyRequest(
                        Relation.parse(table),
                        columns(parts.get(0).connection(), table),
                        "_rescued_data",
                        "_xid",
                        Integer.MAX_VALUE),
                parts,
                megabytesPerSecond);
    }

    private static List<String> read(String table, String sql) throws Exception {
        try (Connection connection = server.connect("postgres");
                Session session = duckDb.session()) {
            session.feed("rows", open(connection, table));
            return session.query("SELECT COLUMNS(*)::VARCHAR FROM (" + sql + ")", CopyFeedTest::text);
        }
    }

    private static String text(ResultSet row) throws SQLException {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            values.add(row.getString(i));
        }
        return String.join("|", values);
    }

    private static List<SourceColumn> columns(Connection connection, String table) throws SQLException {
        List<SourceColumn> columns = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT attname, attnum, typname, atttypmod FROM pg_attribute a"
                        + " JOIN pg_type t ON t.oid = a.atttypid WHERE attrelid = '" + table
                        + "'::regclass AND attnum > 0 ORDER BY attnum")) {
            while (row.next()) {
                columns.add(new SourceColumn(row.getString(1), row.getInt(2), row.getString(3), row.getInt(4)));
            }
        }
        return columns;
    }
}
