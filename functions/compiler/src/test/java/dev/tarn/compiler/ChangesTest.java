package dev.tarn.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.DataType.Simple;
import dev.tarn.model.Effect;
import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** AUTO CDC: what its flows yield, and what of it is refused. */
class ChangesTest {

    private static final String SRC = "id INT, v STRING, n INT, op STRING, s BIGINT, ts TIMESTAMP, x DOUBLE";

    @TempDir
    private Path folder;

    private TestProject project(String sql) {
        return StatementsTest.project(folder, SRC, "").sql(sql);
    }

    /** The flow with these clauses into {@code CREATE STREAMING TABLE t}. */
    private Flow flow(String table, String clauses) {
        return project("CREATE STREAMING TABLE t " + table + ";\nCREATE FLOW f AS AUTO CDC INTO t " + clauses)
                .compile()
                .flows()
                .get(0);
    }

    private String refusal(String clauses) {
        return project("CREATE STREAMING TABLE t;\nCREATE FLOW f AS AUTO CDC INTO t " + clauses)
                .refusal();
    }

    private static List<String> rows(String sql) throws SQLException {
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            statement.execute(
                    """
                    CREATE TABLE "bronze.src" AS SELECT * FROM (VALUES
                      (1, 'a', 1, 'I', 10::BIGINT, TIMESTAMPTZ '2026-01-01 00:00:00Z', 0.5::DOUBLE),
                      (1, NULL, NULL, 'D', 11, NULL, NULL),
                      (2, 'b', NULL, NULL, 12, '2026-01-02 00:00:00Z', NULL),
                      (NULL, NULL, NULL, 'T', 13, '2026-01-03 00:00:00Z', NULL)
                    ) rows (id, v, n, op, s, ts, x)
                    """);
            List<String> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery(sql)) {
                int columns = result.getMetaData().getColumnCount();
                while (result.next()) {
                    List<String> row = new ArrayList<>();
                    for (int i = 1; i <= columns; i++) {
                        row.add(String.valueOf(result.getString(i)));
                    }
                    rows.add(String.join(" ", row));
                }
            }
            return rows;
        }
    }

    private static List<String> types(String sql) throws SQLException {
        return rows("SELECT column_name || ' ' || column_type FROM (DESCRIBE " + sql + ")");
    }

    @Test
    void aFlowYieldsTheTablesColumnsThenTheOrderAndTheKindOfTheChange() throws Exception {
        Flow flow = flow(
                "(n BIGINT, id INT, v STRING)",
                """
                FROM STREAM(src) KEYS (id)
                APPLY AS DELETE WHEN op = 'D' APPLY AS TRUNCATE WHEN op = 'T'
                SEQUENCE BY s COLUMNS * EXCEPT (op, s, ts, x)
                """);

        assertThat(types(flow.sql()))
                .containsExactly(
                        "n BIGINT", "id INTEGER", "v VARCHAR", "_tarn_sequence BIGINT", "_tarn_operation TINYINT");
        assertThat(rows(flow.sql()))
                .containsExactly("1 1 a 10 0", "null 1 null 11 1", "null 2 b 12 0", "null null null 13 2");
        assertThat(flow.effect())
                .isEqualTo(new Effect.AutoCdc(
                        List.of("id"), Simple.BIGINT, Effect.ScdType.TYPE_1, List.of(), Set.of(), false, false));
    }

    @Test
    void anOrderOfSeveralValuesIsAStructAndNoneWhenOneIsMissing() throws Exception {
        Flow flow = flow("", "FROM STREAM(src) KEYS (id) SEQUENCE BY STRUCT(ts, s AS number) COLUMNS (id)");

        assertThat(((Effect.AutoCdc) flow.effect()).sequence())
                .isEqualTo(new DataType.Struct(
                        List.of(new Column("ts", Simple.TIMESTAMP), new Column("number", Simple.BIGINT))));
        assertThat(types(flow.sql())).contains("_tarn_sequence STRUCT(ts TIMESTAMP WITH TIME ZONE, number BIGINT)");
        assertThat(rows(flow.sql()))
                .containsExactly(
                        "1 {'ts': '2026-01-01 00:00:00+00', 'number': 10} 0",
                        "1 null 0",
                        "2 {'ts': '2026-01-02 00:00:00+00', 'number': 12} 0",
                        "null {'ts': '2026-01-03 00:00:00+00', 'number': 13} 0");
    }

    @Test
    void anOrderMayBeComputed() throws Exception {
        assertThat(rows(flow("", "FROM STREAM(src) KEYS (id) SEQUENCE BY coalesce(n, 0) + 1 COLUMNS (id)")
                        .sql()))
                .containsExactly("1 2 0", "1 1 0", "2 1 0", "null 1 0");
    }

    @Test
    void snapshotsHaveNoOrderOfTheirOwn() throws Exception {
        Flow flow = flow("", "FROM SNAPSHOT (SELECT id, v FROM src WHERE id IS NOT NULL) KEYS (id)");

        assertThat(types(flow.sql()))
                .containsExactly("id INTEGER", "v VARCHAR", "_tarn_sequence BIGINT", "_tarn_operation TINYINT");
        assertThat(rows(flow.sql())).containsExactly("1 a null 0", "1 null null 0", "2 b null 0");
        assertThat(((Effect.AutoCdc) flow.effect()).snapshots()).isTrue();
    }

    @Test
    void versionsHaveTheTypeOfTheirOrder() {
        Flow flow = flow(
                "(id INT, __start_at BIGINT COMMENT 'from', __END_AT, v STRING)",
                "FROM STREAM(src) KEYS (id) SEQUENCE BY s COLUMNS (id, v) STORED AS SCD TYPE 2");

        assertThat(PlanText.of(new Plan("h", "p", ZoneId.of("UTC"), List.of(flow), List.of(), List.of())))
                .isEqualTo(
                        """
                        bronze.t streams (id INT, __START_AT BIGINT 'from', __END_AT BIGINT, v STRING)
                          f: type 2 by [id] in the order of BIGINT tracks [v]; reads bronze.src stream""");
        assertThat(flow.sql()).startsWith("SELECT CAST(\"source\".\"id\" AS INTEGER) AS \"id\", CAST(\"source\".\"v\"");
    }

    @Test
    void whatIsTrackedAndIgnoredIsNamedAsTheTableNamesIt() {
        Flow flow = flow(
                "(ID INT, V STRING, n INT)",
                """
                FROM STREAM(src) KEYS (id) SEQUENCE BY s COLUMNS (id, v, n) STORED AS SCD TYPE 2
                TRACK HISTORY ON (v, id) IGNORE NULL UPDATES ON (n, v)
                """);

        assertThat(flow.effect())
                .isEqualTo(new Effect.AutoCdc(
                        List.of("ID"),
                        Simple.BIGINT,
                        Effect.ScdType.TYPE_2,
                        List.of("V"),
                        Set.of("V", "n"),
                        false,
                        false));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            FROM STREAM(src) SEQUENCE BY s | 2:34 SQL_SYNTAX The changes of t have no KEYS. | Write KEYS (column, ...): the columns that tell rows apart.
            FROM STREAM(src) KEYS (id) | 2:34 SQL_SYNTAX The changes of t have no SEQUENCE BY. | Write SEQUENCE BY and what orders the changes of a row; in bronze that is _seq.
            FROM STREAM(src) KEYS (idd) SEQUENCE BY s | 2:57 COLUMN_NOT_FOUND idd is not a column of what the flow reads. | Nearest: id.
            FROM STREAM(src) KEYS (x) SEQUENCE BY s | 2:57 SQL_UNSUPPORTED The key x of type DOUBLE is not supported yet. | Use keys that are whole numbers, decimals, texts, days, moments or booleans.
            FROM STREAM(src) KEYS (id) SEQUENCE BY s COLUMNS (v, n) | 2:57 COLUMN_NOT_FOUND The key id is not among the COLUMNS of the flow. | Add it to COLUMNS, or take it out of EXCEPT: rows of bronze.t are found by it.
            FROM STREAM(src) KEYS (id) SEQUENCE BY s COLUMNS * EXCEPT (id) | 2:57 COLUMN_NOT_FOUND The key id is not among the COLUMNS of the flow. | Add it to COLUMNS, or take it out of EXCEPT: rows of bronze.t are found by it.
            FROM STREAM(src) KEYS (id) SEQUENCE BY s COLUMNS (id, vv) | 2:88 COLUMN_NOT_FOUND vv is not a column of what the flow reads. | Nearest: v, id, n.
            FROM STREAM(src) KEYS (id) SEQUENCE BY ss | 2:73 COLUMN_NOT_FOUND ss is not a column of what the flow reads. | Nearest: s, ts, id.
            FROM STREAM(src) KEYS (id) SEQUENCE BY NULL | 2:73 TYPE_MISMATCH SEQUENCE BY NULL, whose values have no order. | Order by a number, a text, a day or a moment, or by STRUCT(a, b) of those.
            FROM STREAM(src) KEYS (id) SEQUENCE BY STRUCT(s, s) | 2:83 TYPE_MISMATCH The STRUCT has two fields named s. | Give one of them another name with AS.
            FROM STREAM(src) KEYS (id) SEQUENCE BY s APPLY AS DELETE WHEN op | 2:96 TYPE_MISMATCH op is STRING and stands where a condition is needed. | Compare it with something.
            FROM STREAM(src) KEYS (id) SEQUENCE BY s APPLY AS TRUNCATE WHEN op = 'T' STORED AS SCD TYPE 2 | 2:75 SQL_UNSUPPORTED APPLY AS TRUNCATE WHEN with STORED AS SCD TYPE 2 is not supported yet. | Write STORED AS SCD TYPE 1, or delete row by row with APPLY AS DELETE WHEN.
            FROM STREAM(src) KEYS (id) SEQUENCE BY s TRACK HISTORY ON (v) | 2:75 SQL_SYNTAX TRACK HISTORY without a history. | Write STORED AS SCD TYPE 2, or leave it out.
            FROM STREAM(src) KEYS (id) SEQUENCE BY s STORED AS SCD TYPE 2 TRACK HISTORY ON (w) | 2:114 COLUMN_NOT_FOUND w is not a column of bronze.t. | Nearest: n, s, v.
            FROM STREAM(src) KEYS (id) SEQUENCE BY s IGNORE NULL UPDATES ON (w) | 2:99 COLUMN_NOT_FOUND w is not a column of bronze.t. | Nearest: n, s, v.
            FROM STREAM(src) KEYS (id) SEQUENCE BY s STORED AS SCD TYPE 3 | 2:94 SQL_SYNTAX '3' does not fit here. | Check what stands before it: a comma, a parenthesis or a word is missing, misspelt or too much.
            FROM STREAM(src) KEYS (id) KEYS (v) SEQUENCE BY s | 2:61 SQL_SYNTAX KEYS occurs twice. | Remove one of them.
            FROM src KEYS (id) SEQUENCE BY s | 2:34 SQL_UNSUPPORTED AUTO CDC from what is no stream is not supported yet. | Write FROM STREAM(table); FROM SNAPSHOT table where each update finds all rows there are.
            FROM SNAPSHOT (SELECT id FROM STREAM src) KEYS (id) | 2:34 SQL_UNSUPPORTED A snapshot is all rows there are, and this one is read from a stream. | Leave STREAM out.
            FROM SNAPSHOT src KEYS (id) SEQUENCE BY s | 2:62 SQL_SYNTAX SEQUENCE BY does not go with FROM SNAPSHOT, whose rows are compared with those of before. | Leave it out, or read changes: FROM STREAM(table).
            FROM STREAM(src) KEYS (id) SEQUENCE BY s ORDER BY v | 2:75 SQL_SYNTAX 'ORDER' does not fit here. | Check what stands before it: a comma, a parenthesis or a word is missing, misspelt or too much.
            FROM STREAM(src) | 2:34 SQL_SYNTAX The changes of t have no KEYS. | Write KEYS (column, ...): the columns that tell rows apart.
            FROM STREAM(srcc) KEYS (id) SEQUENCE BY s | 2:46 TABLE_NOT_FOUND No flow and no source makes bronze.srcc. | Nearest: bronze.src.
            """)
    void whatIsWrongIsRefusedInItsPlace(String clauses, String what, String mend) {
        String[] parts = what.split(" ", 3);
        assertThat(refusal(clauses))
                .isEqualTo("pipelines/a.sql:" + parts[0] + "  " + parts[1] + "  " + parts[2] + "\n    " + mend);
    }

    @Test
    void aFlowThatRunsOnceReadsNoStream() {
        assertThat(project("CREATE STREAMING TABLE t;\nCREATE FLOW f AS AUTO CDC ONCE INTO t FROM STREAM(src) KEYS (id)"
                                + " SEQUENCE BY s")
                        .refusal())
                .isEqualTo(
                        """
                        pipelines/a.sql:2:39  SQL_UNSUPPORTED  A flow that runs once reads whole tables, and this one is read from a stream.
                            Leave STREAM out.""");
    }

    @Test
    void declaredColumnsAreThoseOfTheChanges() {
        assertThat(project(
                                "CREATE STREAMING TABLE t (id INT, vv STRING);\nCREATE FLOW f AS AUTO CDC INTO t FROM STREAM(src)"
                                        + " KEYS (id) SEQUENCE BY s COLUMNS (id, v)")
                        .refusal())
                .isEqualTo(
                        """
                        pipelines/a.sql:1:35  COLUMN_NOT_FOUND  vv is declared and the query does not yield it.
                            Nearest: v, id.
                        pipelines/a.sql:2:34  COLUMN_NOT_FOUND  v is not among the declared columns.
                            Nearest: vv, id.""");
    }

    @Test
    void declaredVersionsAreOfTheTypeOfTheirOrder() {
        assertThat(project("CREATE STREAMING TABLE t (id INT, __START_AT TIMESTAMP, __END_AT BIGINT NOT NULL);\n"
                                + "CREATE FLOW f AS AUTO CDC INTO t FROM STREAM(src) KEYS (id) SEQUENCE BY s COLUMNS (id)"
                                + " STORED AS SCD TYPE 2")
                        .refusal())
                .isEqualTo(
                        """
                        pipelines/a.sql:1:35  TYPE_MISMATCH  __START_AT is declared TIMESTAMP, and SEQUENCE BY is BIGINT.
                            Declare BIGINT, or leave the column out: AUTO CDC makes it.
                        pipelines/a.sql:1:57  CONFIGURATION_INVALID  __END_AT is NULL while a version is the current one, and is declared \
                        NOT NULL.
                            Leave NOT NULL out.""");
    }

    @Test
    void changesThatBringVersionsOfTheirOwnAreRefused() {
        assertThat(project(
                                """
                                CREATE STREAMING TABLE t;
                                CREATE TEMPORARY VIEW w AS SELECT id, s, s AS __end_at FROM STREAM src;
                                CREATE FLOW f AS AUTO CDC INTO t FROM STREAM(w) KEYS (id) SEQUENCE BY s STORED AS SCD TYPE 2;
                                """)
                        .refusal())
                .isEqualTo(
                        """
                        pipelines/a.sql:3:34  CONFIGURATION_INVALID  __end_at is a column that AUTO CDC makes, and the flow f yields it.
                            Leave it out with COLUMNS * EXCEPT (__end_at).""");
    }

    @Test
    void expectationsStandBeforeTheChangesAreFollowed() {
        assertThat(project("CREATE STREAMING TABLE t (CONSTRAINT a EXPECT (id > 0));\n"
                                + "CREATE FLOW f AS AUTO CDC INTO t FROM STREAM(src) KEYS (id) SEQUENCE BY s")
                        .refusal())
                .isEqualTo(
                        """
                        pipelines/a.sql:1:27  SQL_UNSUPPORTED  An expectation of bronze.t, which follows changes, is not supported.
                            Write it at a temporary view, and let the flow read that: FROM STREAM(view).""");
    }

    @Test
    void aTableThatFollowsChangesIsNoStream() {
        String table = "CREATE STREAMING TABLE t FLOW AUTO CDC FROM STREAM(src) KEYS (id) SEQUENCE BY s;\n";

        assertThat(project(table + "CREATE STREAMING TABLE u AS SELECT id FROM STREAM t")
                        .refusal())
                .isEqualTo(
                        """
                        pipelines/a.sql:2:51  SQL_UNSUPPORTED  STREAM of bronze.t, whose rows follow changes, is not supported.
                            Read it without STREAM in a materialized view, or stream what it is filled from.""");
        assertThat(project(
                                table
                                        + "CREATE STREAMING TABLE u AS SELECT id FROM STREAM t WITH ('skipChangeCommits' = 'true')")
                        .compile()
                        .flows())
                .hasSize(2);
    }
}
