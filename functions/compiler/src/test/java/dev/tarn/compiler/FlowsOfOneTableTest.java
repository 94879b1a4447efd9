package dev.tarn.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several flows may fill one streaming table; what does not go together is refused. */
class FlowsOfOneTableTest {

    @TempDir
    private Path folder;

    private TestProject project(String sql) {
        return StatementsTest.project(folder, "id INT, v STRING, n INT, s BIGINT", "")
                .sql(sql);
    }

    private Plan plan(String sql) {
        return project(sql).compile();
    }

    private String refusal(String sql) {
        return project(sql).refusal();
    }

    @Test
    void everyFlowYieldsAllColumnsOfTheTableByTheirNames() {
        Plan plan = plan(
                """
                CREATE STREAMING TABLE t (id BIGINT, v STRING, n DECIMAL(12,2));
                CREATE FLOW f AS INSERT INTO t BY NAME SELECT v, id FROM STREAM src;
                CREATE FLOW g AS INSERT ONCE INTO t BY NAME SELECT n, id FROM other;
                """);

        assertThat(plan.flows()).extracting(Flow::id).containsExactly("f", "g");
        assertThat(plan.flows().get(0).sql())
                .startsWith("SELECT CAST(\"id\" AS BIGINT) AS \"id\", CAST(\"v\" AS VARCHAR) AS \"v\","
                        + " CAST(NULL AS DECIMAL(12,2)) AS \"n\"\nFROM (");
        assertThat(plan.flows().get(1).sql())
                .startsWith("SELECT CAST(\"id\" AS BIGINT) AS \"id\", CAST(NULL AS VARCHAR) AS \"v\","
                        + " CAST(\"n\" AS DECIMAL(12,2)) AS \"n\"\nFROM (");
        assertThat(plan.flows().get(0).dataset()).isEqualTo(plan.flows().get(1).dataset());
    }

    @Test
    void aTableWithoutDeclaredColumnsHasThoseOfAllItsFlowsInTypesThatHoldBoth() {
        assertThat(
                        PlanText.of(
                                plan(
                                        """
                        CREATE FLOW g AS INSERT INTO t BY NAME SELECT s AS n, v FROM STREAM other;
                        CREATE STREAMING TABLE t (CONSTRAINT a EXPECT (n > 0)) AS SELECT id, n FROM STREAM src;
                        """)))
                .isEqualTo(
                        """
                        bronze.t streams (id INT, n BIGINT, v STRING)
                          bronze.t: appends; reads bronze.src stream; expects a (n > 0) warn
                          g: appends; reads bronze.other stream; expects a (n > 0) warn""");
    }

    @Test
    void readersSeeWhatAllFlowsYield() {
        assertThat(
                        plan("""
                                CREATE MATERIALIZED VIEW silver.a AS SELECT v FROM bronze.t;
                                CREATE STREAMING TABLE t AS SELECT id FROM STREAM src;
                                CREATE FLOW g AS INSERT INTO t BY NAME SELECT v FROM STREAM other;
                                """)
                                .flows())
                .extracting(Flow::id)
                .containsExactly("bronze.t", "g", "silver.a");
    }

    @Test
    void columnsOfTwoFlowsFitTogether() {
        assertThat(
                        refusal(
                                """
                                CREATE STREAMING TABLE t;
                                CREATE FLOW f AS INSERT INTO t BY NAME SELECT id, v FROM STREAM src;
                                CREATE FLOW g AS INSERT INTO t BY NAME SELECT v AS id FROM STREAM other;
                                """))
                .isEqualTo(
                        """
                        pipelines/a.sql:3:47  TYPE_MISMATCH  id is STRING in the flow g and INT in another flow into bronze.t.
                            Bring both to one type with CAST.""");
    }

    @Test
    void whatTheTableDoesNotDeclareIsNamedWithTheNearest() {
        assertThat(
                        refusal(
                                """
                                CREATE STREAMING TABLE t (id INT, name STRING);
                                CREATE FLOW f AS INSERT INTO t BY NAME SELECT id, v AS nam FROM STREAM src;
                                """))
                .isEqualTo(
                        """
                        pipelines/a.sql:2:51  COLUMN_NOT_FOUND  nam is not among the declared columns of bronze.t.
                            Nearest: name.""");
    }

    @Test
    void whatMayNotBeNullIsYieldedByEveryFlow() {
        assertThat(
                        refusal(
                                """
                                CREATE STREAMING TABLE t (id INT, v STRING NOT NULL);
                                CREATE FLOW f AS INSERT INTO t BY NAME SELECT id FROM STREAM src;
                                """))
                .isEqualTo(
                        """
                        pipelines/a.sql:1:35  COLUMN_NOT_FOUND  v is NOT NULL and the flow f does not yield it.
                            Yield it there, or leave NOT NULL out.""");
    }

    @Test
    void aTypeIsNotNarrowed() {
        assertThat(
                        refusal(
                                """
                                CREATE STREAMING TABLE t (s INT);
                                CREATE FLOW f AS INSERT INTO t BY NAME SELECT s FROM STREAM src;
                                """))
                .isEqualTo(
                        """
                        pipelines/a.sql:1:27  TYPE_MISMATCH  s is declared INT and the query yields BIGINT, which does not always fit.
                            Declare BIGINT, or CAST in the query.""");
    }

    @Test
    void aColumnThatNoFlowYieldsNeedsAType() {
        assertThat(
                        refusal(
                                """
                                CREATE STREAMING TABLE t (id INT, x COMMENT 'later');
                                CREATE FLOW f AS INSERT INTO t BY NAME SELECT id FROM STREAM src;
                                """))
                .isEqualTo(
                        """
                        pipelines/a.sql:1:35  TYPE_MISMATCH  x has no type, and no flow into bronze.t yields it.
                            Write its type behind its name.""");
    }

    @Test
    void twoFlowsOfOneNameAreRefused() {
        assertThat(
                        refusal(
                                """
                                CREATE STREAMING TABLE t;
                                CREATE STREAMING TABLE u;
                                CREATE FLOW f AS INSERT INTO t BY NAME SELECT id FROM STREAM src;
                                CREATE FLOW F AS INSERT INTO u BY NAME SELECT id FROM STREAM src;
                                """))
                .isEqualTo(
                        """
                        pipelines/a.sql:4:1  CONFIGURATION_INVALID  Two flows are named F; the other one is at pipelines/a.sql:3:1.
                            Give one of them another name.""");
    }

    @Test
    void onlyOneFlowIntoATableMayBeWithoutAName() {
        assertThat(
                        refusal(
                                """
                                CREATE STREAMING TABLE t AS SELECT id FROM STREAM src;
                                INSERT INTO ONCE t BY NAME SELECT id FROM other;
                                """))
                .isEqualTo(
                        """
                        pipelines/a.sql:2:1  CONFIGURATION_INVALID  Two flows into bronze.t have no name; the other one is at \
                        pipelines/a.sql:1:1.
                            Write CREATE FLOW name AS before one of them.""");
    }

    @Test
    void aTableThatNothingFillsIsRefused() {
        assertThat(refusal("CREATE STREAMING TABLE silver.t (id INT)"))
                .isEqualTo(
                        """
                        pipelines/a.sql:1:24  CONFIGURATION_INVALID  Nothing fills silver.t.
                            Write AS and a query, or CREATE FLOW name AS INSERT INTO silver.t BY NAME and a query.""");
    }

    @Test
    void aTableWhoseFlowIsRefusedIsNoFurtherProblem() {
        assertThat(
                        refusal(
                                """
                                CREATE STREAMING TABLE silver.t;
                                CREATE FLOW f AS INSERT INTO silver.t SELECT id FROM STREAM src;
                                CREATE MATERIALIZED VIEW gold.u AS SELECT id FROM silver.t;
                                """))
                .isEqualTo(
                        """
                        pipelines/a.sql:2:39  SQL_UNSUPPORTED  INSERT INTO without BY NAME is not supported yet.
                            Write BY NAME before the query: its columns are matched to those of the table by their names.""");
    }

    @Test
    void aFlowIntoAMaterializedViewIsRefused() {
        assertThat(
                        refusal(
                                """
                                CREATE MATERIALIZED VIEW silver.t AS SELECT id FROM src;
                                CREATE FLOW f AS INSERT INTO silver.t BY NAME SELECT id FROM STREAM other;
                                """))
                .isEqualTo(
                        """
                        pipelines/a.sql:2:30  CONFIGURATION_INVALID  silver.t is a materialized view, which its own query fills and \
                        nothing else.
                            Make it a streaming table, or read both in its query with UNION ALL.""");
    }

    @Test
    void aFlowIntoAnUnknownTableIsNamedWithTheNearest() {
        assertThat(
                        refusal(
                                """
                                CREATE STREAMING TABLE silver.moves AS SELECT id FROM STREAM src;
                                CREATE FLOW f AS INSERT INTO silver.move BY NAME SELECT id FROM STREAM other;
                                """))
                .isEqualTo(
                        """
                        pipelines/a.sql:2:30  TABLE_NOT_FOUND  No statement makes the table silver.move.
                            Nearest: silver.moves.""");
    }

    @Test
    void aFlowIntoTheTableOfASourceIsRefused() {
        assertThat(refusal("CREATE FLOW f AS INSERT INTO src BY NAME SELECT id FROM STREAM other"))
                .isEqualTo(
                        """
                        pipelines/a.sql:1:30  TABLE_CLAIMED_TWICE  bronze.src is already filled from sources/odoo.yml:6:12.
                            Fill a table of its own.""");
    }

    @Test
    void aTableThatFollowsChangesHasOneFlow() {
        assertThat(
                        refusal(
                                """
                                CREATE STREAMING TABLE t;
                                CREATE FLOW f AS AUTO CDC INTO t FROM STREAM src KEYS (id) SEQUENCE BY s;
                                CREATE FLOW g AS AUTO CDC INTO t FROM STREAM other KEYS (id) SEQUENCE BY s;
                                """))
                .isEqualTo(
                        """
                        pipelines/a.sql:3:1  TABLE_CLAIMED_TWICE  bronze.t follows changes and has a second flow; the other one is at \
                        pipelines/a.sql:2:1.
                            Put what both read together with UNION ALL in one flow.""");
    }

    @Test
    void aTableIsNotBothAppendedToAndChanged() {
        assertThat(
                        refusal(
                                """
                                CREATE STREAMING TABLE t AS SELECT id FROM STREAM src;
                                CREATE FLOW g AS AUTO CDC INTO t FROM STREAM other KEYS (id) SEQUENCE BY s;
                                """))
                .isEqualTo(
                        """
                        pipelines/a.sql:2:1  TABLE_CLAIMED_TWICE  bronze.t follows changes and has a second flow; the other one is at \
                        pipelines/a.sql:1:1.
                            Put what both read together with UNION ALL in one flow.""");
    }

    @Test
    void aPrivateTableAndAViewAreNotPublished() {
        TestProject project = project(
                        """
                        CREATE PRIVATE MATERIALIZED VIEW gold.t AS SELECT id FROM src;
                        CREATE VIEW gold.v AS SELECT id FROM src;
                        """)
                .with(
                        "sinks/supabase.yml",
                        """
                        sink: supabase
                        type: postgres
                        connection: ${secret:supabase-url}
                        tables:
                          - { from: gold.t, to: reporting.t, key: [id], mode: upsert }
                          - { from: gold.v, to: reporting.v, key: [id], mode: upsert }
                        """);

        assertThat(project.refusal())
                .isEqualTo(
                        """
                        sinks/supabase.yml:5:13  CONFIGURATION_INVALID  gold.t is private, and supabase publishes it.
                            Leave PRIVATE out of its statement, or publish another table.
                        sinks/supabase.yml:6:13  CONFIGURATION_INVALID  gold.v is a view, of which nothing is stored that supabase \
                        could publish.
                            Make it a materialized view.""");
    }

    @Test
    void columnsOfTarnAreTarns() {
        assertThat(refusal("CREATE STREAMING TABLE t AS SELECT id AS _tarn_sequence FROM STREAM src"))
                .isEqualTo(
                        """
                        pipelines/a.sql:1:36  CONFIGURATION_INVALID  _tarn_sequence is not a name for a column: those that begin with \
                        _tarn_ are Tarn's own.
                            Give it another name with AS.""");
    }

    @Test
    void thereAreNoMoreExpectationsThanCanBeCounted() {
        StringBuilder sql = new StringBuilder("CREATE STREAMING TABLE t (\n");
        for (int i = 1; i <= 64; i++) {
            sql.append("CONSTRAINT c")
                    .append(i)
                    .append(" EXPECT (id > ")
                    .append(i)
                    .append(i < 64 ? "),\n" : ")\n");
        }
        assertThat(refusal(sql + ") AS SELECT id FROM STREAM src"))
                .isEqualTo(
                        """
                        pipelines/a.sql:65:1  CONFIGURATION_INVALID  bronze.t has 64 expectations, and 63 are the most there can be.
                            Put some of them together with AND.""");
    }
}
