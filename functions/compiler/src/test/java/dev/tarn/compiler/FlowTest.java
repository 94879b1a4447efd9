package dev.tarn.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.Column;
import dev.tarn.model.DataType.Simple;
import dev.tarn.model.Dataset;
import dev.tarn.model.Expectation;
import dev.tarn.model.Expectation.OnViolation;
import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlowTest {

    private static final TableName MOVES = TableName.parse("bronze.account_move");
    private static final TableName PARTNERS = TableName.parse("bronze.res_partner");

    @TempDir
    private Path folder;

    private Plan plan(String sql) {
        return new TestProject(folder).sql(sql).compile();
    }

    private Flow flow(String sql) {
        return plan(sql).flows().get(0);
    }

    @Test
    void aStreamingTableReadsTheNewRowsOfAStream() {
        Flow flow = flow(
                """
                CREATE OR REFRESH STREAMING TABLE silver.moves
                COMMENT 'Moves as they come'
                PARTITIONED BY (move_date)
                AS SELECT m.id, m.date AS move_date, p.name
                FROM STREAM(bronze.account_move) m
                LEFT JOIN bronze.res_partner p ON p.id = m.commercial_partner_id
                WHERE m.state = 'posted';
                """);

        assertThat(flow.dataset().kind()).isEqualTo(Dataset.Kind.STREAMING_TABLE);
        assertThat(flow.inputs())
                .containsExactly(
                        new Flow.Input(MOVES, Flow.Reading.STREAM), new Flow.Input(PARTNERS, Flow.Reading.WHOLE));
        assertThat(flow.dataset().partitionBy()).containsExactly("move_date");
        assertThat(flow.dataset().comment()).isEqualTo("Moves as they come");
        assertThat(flow.schema().columns())
                .containsExactly(
                        new Column("id", Simple.INT),
                        new Column("move_date", Simple.DATE),
                        new Column("name", Simple.STRING));
        assertThat(flow.sql())
                .isEqualTo(
                        """
                SELECT CAST("id" AS INTEGER) AS "id", CAST("move_date" AS DATE) AS "move_date", CAST("name" AS VARCHAR) AS "name"
                FROM (SELECT "m"."id" AS "id", "m"."date" AS "move_date", "p"."name" AS "name"
                FROM "bronze.account_move" AS "m"
                LEFT JOIN "bronze.res_partner" AS "p" ON ("p"."id" = "m"."commercial_partner_id")
                WHERE ("m"."state" = CAST('posted' AS VARCHAR))) AS "result\"""");
    }

    @Test
    void streamIsUnderstoodWithAndWithoutParentheses() {
        assertThat(flow("CREATE STREAMING TABLE silver.a AS SELECT id FROM STREAM bronze.res_partner")
                        .inputs())
                .containsExactly(new Flow.Input(PARTNERS, Flow.Reading.STREAM));
    }

    @Test
    void aStreamIsNeitherGroupedNorRanked() {
        assertThat(new TestProject(folder)
                        .sql(
                                "CREATE STREAMING TABLE silver.a AS SELECT id, count(*) AS n FROM STREAM(bronze.res_partner) GROUP BY id")
                        .refusal())
                .isEqualTo(
                        """
                        pipelines/a.sql:1:36  SQL_UNSUPPORTED  Grouping, DISTINCT or window functions over a stream is not supported yet.
                            Make it a materialized view.""");
    }

    @Test
    void aTemporaryViewBecomesPartOfWhateverReadsIt() {
        Flow flow = flow(
                """
                CREATE TEMPORARY VIEW posted AS SELECT id, date FROM bronze.account_move WHERE state = 'posted';
                CREATE MATERIALIZED VIEW silver.days AS SELECT date, count(*) AS n FROM Posted GROUP BY date;
                """);

        assertThat(flow.inputs()).containsExactly(new Flow.Input(MOVES, Flow.Reading.WHOLE));
        assertThat(flow.sql()).startsWith("WITH \"posted\" AS (SELECT \"account_move\".\"id\" AS \"id\"");
    }

    @Test
    void expectationsAreConditionsOverTheResult() {
        Flow flow = flow(
                """
                CREATE MATERIALIZED VIEW silver.moves (
                  CONSTRAINT known_state EXPECT (state IN ('draft', 'posted')) ON VIOLATION FAIL UPDATE,
                  CONSTRAINT has_company EXPECT (company_id IS NOT NULL) ON VIOLATION DROP ROW,
                  CONSTRAINT positive    EXPECT (company_id > 0)
                ) AS SELECT state, company_id FROM bronze.account_move
                """);

        assertThat(flow.expectations())
                .containsExactly(
                        new Expectation(
                                "known_state",
                                "state IN ('draft', 'posted')",
                                "(\"state\" IN (CAST('draft' AS VARCHAR), CAST('posted' AS VARCHAR)))",
                                OnViolation.FAIL_UPDATE,
                                new SourcePosition("pipelines/a.sql", 2, 3)),
                        new Expectation(
                                "has_company",
                                "company_id IS NOT NULL",
                                "(NOT (\"company_id\" IS NULL))",
                                OnViolation.DROP_ROW,
                                new SourcePosition("pipelines/a.sql", 3, 3)),
                        new Expectation(
                                "positive",
                                "company_id > 0",
                                "(\"company_id\" > CAST(0 AS INTEGER))",
                                OnViolation.WARN,
                                new SourcePosition("pipelines/a.sql", 4, 3)));
    }

    @Test
    void sourcesComeBeforeTheFlowsThatReadThem() {
        Plan plan = plan(
                """
                CREATE MATERIALIZED VIEW gold.c AS SELECT id FROM silver.b;
                CREATE MATERIALIZED VIEW silver.b AS SELECT id FROM silver.a;
                CREATE MATERIALIZED VIEW silver.a AS SELECT id FROM bronze.res_partner;
                """);

        assertThat(plan.flows()).extracting(Flow::id).containsExactly("silver.a", "silver.b", "gold.c");
    }

    @Test
    void declaredColumnsAreInTheDeclaredOrderAndType() {
        Flow flow = flow(
                """
                CREATE MATERIALIZED VIEW silver.a (
                  name STRING COMMENT 'Its name',
                  ID   BIGINT
                ) AS SELECT id, name FROM bronze.res_partner
                """);

        assertThat(flow.schema().columns())
                .containsExactly(new Column("name", Simple.STRING, "Its name"), new Column("ID", Simple.BIGINT));
    }

    @Test
    void aNameWithoutALayerIsOfTheProjectsDatabase() {
        assertThat(
                        plan("""
                        CREATE MATERIALIZED VIEW partners AS SELECT id FROM bronze.res_partner;
                        CREATE MATERIALIZED VIEW gold.n AS SELECT count(*) AS n FROM Partners;
                        """)
                                .flows())
                .extracting(flow -> flow.target().toString())
                .containsExactly("silver.partners", "gold.n");
    }

    @Test
    void aHashChangesWithTheMeaningAndNotWithTheWriting() {
        String before = flow("CREATE MATERIALIZED VIEW silver.a AS SELECT id FROM bronze.res_partner")
                .hash();
        String rewritten =
                flow("""
                -- the partners
                CREATE OR REFRESH MATERIALIZED VIEW silver.a COMMENT 'x' AS
                select   id   from bronze.res_partner
                """)
                        .hash();
        String changed = flow("CREATE MATERIALIZED VIEW silver.a AS SELECT id FROM bronze.res_partner WHERE id > 0")
                .hash();
        String expecting =
                flow("""
                CREATE MATERIALIZED VIEW silver.a (CONSTRAINT c EXPECT (id > 0)) AS SELECT id FROM bronze.res_partner
                """)
                        .hash();

        assertThat(rewritten).isEqualTo(before).hasSize(64);
        assertThat(changed).isNotEqualTo(before);
        assertThat(expecting).isNotEqualTo(before).isNotEqualTo(changed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE STREAMING TABLE silver.a (id INT NOT NULL, name STRING) # STREAM bronze.res_partner ;",
                "CREATE STREAMING TABLE silver.a CLUSTER BY (id) # STREAM bronze.res_partner ;",
                "CREATE STREAMING TABLE silver.a PARTITIONED BY (id) # STREAM bronze.res_partner ;",
                "CREATE STREAMING TABLE silver.a TBLPROPERTIES ('quality' = 'silver') # STREAM bronze.res_partner ;",
                "CREATE PRIVATE STREAMING TABLE silver.a # STREAM bronze.res_partner ;",
                "CREATE STREAMING TABLE silver.a # STREAM bronze.res_partner WITH ('skipChangeCommits' = 'true') ;",
                "CREATE STREAMING TABLE silver.a (CONSTRAINT c EXPECT (id > 0) ON VIOLATION QUARANTINE) # STREAM bronze.res_partner ;",
                "CREATE STREAMING TABLE silver.a # STREAM(v) ; CREATE TEMPORARY VIEW v (CONSTRAINT c EXPECT (id > 0)) # STREAM bronze.res_partner ;",
                "CREATE STREAMING TABLE silver.a FLOW INSERT ONCE BY NAME SELECT id, name FROM bronze.res_partner ;",
                "CREATE STREAMING TABLE silver.a FLOW AUTO CDC FROM STREAM bronze.res_partner KEYS (id) SEQUENCE BY _seq COLUMNS (id, name) ;",
            })
    void aHashKnowsTheTableAndWhatBecomesOfTheRows(String sql) {
        String before = flow("CREATE STREAMING TABLE silver.a AS SELECT id, name FROM STREAM bronze.res_partner")
                .hash();

        assertThat(flow(sql.replace("#", "AS SELECT id, name FROM")).hash()).isNotEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "STORED AS SCD TYPE 2",
                "IGNORE NULL UPDATES",
                "APPLY AS DELETE WHEN _op = 'delete'",
                "APPLY AS TRUNCATE WHEN _op = 'truncate'",
            })
    void aHashKnowsHowChangesAreFollowed(String clause) {
        String changes = "CREATE STREAMING TABLE silver.a FLOW AUTO CDC FROM STREAM bronze.res_partner KEYS (id)"
                + " SEQUENCE BY _seq COLUMNS (id, name) ";

        assertThat(flow(changes + clause).hash()).isNotEqualTo(flow(changes).hash());
    }

    @Test
    void aHashDoesNotKnowComments() {
        String before =
                flow("""
                        CREATE STREAMING TABLE silver.a (id INT, name STRING);
                        CREATE FLOW f AS INSERT INTO silver.a BY NAME SELECT id, name FROM STREAM(v);
                        CREATE TEMPORARY VIEW v (id, name, CONSTRAINT c EXPECT (id > 0)) AS
                        SELECT id, name FROM STREAM bronze.res_partner
                        """)
                        .hash();
        String commented =
                flow("""
                        CREATE STREAMING TABLE silver.a (id INT COMMENT 'key', name STRING COMMENT 'name') COMMENT 'partners';
                        CREATE FLOW f COMMENT 'all of them' AS INSERT INTO silver.a BY NAME SELECT id, name FROM STREAM(v);
                        CREATE TEMPORARY VIEW v (id COMMENT 'key', name, CONSTRAINT c EXPECT (id > 0)) COMMENT 'changes' AS
                        SELECT id, name FROM STREAM bronze.res_partner
                        """)
                        .hash();

        assertThat(commented).isEqualTo(before);
    }

    @Test
    void twoCompilationsGiveOnePlan() {
        String sql = "CREATE MATERIALIZED VIEW silver.a AS SELECT id FROM bronze.res_partner";

        assertThat(plan(sql)).isEqualTo(plan(sql));
    }
}
