package dev.tarn.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.ViolationCounter;
import dev.tarn.model.Effect;
import dev.tarn.model.Expectation;
import dev.tarn.model.Expectation.OnViolation;
import dev.tarn.model.Flow;
import dev.tarn.model.JudgedView;
import dev.tarn.model.SourcePosition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row of a view with expectations is judged once, however the query uses the view. */
class JudgedViewsTest {

    private static final int ROWS = 100_000;
    private static final String VIEW =
            """
            CREATE TEMPORARY VIEW judged (
              CONSTRAINT all_break EXPECT (id < 0),
              CONSTRAINT some_drop EXPECT (n < 6) ON VIOLATION DROP ROW
            ) AS SELECT id, n, v FROM bronze.src WHERE id >= 10;
            """;

    @TempDir
    private Path folder;

    private Flow flow(String sql) {
        List<Flow> flows = StatementsTest.project(folder, "id INT, n INT, v STRING", "")
                .sql(sql)
                .compile()
                .flows();
        return flows.get(flows.size() - 1);
    }

    /** What came of one run. */
    private record Run(long rows, List<ViolationCounter> counters) {}

    private Run run(Flow flow) {
        Budget budget = new Budget(256L << 20, 256L << 20, 64L << 20, 64L << 20, 64L << 20, 2);
        try (DuckDb engine = DuckDb.open(budget, folder.resolve("workspace"));
                Session session = engine.session()) {
            session.execute("CREATE TEMP TABLE \"bronze.src\" AS SELECT i::INTEGER AS id, (i % 7)::INTEGER AS n,"
                    + " 'v' || (i % 3) AS v FROM range(" + ROWS + ") t(i)");
            session.execute("CREATE TEMP TABLE \"bronze.other\" AS SELECT i::INTEGER AS id, i::INTEGER AS n, 'x' AS v"
                    + " FROM range(0) t(i)");
            List<ViolationCounter> counters = new ArrayList<>();
            for (JudgedView view : flow.views()) {
                long mask = 0;
                for (int i = 0; i < view.expectations().size(); i++) {
                    boolean drops = view.expectations().get(i).onViolation() == OnViolation.DROP_ROW;
                    mask |= drops ? 1L << i : 0;
                }
                counters.add(new ViolationCounter(view.expectations().size(), mask));
                session.violations(view.function(), counters.get(counters.size() - 1));
            }
            session.execute("CREATE TEMP TABLE result AS " + flow.sql());
            List<Long> rows = session.query("SELECT count(*) FROM result", row -> row.getLong(1));
            return new Run(rows.get(0), counters);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT id FROM judged",
                "SELECT count(*) AS c FROM judged",
                "SELECT id FROM judged WHERE id = 12",
                "SELECT id FROM judged WHERE id > 1000000",
                "SELECT id FROM judged WHERE v = 'zz'",
                "SELECT id FROM judged WHERE 1 = 2",
                "SELECT id FROM (SELECT id, n FROM judged) x WHERE id < 20 AND n = 1",
                "SELECT n, count(*) AS c FROM judged WHERE n = 1 GROUP BY n",
                "SELECT j.id FROM judged j JOIN bronze.src s ON s.id = j.id WHERE s.id < 20",
                "SELECT j.id FROM judged j JOIN bronze.other o ON o.id = j.id",
                "SELECT o.id FROM bronze.other o JOIN judged j ON o.id = j.id",
                "SELECT o.id FROM bronze.other o LEFT JOIN judged j ON o.id = j.id",
                "SELECT j.id FROM judged j CROSS JOIN bronze.other o",
                "SELECT a.id FROM judged a JOIN judged b ON a.id = b.id WHERE a.id = 15",
                "SELECT id FROM judged WHERE id = 11 UNION ALL SELECT id FROM judged WHERE id = 12",
                "SELECT id FROM judged QUALIFY row_number() OVER (PARTITION BY n ORDER BY id) = 1",
                "WITH w AS (SELECT id FROM judged WHERE id < 0) SELECT DISTINCT w.id FROM w",
            })
    void everyRowOfTheViewIsJudgedOnceAndNoOther(String query) {
        Run run = run(flow(VIEW + "CREATE MATERIALIZED VIEW silver.t AS " + query));

        assertThat(run.counters()).hasSize(1);
        assertThat(run.counters().get(0).broken(0)).isEqualTo(ROWS - 10);
        assertThat(run.counters().get(0).dropped()).isEqualTo(14_284);
    }

    @Test
    void onlyRowsThatAreKeptComeOut() {
        Run run = run(flow(VIEW + "CREATE MATERIALIZED VIEW silver.t AS SELECT id, n FROM judged"));

        assertThat(run.rows()).isEqualTo(ROWS - 10 - 14_284);
    }

    @Test
    void aViewOfAViewJudgesWhatTheFirstOneKept() {
        Run run = run(
                flow(
                        VIEW
                                + """
                        CREATE TEMPORARY VIEW again (CONSTRAINT even EXPECT (n <> 5) ON VIOLATION DROP ROW)
                        AS SELECT id, n FROM judged WHERE n > 3;
                        CREATE MATERIALIZED VIEW silver.t AS SELECT id FROM again WHERE id = 11;
                        """));

        assertThat(run.counters()).hasSize(2);
        assertThat(run.counters().get(0).broken(0)).isEqualTo(ROWS - 10);
        assertThat(run.counters().get(1).dropped()).isEqualTo(14_284);
        assertThat(run.rows()).isEqualTo(1);
    }

    @Test
    void changesAreJudgedBeforeTheyAreFollowed() {
        Flow flow = flow(
                """
                CREATE TEMPORARY VIEW changes (
                  CONSTRAINT small EXPECT (n < 6) ON VIOLATION DROP ROW
                ) AS SELECT id, n, v FROM STREAM(bronze.src);
                CREATE STREAMING TABLE silver.t;
                CREATE FLOW f AS AUTO CDC INTO silver.t FROM STREAM(changes) KEYS (id) SEQUENCE BY n COLUMNS (id, v);
                """);
        Run run = run(flow);

        assertThat(flow.effect()).isInstanceOf(Effect.AutoCdc.class);
        assertThat(run.counters().get(0).dropped()).isEqualTo(14_285);
        assertThat(run.rows()).isEqualTo(ROWS - 14_285);
    }

    @Test
    void theQueryCallsTheFunctionOfItsView() {
        Flow flow = flow(
                """
                CREATE TEMPORARY VIEW judged (
                  CONSTRAINT a EXPECT (id > 0),
                  CONSTRAINT b EXPECT (n IS NOT NULL) ON VIOLATION FAIL UPDATE
                ) AS SELECT id, n FROM bronze.src;
                CREATE MATERIALIZED VIEW silver.t AS SELECT id FROM judged;
                """);

        assertThat(flow.views())
                .containsExactly(new JudgedView(
                        "judged",
                        "tarn_keeps_1",
                        List.of(
                                new Expectation(
                                        "a",
                                        "id > 0",
                                        "(\"id\" > CAST(0 AS INTEGER))",
                                        OnViolation.WARN,
                                        new SourcePosition("pipelines/a.sql", 2, 3)),
                                new Expectation(
                                        "b",
                                        "n IS NOT NULL",
                                        "(NOT (\"n\" IS NULL))",
                                        OnViolation.FAIL_UPDATE,
                                        new SourcePosition("pipelines/a.sql", 3, 3)))));
        assertThat(flow.expectations()).isEmpty();
        assertThat(flow.sql())
                .isEqualTo(
                        """
                        WITH "judged" AS MATERIALIZED (SELECT "id", "n"
                        FROM (SELECT "id", "n", "tarn_keeps_1"(CASE WHEN coalesce(("id" > CAST(0 AS INTEGER)), FALSE) THEN 0::BIGINT \
                        ELSE 1::BIGINT END + CASE WHEN coalesce((NOT ("n" IS NULL)), FALSE) THEN 0::BIGINT ELSE 2::BIGINT END) AS \
                        "_tarn_keep"
                        FROM (SELECT "src"."id" AS "id", "src"."n" AS "n"
                        FROM "bronze.src" AS "src") AS "rows") AS "judged"
                        WHERE "_tarn_keep"
                        LIMIT 9223372036854775807)
                        SELECT CAST("id" AS INTEGER) AS "id"
                        FROM (SELECT "judged"."id" AS "id"
                        FROM "judged" AS "judged") AS "result"
                        UNION ALL
                        SELECT CAST(NULL AS INTEGER)
                        FROM "judged"
                        WHERE random() < 0""");
    }

    @Test
    void theColumnOfTheJudgementIsTarns() {
        assertThat(StatementsTest.project(folder, "id INT", "")
                        .sql(
                                """
                                CREATE TEMPORARY VIEW judged (CONSTRAINT a EXPECT (id > 0)) AS SELECT id AS _tarn_keep, id FROM src;
                                CREATE MATERIALIZED VIEW silver.t AS SELECT id FROM judged;
                                """)
                        .refusal())
                .isEqualTo(
                        """
                        pipelines/a.sql:1:71  CONFIGURATION_INVALID  _tarn_keep is not a name for a column: those that begin with _tarn_ \
                        are Tarn's own.
                            Give it another name with AS.""");
    }
}
