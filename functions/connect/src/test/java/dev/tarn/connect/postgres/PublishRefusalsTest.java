package dev.tarn.connect.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.connect.EmbeddedServer;
import dev.tarn.connect.TestLake;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class PublishRefusalsTest {

    private static final String GOLD = "gold.revenue";

    @TempDir
    static Path folder;

    private static EmbeddedServer server;
    private static int databases;

    private String database;
    private TestLake lake;

    @BeforeAll
    static void start() throws IOException, SQLException {
        server = EmbeddedServer.start(folder);
        server.execute("postgres", "CREATE ROLE writer LOGIN");
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @BeforeEach
    void create(TestInfo test) throws SQLException {
        database = "portal" + ++databases;
        server.execute("postgres", "CREATE DATABASE " + database);
        server.execute(database, "CREATE SCHEMA reporting");
        lake = TestLake.open(folder.resolve(test.getTestMethod().orElseThrow().getName()));
        lake.fill(
                GOLD,
                "SELECT 1 AS company_id, DATE '2026-01-01' AS month, 10.25::DECIMAL(28,2) AS revenue, 'a' AS note");
    }

    @AfterEach
    void close() {
        lake.close();
    }

    @Test
    void aMissingTableIsAnsweredWithTheStatementThatMakesIt() throws SQLException {
        String create =
                "CREATE SCHEMA IF NOT EXISTS \"reporting\"; CREATE TABLE \"reporting\".\"revenue\" (\"company_id\""
                        + " integer NOT NULL, \"month\" date NOT NULL, \"revenue\" numeric(28, 2), \"note\" text, PRIMARY KEY"
                        + " (\"company_id\", \"month\"));";

        assertRefused(
                ErrorCode.SINK_TABLE_MISSING,
                "sinks/supabase.yml:5:3  SINK_TABLE_MISSING  Sink supabase: %s has no table reporting.revenue to publish"
                        + " gold.revenue to.\n    Create it: " + create);

        server.execute(database, create);
        assertThat(publish("postgres", "company_id", "month").inserted()).isEqualTo(1);
    }

    @Test
    void missingColumnsAreAllNamed() throws SQLException {
        server.execute(
                database,
                "CREATE TABLE reporting.revenue (company_id int, month date, PRIMARY KEY (company_id, month))");

        assertRefused(
                ErrorCode.COLUMN_NOT_FOUND,
                "sinks/supabase.yml:5:3  COLUMN_NOT_FOUND  Sink supabase: %s: reporting.revenue has no column revenue for the"
                        + " one of gold.revenue.\n    Add it: ALTER TABLE \"reporting\".\"revenue\" ADD COLUMN \"revenue\""
                        + " numeric(28, 2);\n"
                        + "sinks/supabase.yml:5:3  COLUMN_NOT_FOUND  Sink supabase: %<s: reporting.revenue has no column note"
                        + " for the one of gold.revenue.\n    Add it: ALTER TABLE \"reporting\".\"revenue\" ADD COLUMN"
                        + " \"note\" text;");
    }

    @Test
    void aKeyThatGoldDoesNotHave() throws SQLException {
        server.execute(database, table("PRIMARY KEY (company_id, month)"));

        assertThatThrownBy(() -> publish("postgres", "company_id", "mnth"))
                .isInstanceOf(TarnException.class)
                .hasMessageStartingWith(
                        "sinks/supabase.yml:5:3  COLUMN_NOT_FOUND  mnth, a key column of reporting.revenue,"
                                + " is not a column of gold.revenue.\n    Nearest: month.\n");
    }

    @Test
    void aTargetThatIsNotUniqueByTheKey() throws SQLException {
        server.execute(
                database,
                table("PRIMARY KEY (company_id)"),
                "CREATE UNIQUE INDEX ON reporting.revenue (company_id, month) WHERE note IS NULL");

        assertRefused(
                ErrorCode.CONFIGURATION_INVALID,
                "sinks/supabase.yml:5:3  CONFIGURATION_INVALID  Sink supabase: %s: reporting.revenue has no primary key or"
                        + " unique constraint on company_id, month.\n    Add one: ALTER TABLE \"reporting\".\"revenue\" ADD"
                        + " PRIMARY KEY (\"company_id\", \"month\"); or correct key.");
    }

    @Test
    void rowsWithoutKey() throws SQLException {
        server.execute(database, table("UNIQUE (company_id, month)"));
        lake.fill(
                GOLD,
                "SELECT unnest([1, NULL, NULL])::INT AS company_id, DATE '2026-01-01' AS month, 1::DECIMAL(28,2) AS revenue,"
                        + " 'a' AS note");

        assertRefused(
                ErrorCode.SINK_REFUSED_ROWS,
                "sinks/supabase.yml:5:3  SINK_REFUSED_ROWS  reporting.revenue takes one row for each company_id, month, but 2"
                        + " rows of gold.revenue have NULL in the key.\n    Change the query of gold.revenue or the key; until"
                        + " then the target stays as it was.");
    }

    @Test
    void rowsWithTheSameKey() throws SQLException {
        server.execute(database, table("PRIMARY KEY (company_id, month)"));
        lake.fill(
                GOLD,
                "SELECT unnest([1, 1, 2])::INT AS company_id, DATE '2026-01-01' AS month, 1::DECIMAL(28,2) AS revenue,"
                        + " 'a' AS note");

        assertRefused(
                ErrorCode.SINK_REFUSED_ROWS,
                "sinks/supabase.yml:5:3  SINK_REFUSED_ROWS  reporting.revenue takes one row for each company_id, month, but 1"
                        + " rows of gold.revenue repeat the key of another row.\n    Change the query of gold.revenue or the"
                        + " key; until then the target stays as it was.");
    }

    @Test
    void aValueThatDoesNotFitItsColumn() throws SQLException {
        server.execute(
                database,
                "CREATE TABLE reporting.revenue (company_id int, month date, revenue numeric(3, 2), note text, PRIMARY KEY"
                        + " (company_id, month))");

        assertRefused(ErrorCode.SINK_REFUSED_ROWS, refusedRows("a value does not fit column revenue (SQLSTATE 22003)"));
    }

    @Test
    void aConstraintOfTheTarget() throws SQLException {
        server.execute(database, table("PRIMARY KEY (company_id, month), CONSTRAINT positive CHECK (revenue < 0)"));

        assertRefused(ErrorCode.SINK_REFUSED_ROWS, refusedRows("constraint positive (SQLSTATE 23514)"));
    }

    @Test
    void aColumnOfTheTargetThatGoldCannotFill() throws SQLException {
        server.execute(database, table("own int NOT NULL, PRIMARY KEY (company_id, month)"));

        assertRefused(ErrorCode.SINK_REFUSED_ROWS, refusedRows("column own may not be NULL (SQLSTATE 23502)"));
    }

    @Test
    void missingRightsOnTheTarget() throws SQLException {
        server.execute(
                database,
                table("PRIMARY KEY (company_id, month)"),
                "CREATE SCHEMA tarn AUTHORIZATION writer",
                "GRANT USAGE ON SCHEMA reporting TO writer",
                "GRANT SELECT, INSERT ON reporting.revenue TO writer");

        assertThatThrownBy(() -> publish("writer", "company_id", "month"))
                .isInstanceOfSatisfying(
                        TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SINK_LOGIN_REFUSED))
                .hasMessage(
                        "sinks/supabase.yml:5:3  SINK_LOGIN_REFUSED  Sink supabase: " + address() + ": the user writer"
                                + " lacks rights on reporting.revenue: UPDATE, DELETE.\n    Grant them: GRANT USAGE ON SCHEMA"
                                + " \"reporting\" TO writer; GRANT SELECT, INSERT, UPDATE, DELETE ON \"reporting\".\"revenue\" TO"
                                + " writer;");
    }

    @Test
    void noRightToNoteThePosition() throws SQLException {
        server.execute(database, table("PRIMARY KEY (company_id, month)"));

        assertThatThrownBy(() -> publish("writer", "company_id", "month"))
                .isInstanceOfSatisfying(
                        TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SINK_LOGIN_REFUSED))
                .hasMessage(
                        "SINK_LOGIN_REFUSED  Sink supabase: " + address() + ": the user writer may not make the schema"
                                + " tarn, in which Tarn notes what it has published.\n    As the database's owner: CREATE SCHEMA IF"
                                + " NOT EXISTS tarn; GRANT USAGE, CREATE ON SCHEMA tarn TO writer;");

        server.execute(
                database,
                "CREATE SCHEMA IF NOT EXISTS tarn; GRANT USAGE, CREATE ON SCHEMA tarn TO writer",
                "GRANT USAGE ON SCHEMA reporting TO writer",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON reporting.revenue TO writer");
        assertThat(publish("writer", "company_id", "month").inserted()).isEqualTo(1);
    }

    @Test
    void aPositionOfANewerTarn() throws SQLException {
        server.execute(database, table("PRIMARY KEY (company_id, month)"));
        publish("postgres", "company_id", "month");
        server.execute(database, "UPDATE tarn.position SET v = 2");

        assertRefused(
                ErrorCode.LAKE_FORMAT_NEWER,
                "LAKE_FORMAT_NEWER  A newer version of Tarn publishes to reporting.revenue of sink supabase.\n"
                        + "    Use that version of Tarn.");
    }

    private static String table(String constraint) {
        return "CREATE TABLE reporting.revenue (company_id int, month date, revenue numeric(28, 2), note text, "
                + constraint + ")";
    }

    private static String refusedRows(String reason) {
        return "sinks/supabase.yml:5:3  SINK_REFUSED_ROWS  Sink supabase: %s: reporting.revenue does not take rows of"
                + " gold.revenue: " + reason
                + ".\n    Change the query of gold.revenue or the target; until then the target"
                + " stays as it was.";
    }

    private void assertRefused(ErrorCode code, String message) {
        assertThatThrownBy(() -> publish("postgres", "company_id", "month"))
                .isInstanceOfSatisfying(
                        TarnException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessage(message.formatted(address()));
    }

    private Published publish(String user, String... key) {
        SourcePosition position = new SourcePosition("sinks/supabase.yml", 5, 3);
        PostgresSink sink = new PostgresSink("supabase", new SecretRef("supabase-url"), List.of(), position);
        return new Publish(lake.lake(), sink, server.url(user, database))
                .publish(new PostgresSink.Table(
                        TableName.parse(GOLD),
                        "reporting",
                        "revenue",
                        List.of(key),
                        PostgresSink.Mode.MIRROR,
                        position))
                .orElseThrow();
    }

    private String address() {
        return "127.0.0.1:" + server.port() + "/" + database;
    }
}
