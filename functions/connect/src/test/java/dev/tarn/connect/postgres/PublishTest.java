package dev.tarn.connect.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.connect.EmbeddedServer;
import dev.tarn.connect.TestLake;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.PostgresSink;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class PublishTest {

    private static final String GOLD = "gold.revenue";
    private static final String THREE =
            "SELECT * FROM (VALUES (1, DATE '2026-01-01', 10.25::DECIMAL(28,2), 'a'), (1, DATE '2026-02-01', -0.01, ''),"
                    + " (2, DATE '2026-01-01', 0, NULL)) AS t (company_id, month, revenue, note)";
    private static final String TARGET =
            "CREATE TABLE reporting.revenue (note text, revenue numeric(28, 2), month date, company_id int, own text DEFAULT"
                    + " 'kept', PRIMARY KEY (company_id, month))";

    @TempDir
    static Path folder;

    private static EmbeddedServer server;
    private static int databases;

    private String database;
    private TestLake lake;

    @BeforeAll
    static void start() throws IOException, SQLException {
        server = EmbeddedServer.start(folder);
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @BeforeEach
    void create(TestInfo test) throws SQLException {
        database = "portal" + ++databases;
        server.execute("postgres", "CREATE DATABASE " + database);
        server.execute(database, "CREATE SCHEMA reporting", TARGET);
        lake = TestLake.open(folder.resolve(test.getTestMethod().orElseThrow().getName()));
        lake.fill(GOLD, THREE);
    }

    @AfterEach
    void close() {
        lake.close();
    }

    @Test
    void theTargetHoldsWhatGoldHolds() throws SQLException {
        Published published = publish(PostgresSink.Mode.MIRROR).orElseThrow();

        assertCounts(published, 3, 0, 0);
        assertThat(published.to()).isEqualTo("reporting.revenue");
        assertThat(published.goldVersion()).isEqualTo(1);
        assertThat(target())
                .containsExactly(
                        "1|2026-01-01|10.25|a|kept", "1|2026-02-01|-0.01||kept", "2|2026-01-01|0.00|null|kept");
    }

    @Test
    void publishingAgainDoesNothing() throws SQLException {
        publish(PostgresSink.Mode.MIRROR);
        server.execute(database, "UPDATE reporting.revenue SET note = 'by hand'");

        assertThat(publish(PostgresSink.Mode.MIRROR)).isEmpty();
        assertThat(target()).allMatch(row -> row.contains("by hand"));
    }

    @Test
    void withoutAGoldTableNothingHappens() {
        assertThat(publish(table("gold.not_yet", "revenue", PostgresSink.Mode.UPSERT, "company_id")))
                .isEmpty();
    }

    @Test
    void aMirrorInsertsUpdatesAndDeletes() throws SQLException {
        publish(PostgresSink.Mode.MIRROR);
        lake.fill(
                GOLD,
                "SELECT * FROM (VALUES (1, DATE '2026-01-01', 10.25::DECIMAL(28,2), 'a'), (1, DATE '2026-02-01', 7, ''),"
                        + " (3, DATE '2026-03-01', 1, NULL)) AS t (company_id, month, revenue, note)");

        assertCounts(publish(PostgresSink.Mode.MIRROR).orElseThrow(), 1, 1, 1);
        assertThat(target())
                .containsExactly("1|2026-01-01|10.25|a|kept", "1|2026-02-01|7.00||kept", "3|2026-03-01|1.00|null|kept");
    }

    @Test
    void anUpsertDeletesNothing() throws SQLException {
        server.execute(database, "INSERT INTO reporting.revenue VALUES ('theirs', 1, '2020-01-01', 9, 'x')");

        assertCounts(publish(PostgresSink.Mode.UPSERT).orElseThrow(), 3, 0, 0);
        assertThat(target()).hasSize(4).contains("9|2020-01-01|1.00|theirs|x");
    }

    @Test
    void nullAndEmptyTextAreToldApart() throws SQLException {
        publish(PostgresSink.Mode.MIRROR);
        lake.fill(GOLD, THREE.replace("-0.01, ''", "-0.01, NULL").replace("0, NULL))", "0, ''))"));

        assertCounts(publish(PostgresSink.Mode.MIRROR).orElseThrow(), 0, 2, 0);
        assertThat(target()).contains("1|2026-02-01|-0.01|null|kept", "2|2026-01-01|0.00||kept");
    }

    @Test
    void everyTypeArrivesAsItWas() throws SQLException {
        server.execute(
                database,
                "CREATE TABLE reporting.kinds (id int PRIMARY KEY, b boolean, big bigint, d double precision,"
                        + " n numeric, t text, moment timestamptz, wall timestamp, utc timestamp, bytes bytea, js json,"
                        + " list jsonb)");
        lake.fill(
                "gold.kinds",
                """
                SELECT * FROM (VALUES
                    (1, true, 9007199254740993, 0.1::DOUBLE, 12345678901234567890.123456789012345678::DECIMAL(38,18),
                     '\\N', TIMESTAMPTZ '2026-11-22 10:47:40.599902+00', TIMESTAMP '2026-11-22 10:47:40.5',
                     TIMESTAMPTZ '2026-06-01 00:30:00+08', '\\x00\\xFFa'::BLOB, '{"a": 1}', ['x', NULL]),
                    (2, false, -9223372036854775808, 'inf', -0.000000000000000001, e'a,"b"\\n\\\\.\\r\\n,é😀''',
                     TIMESTAMPTZ '0001-01-01 00:00:00+00', NULL, NULL, ''::BLOB, '[]', []),
                    (3, NULL, NULL, 'nan', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
                    (4, NULL, NULL, NULL, NULL, '\\.', NULL, NULL, NULL, NULL, NULL, NULL))
                AS t (id, b, big, d, n, t, moment, wall, utc, bytes, js, list)""");

        Published published = publish(table("gold.kinds", "kinds", PostgresSink.Mode.MIRROR, "id"))
                .orElseThrow();

        assertCounts(published, 4, 0, 0);
        assertThat(server.query(
                        database,
                        "SELECT id, b, big, d, n, to_json(t), moment AT TIME ZONE 'UTC', wall, utc, bytes, js, list"
                                + " FROM reporting.kinds ORDER BY id"))
                .containsExactly(
                        "1|t|9007199254740993|0.1|12345678901234567890.123456789012345678|\"\\\\N\""
                                + "|2026-11-22 10:47:40.599902|2026-11-22 10:47:40.5|2026-05-31 16:30:00|\\x00ff61|{\"a\": 1}"
                                + "|[\"x\", null]",
                        "2|f|-9223372036854775808|Infinity|-0.000000000000000001|\"a,\\\"b\\\"\\n\\\\.\\r\\n,é😀'\""
                                + "|0001-01-01 00:00:00|null|null|\\x|[]|[]",
                        "3|null|null|NaN|null|null|null|null|null|null|null|null",
                        "4|null|null|null|null|\"\\\\.\"|null|null|null|null|null|null");
        try (Session session = lake.lake().duckDb().session()) {
            lake.fill(
                    "gold.kinds", "SELECT * FROM " + lake.snapshot("gold.kinds").scan(session));
        }
        assertCounts(
                publish(table("gold.kinds", "kinds", PostgresSink.Mode.MIRROR, "id"))
                        .orElseThrow(),
                0,
                0,
                0);
    }

    @Test
    void aTableWithNothingButItsKeyIsMirrored() throws SQLException {
        server.execute(
                database,
                "CREATE TABLE reporting.keys (id int PRIMARY KEY)",
                "INSERT INTO reporting.keys VALUES (2), (3)");
        lake.fill("gold.keys", "SELECT unnest([1, 2]) AS id");

        assertCounts(
                publish(table("gold.keys", "keys", PostgresSink.Mode.MIRROR, "id"))
                        .orElseThrow(),
                1,
                0,
                1);
    }

    @Test
    void aGoldTableThatWasMadeAgainIsPublishedWhole() throws SQLException {
        publish(PostgresSink.Mode.MIRROR);
        try (TestLake other = TestLake.open(folder.resolve("other"))) {
            other.fill(GOLD, THREE.replace("'a'", "'b'"));

            Published published = new Publish(other.lake(), sink(), server.url("postgres", database))
                    .publish(table(GOLD, "revenue", PostgresSink.Mode.MIRROR, "company_id", "month"))
                    .orElseThrow();

            assertThat(published.goldVersion()).as("the same as before").isEqualTo(1);
            assertCounts(published, 0, 1, 0);
        }
    }

    @Test
    void aConnectionThatBreaksAtCommitLeavesRowsAndPositionAsTheyWere() throws SQLException {
        publish(PostgresSink.Mode.MIRROR);
        String positions = "SELECT target, version FROM tarn.position";
        server.execute(
                database,
                "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM"
                        + " pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$",
                "CREATE CONSTRAINT TRIGGER die AFTER UPDATE ON tarn.position DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
                        + " EXECUTE FUNCTION die()");
        List<String> before = target();
        lake.fill(GOLD, THREE.replace("10.25", "99"));

        assertThatThrownBy(() -> publish(PostgresSink.Mode.MIRROR))
                .isInstanceOfSatisfying(
                        TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SINK_UNREACHABLE))
                .hasMessage("sinks/supabase.yml:5:3  SINK_UNREACHABLE  Sink supabase: " + address()
                        + ": publishing to reporting.revenue broke off (SQLSTATE 57P01).\n"
                        + "    The target stays as it was; Tarn publishes again.");
        assertThat(target()).isEqualTo(before);
        assertThat(server.query(database, positions)).containsExactly("reporting.revenue|1");

        server.execute(database, "DROP TRIGGER die ON tarn.position");
        assertCounts(publish(PostgresSink.Mode.MIRROR).orElseThrow(), 0, 1, 0);
        assertThat(server.query(database, positions)).containsExactly("reporting.revenue|2");
    }

    private Optional<Published> publish(PostgresSink.Mode mode) {
        return publish(table(GOLD, "revenue", mode, "company_id", "month"));
    }

    private Optional<Published> publish(PostgresSink.Table table) {
        return new Publish(lake.lake(), sink(), server.url("postgres", database)).publish(table);
    }

    private static PostgresSink sink() {
        return new PostgresSink(
                "supabase", new SecretRef("supabase-url"), List.of(), new SourcePosition("sinks/supabase.yml", 1, 1));
    }

    private static PostgresSink.Table table(String from, String to, PostgresSink.Mode mode, String... key) {
        return new PostgresSink.Table(
                TableName.parse(from),
                "reporting",
                to,
                List.of(key),
                mode,
                new SourcePosition("sinks/supabase.yml", 5, 3));
    }

    private List<String> target() throws SQLException {
        return server.query(
                database,
                "SELECT company_id, month, revenue, note, own FROM reporting.revenue ORDER BY company_id, month");
    }

    private String address() {
        return "127.0.0.1:" + server.port() + "/" + database;
    }

    private static void assertCounts(Published published, long inserted, long updated, long deleted) {
        assertThat(List.of(published.inserted(), published.updated(), published.deleted()))
                .as("inserted, updated, deleted")
                .containsExactly(inserted, updated, deleted);
    }
}
