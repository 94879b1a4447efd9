package dev.tarn.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong in SQL is refused with its place, what it is, and how to mend it. */
class RefusalTest {

    @TempDir
    private Path folder;

    private String refusal(String sql) {
        return new TestProject(folder).sql(sql).refusal();
    }

    @Test
    void aMisspeltColumnIsNamedWithTheNearestOnes() {
        assertThat(
                        refusal(
                                """
                        CREATE OR REFRESH MATERIALIZED VIEW silver.m AS
                        SELECT m.id,
                               m.amount_untaxed_sgined AS amount
                        FROM bronze.account_move m
                        """))
                .isEqualTo(
                        """
                        pipelines/a.sql:3:10  COLUMN_NOT_FOUND  amount_untaxed_sgined is not a column of bronze.account_move.
                            Nearest: amount_untaxed_signed, amount_total_signed, amount_untaxed.""");
    }

    @Test
    void everyMisspeltColumnOfAQueryIsNamed() {
        assertThat(
                        refusal(
                                """
                        CREATE MATERIALIZED VIEW silver.m AS
                        SELECT idd, zzzzzzzz AS a FROM bronze.res_partner WHERE nam = 'x'
                        """))
                .isEqualTo(
                        """
                        pipelines/a.sql:2:8  COLUMN_NOT_FOUND  idd is not a column of bronze.res_partner.
                            Nearest: id.
                        pipelines/a.sql:2:13  COLUMN_NOT_FOUND  zzzzzzzz is not a column of bronze.res_partner.
                            Its columns: id, name, parent_id, commercial_partner_id, country_id, is_company, active, comment, \
                        write_date, _op, _seq, _source, _extracted_at, _rescued_data, _reason, _xid.
                        pipelines/a.sql:2:57  COLUMN_NOT_FOUND  nam is not a column of bronze.res_partner.
                            Nearest: name.""");
    }

    @Test
    void anUnknownTableIsNamedWithTheNearestOnes() {
        assertThat(refusal("CREATE MATERIALIZED VIEW silver.m AS\nSELECT id FROM bronze.acount_move"))
                .isEqualTo(
                        """
                pipelines/a.sql:2:16  TABLE_NOT_FOUND  No flow and no source makes bronze.acount_move.
                    Nearest: bronze.account_move.""");
    }

    @Test
    void anUnknownAliasIsNamed() {
        assertThat(refusal("CREATE MATERIALIZED VIEW silver.m AS SELECT x.id FROM bronze.res_partner p"))
                .isEqualTo(
                        """
                pipelines/a.sql:1:45  TABLE_NOT_FOUND  x is not a table of this query.
                    Nearest: p.""");
    }

    @Test
    void anAmbiguousColumnIsNamed() {
        assertThat(
                        refusal(
                                """
                        CREATE MATERIALIZED VIEW silver.m AS
                        SELECT id FROM bronze.res_partner p JOIN bronze.account_move m ON m.commercial_partner_id = p.id
                        """))
                .isEqualTo(
                        """
                        pipelines/a.sql:2:8  COLUMN_NOT_FOUND  id is a column of more than one table here.
                            Write p.id or m.id.""");
    }

    @Test
    void aSyntaxErrorIsPlaced() {
        assertThat(refusal("CREATE MATERIALIZED VIEW silver.m AS\nSELECT id FORM bronze.res_partner"))
                .isEqualTo(
                        """
                pipelines/a.sql:2:16  SQL_SYNTAX  'bronze' does not fit here.
                    Check what stands before it: a comma, a parenthesis or a word is missing, misspelt or too much.""");
    }

    @Test
    void aStatementThatEndsTooEarlyIsPlaced() {
        assertThat(refusal("CREATE MATERIALIZED VIEW silver.m AS\nSELECT id FROM bronze.res_partner WHERE id >"))
                .isEqualTo(
                        """
                pipelines/a.sql:2:45  SQL_SYNTAX  The statement ends too early.
                    Check what stands before it: a comma, a parenthesis or a word is missing, misspelt or too much.""");
    }

    @Test
    void aColumnWithoutATableIsRefused() {
        assertThat(refusal("CREATE MATERIALIZED VIEW silver.m AS SELECT id"))
                .isEqualTo(
                        """
                pipelines/a.sql:1:45  COLUMN_NOT_FOUND  id is read from no table: the SELECT has no FROM.
                    Add FROM and the table.""");
    }

    @Test
    void anUnclosedTextIsPlaced() {
        assertThat(refusal("CREATE MATERIALIZED VIEW silver.m AS\nSELECT 'a FROM x"))
                .isEqualTo(
                        """
                pipelines/a.sql:2:8  SQL_SYNTAX  ''' begins nothing that SQL knows.
                    Close the text or remove the character.""");
    }

    @Test
    void aStatementAfterABrokenOneIsStillRead() {
        assertThat(
                        refusal(
                                """
                        CREATE MATERIALIZED VIEW silver.a SCHEDULE EVERY 1 DAY AS SELECT id FROM bronze.res_partner;
                        CREATE MATERIALIZED VIEW silver.b AS SELECT idd FROM bronze.res_partner;
                        """))
                .isEqualTo(
                        """
                        pipelines/a.sql:1:35  SQL_UNSUPPORTED  SCHEDULE is not supported yet.
                            Leave it out: the table is updated when what it reads changes.
                        pipelines/a.sql:2:45  COLUMN_NOT_FOUND  idd is not a column of bronze.res_partner.
                            Nearest: id.""");
    }

    @Test
    void flowsInACircleAreNamed() {
        assertThat(
                        refusal(
                                """
                        CREATE MATERIALIZED VIEW silver.a AS SELECT id FROM silver.b;
                        CREATE MATERIALIZED VIEW silver.b AS SELECT id FROM silver.c;
                        CREATE MATERIALIZED VIEW silver.c AS SELECT id FROM silver.a;
                        """))
                .isEqualTo(
                        """
                        pipelines/a.sql:3:53  FLOWS_CYCLIC  Flows in a circle: silver.a reads silver.b reads silver.c reads silver.a.
                            Let one of them read a table outside of the circle.""");
    }

    @Test
    void aTableThatTwoFlowsMakeIsNamedWithBothPlaces() {
        assertThat(new TestProject(folder)
                        .with(
                                "pipelines/a.sql",
                                "CREATE MATERIALIZED VIEW silver.a AS SELECT id FROM bronze.res_partner")
                        .with(
                                "pipelines/b.sql",
                                "CREATE MATERIALIZED VIEW silver.a AS SELECT id FROM bronze.account_move")
                        .refusal())
                .isEqualTo(
                        """
                        pipelines/b.sql:1:26  TABLE_CLAIMED_TWICE  silver.a is already made at pipelines/a.sql:1:26.
                            Give one of them another name.""");
    }

    @Test
    void aFlowThatMakesTheTableOfASourceIsRefused() {
        assertThat(refusal("CREATE MATERIALIZED VIEW bronze.res_partner AS SELECT 1 AS id"))
                .isEqualTo(
                        """
                pipelines/a.sql:1:26  TABLE_CLAIMED_TWICE  bronze.res_partner is already made at sources/odoo.yml:7:12.
                    Give one of them another name.""");
    }

    @Test
    void dataNeverFlowsBack() {
        assertThat(
                        refusal(
                                """
                        CREATE MATERIALIZED VIEW gold.a AS SELECT id FROM bronze.res_partner;
                        CREATE MATERIALIZED VIEW silver.b AS SELECT id FROM gold.a;
                        """))
                .isEqualTo(
                        """
                        pipelines/a.sql:2:53  CONFIGURATION_INVALID  silver.b reads gold.a: data flows from bronze to silver to gold and \
                        never back.
                            Move one of the two into another layer.""");
    }

    @Test
    void aStreamOfAMaterializedViewIsRefused() {
        assertThat(
                        refusal(
                                """
                        CREATE MATERIALIZED VIEW silver.a AS SELECT id FROM bronze.res_partner;
                        CREATE STREAMING TABLE silver.b AS SELECT id FROM STREAM(silver.a);
                        """))
                .isEqualTo(
                        """
                        pipelines/a.sql:2:58  SQL_UNSUPPORTED  STREAM of the materialized view silver.a, whose rows change, is not \
                        supported.
                            Read it without STREAM in a materialized view.""");
    }

    @Test
    void aDuplicateExpectationIsRefused() {
        assertThat(
                        refusal(
                                """
                        CREATE MATERIALIZED VIEW silver.a (
                          CONSTRAINT has_id EXPECT (id > 0),
                          CONSTRAINT has_id EXPECT (id < 9)
                        ) AS SELECT id FROM bronze.res_partner
                        """))
                .isEqualTo(
                        """
                        pipelines/a.sql:3:3  CONFIGURATION_INVALID  silver.a has two expectations named has_id.
                            Give one of them another name.""");
    }

    @Test
    void anExpectationThatIsNoConditionIsRefused() {
        assertThat(
                        refusal(
                                """
                        CREATE MATERIALIZED VIEW silver.a (CONSTRAINT has_id EXPECT (id + 1))
                        AS SELECT id FROM bronze.res_partner
                        """))
                .isEqualTo(
                        """
                        pipelines/a.sql:1:62  TYPE_MISMATCH  id + 1 is INT and stands where a condition is needed.
                            Compare it with something.""");
    }

    @Test
    void anExpectationSeesTheResultAndNotTheSource() {
        assertThat(
                        refusal(
                                """
                        CREATE MATERIALIZED VIEW silver.a (CONSTRAINT c EXPECT (name IS NOT NULL))
                        AS SELECT id FROM bronze.res_partner
                        """))
                .isEqualTo(
                        """
                        pipelines/a.sql:1:57  COLUMN_NOT_FOUND  name is not a column of silver.a.
                            Its columns: id.""");
    }

    @Test
    void valuesOfTwoKindsAreNotCompared() {
        assertThat(
                        refusal(
                                "CREATE MATERIALIZED VIEW silver.a AS SELECT id FROM bronze.account_move WHERE date > '2026-01-01'"))
                .isEqualTo(
                        """
                pipelines/a.sql:1:79  TYPE_MISMATCH  date (DATE) and '2026-01-01' (STRING) cannot be compared.
                    Bring both to one type with CAST; write a date as DATE'2026-01-31'.""");
    }

    @Test
    void aDeclaredTypeThatDoesNotHoldTheResultIsRefused() {
        assertThat(
                        refusal(
                                """
                        CREATE MATERIALIZED VIEW silver.a (
                          total DECIMAL(10,2)
                        ) AS SELECT sum(amount_total) AS total FROM bronze.account_move
                        """))
                .isEqualTo(
                        """
                        pipelines/a.sql:2:3  TYPE_MISMATCH  total is declared DECIMAL(10,2) and the query yields DECIMAL(38,18), which \
                        does not always fit.
                            Declare DECIMAL(38,18), or CAST in the query.""");
    }

    @Test
    void declaredColumnsAreThoseOfTheQuery() {
        assertThat(refusal("CREATE MATERIALIZED VIEW silver.a (idd INT) AS SELECT id FROM bronze.res_partner"))
                .isEqualTo(
                        """
                pipelines/a.sql:1:36  COLUMN_NOT_FOUND  idd is declared and the query does not yield it.
                    Nearest: id.
                pipelines/a.sql:1:55  COLUMN_NOT_FOUND  id is not among the declared columns.
                    Nearest: idd.""");
    }

    @Test
    void anUngroupedColumnIsRefused() {
        assertThat(refusal("CREATE MATERIALIZED VIEW silver.a AS SELECT id, count(*) AS n FROM bronze.res_partner"))
                .isEqualTo(
                        """
                pipelines/a.sql:1:45  SQL_SYNTAX  id is neither in GROUP BY nor inside an aggregate function.
                    Add it to GROUP BY, or write min(id).""");
    }

    @Test
    void aPartitionColumnExists() {
        assertThat(
                        refusal(
                                "CREATE MATERIALIZED VIEW silver.a PARTITIONED BY (dat) AS SELECT date FROM bronze.account_move"))
                .isEqualTo(
                        """
                pipelines/a.sql:1:51  COLUMN_NOT_FOUND  dat is not a column of silver.a.
                    Nearest: date.""");
    }

    @Test
    void aTemporaryViewThatNobodyReadsIsCheckedToo() {
        assertThat(refusal("CREATE TEMPORARY VIEW v AS SELECT idd FROM bronze.res_partner"))
                .isEqualTo(
                        """
                pipelines/a.sql:1:35  COLUMN_NOT_FOUND  idd is not a column of bronze.res_partner.
                    Nearest: id.""");
    }

    @Test
    void aViewThatReadsItselfIsRefused() {
        assertThat(refusal("CREATE TEMPORARY VIEW v AS SELECT id FROM w; CREATE TEMPORARY VIEW w AS SELECT id FROM v"))
                .isEqualTo(
                        """
                pipelines/a.sql:1:43  FLOWS_CYCLIC  The view w reads itself.
                    Break the circle.
                pipelines/a.sql:1:88  FLOWS_CYCLIC  The view v reads itself.
                    Break the circle.""");
    }

    @Test
    void qualifyNeedsAWindowFunction() {
        assertThat(refusal("CREATE MATERIALIZED VIEW silver.a AS SELECT id FROM bronze.res_partner QUALIFY id = 1"))
                .isEqualTo(
                        """
                pipelines/a.sql:1:72  SQL_SYNTAX  QUALIFY without a window function.
                    Write WHERE, or compare row_number() OVER (...) there.""");
    }

    @Test
    void aDeepExpressionIsRefusedAndNotACrash() {
        String deep = "id" + " + id".repeat(20_000);
        assertThat(refusal("CREATE MATERIALIZED VIEW silver.a AS SELECT " + deep + " AS a FROM bronze.res_partner"))
                .endsWith(
                        """
                SQL_UNSUPPORTED  An expression that is nested more than 300 levels deep is not supported yet.
                    Split it with WITH queries.""");
    }
}
