package dev.tarn.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expectations before AUTO CDC: a delete that one of them keeps back leaves its row in the table for ever. */
class HeldBackChangesTest {

    private static final String DELETES = "APPLY AS DELETE WHEN _op = 'delete'";

    @TempDir
    private Path folder;

    private final List<String> warnings = new ArrayList<>();

    private String compile(String sql) {
        TestProject project = StatementsTest.project(
                        folder, "id INT, company INT, state STRING, n INT, gone BOOLEAN, _op STRING, _seq BIGINT", "")
                .sql(sql);
        warnings.clear();
        return project.outcome(warning -> warnings.add(warning.toString()));
    }

    /** A view with one expectation, whose changes the table follows. */
    private String outcome(String expectation, String clauses) {
        return compile(
                """
                CREATE TEMPORARY VIEW changes (
                  CONSTRAINT rule EXPECT (%s)
                ) AS SELECT * FROM STREAM(bronze.src);
                CREATE STREAMING TABLE silver.t;
                CREATE FLOW f AS AUTO CDC INTO silver.t FROM STREAM(changes) KEYS (id) %s SEQUENCE BY _seq
                """
                        .formatted(expectation, clauses));
    }

    @Test
    void aDeleteThatAnExpectationMayDropIsRefused() {
        assertThat(outcome("state IN ('draft', 'posted')) ON VIOLATION DROP ROW, CONSTRAINT b EXPECT (id > 0", DELETES))
                .isEqualTo(
                        """
                        pipelines/a.sql:2:3  CHANGES_HELD_BACK  The expectation rule may keep back deletes on their way to silver.t: a \
                        delete has its key and may have nothing else, and then state IN ('draft', 'posted') is not known to be true.
                            Write EXPECT (_op = 'delete' OR state IN ('draft', 'posted')).""");
    }

    @Test
    void aDeleteOnWhichAnExpectationMayFailIsRefused() {
        assertThat(outcome("company IS NOT NULL) ON VIOLATION FAIL UPDATE, CONSTRAINT b EXPECT (id > 0", DELETES))
                .isEqualTo(
                        """
                        pipelines/a.sql:2:3  CHANGES_HELD_BACK  The expectation rule may fail on deletes on their way to silver.t: a \
                        delete has its key and may have nothing else, and then company IS NOT NULL is not known to be true.
                            Write EXPECT (_op = 'delete' OR company IS NOT NULL).""");
    }

    @Test
    void aDeleteThatIsOnlyCountedComesThrough() {
        assertThat(outcome("company IS NOT NULL", DELETES)).isEqualTo("compiles");
        assertThat(warnings).isEmpty();
    }

    @Test
    void anUpdateThatIsDroppedIsWarnedOfOnce() {
        String sql =
                """
                CREATE TEMPORARY VIEW changes (
                  CONSTRAINT rule EXPECT (_op = 'delete' OR company IS NOT NULL) ON VIOLATION DROP ROW
                ) AS SELECT * FROM STREAM(bronze.src);
                CREATE STREAMING TABLE silver.t;
                CREATE STREAMING TABLE silver.u;
                CREATE FLOW f AS AUTO CDC INTO silver.t FROM STREAM(changes) KEYS (id) %1$s SEQUENCE BY _seq;
                CREATE FLOW g AS AUTO CDC INTO silver.u FROM STREAM(changes) KEYS (id) %1$s SEQUENCE BY _seq;
                """
                        .formatted(DELETES);

        assertThat(compile(sql)).isEqualTo("compiles");
        assertThat(warnings)
                .containsExactly(
                        """
                        pipelines/a.sql:2:3  CHANGES_HELD_BACK  The expectation rule keeps rows from a table that follows changes: when it \
                        keeps back an update, the former version of the row stays current.
                            Keep back only what can never become valid; ON VIOLATION FAIL UPDATE stops the update instead.""");
    }

    @Test
    void anUpdateThatFailsTheUpdateIsNoSurprise() {
        assertThat(outcome(
                        "_op = 'delete' OR company IS NOT NULL) ON VIOLATION FAIL UPDATE, CONSTRAINT b EXPECT (id > 0",
                        DELETES))
                .isEqualTo("compiles");
        assertThat(warnings).isEmpty();
    }

    @Test
    void withoutDeletesNoneIsKeptBack() {
        assertThat(outcome("company IS NOT NULL) ON VIOLATION DROP ROW, CONSTRAINT b EXPECT (id > 0", ""))
                .isEqualTo("compiles");
        assertThat(warnings).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "_op = 'delete' OR company IS NOT NULL",
                "company IS NOT NULL OR (_op) = 'delete'",
                "_OP == 'delete' OR company > 0",
                "'delete' = _op OR company > 0",
                "_op IN ('delete', 'other') OR company > 0",
                "_op <> 'upsert' OR company > 0",
                "NOT (_op = 'upsert') OR company > 0",
                "NOT (_op = 'upsert' AND company IS NULL)",
                "_op IS NOT NULL",
                "id IS NOT NULL",
                "id IS NOT NULL AND (_op = 'delete' OR company IS NOT NULL)",
                "id > 0 AND (_op = 'delete' OR company IS NOT NULL)",
                "CASE WHEN _op = 'delete' THEN TRUE ELSE company > 0 END",
                "CASE WHEN _op = 'upsert' THEN company > 0 ELSE TRUE END",
                "if(_op = 'delete', TRUE, company > 0)",
                "coalesce(company > 0, TRUE) OR _op <=> 'delete'",
                "changes._op = 'delete' OR changes.company > 0",
                "_op = 'delete' OR company > 0 OR state LIKE 'd%'",
            })
    void whatIsTrueOfEveryDeleteLetsItThrough(String condition) {
        assertThat(outcome(condition + ") ON VIOLATION FAIL UPDATE, CONSTRAINT b EXPECT (id > 0", DELETES))
                .isEqualTo("compiles");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "company IS NOT NULL",
                "company > 0",
                "coalesce(company > 0, TRUE)",
                "_op = 'delete' AND company IS NOT NULL",
                "_op = 'upsert' OR company IS NOT NULL",
                "_op <> 'delete' OR company IS NOT NULL",
                "NOT (_op = 'delete') OR company > 0",
                "_op <=> 'upsert' OR company > 0",
                "state LIKE 'd%'",
                "company = company",
                "company BETWEEN 1 AND 9",
                "company IS DISTINCT FROM 1",
                "CASE WHEN _op = 'upsert' THEN TRUE ELSE company > 0 END",
                "CASE WHEN _op = 'upsert' THEN TRUE END",
                "if(company > 0, TRUE, _op = 'upsert')",
                "id > 0 OR _op = 'upsert'",
                "gone",
            })
    void whatIsNotKnownToBeTrueOfADeleteIsRefused(String condition) {
        assertThat(outcome(condition + ") ON VIOLATION DROP ROW, CONSTRAINT b EXPECT (id > 0", DELETES))
                .startsWith("pipelines/a.sql:2:3  CHANGES_HELD_BACK  The expectation rule may keep back deletes");
    }

    /** A row whose key is refused was never let in: what comes later of it may be refused likewise. */
    @Test
    void whatReadsKeysAloneSaysTheSameOfEveryChangeOfARow() {
        assertThat(outcome("id > 0) ON VIOLATION DROP ROW, CONSTRAINT b EXPECT (id > 0", DELETES))
                .isEqualTo("compiles");
        assertThat(warnings).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            _op = 'delete' OR _op = 'gone'  | _op IN ('delete', 'gone') OR n > 0       | true
            _op = 'delete' OR _op = 'gone'  | _op = 'delete' OR n > 0                  | false
            _op IN ('delete', 'gone')       | _op = 'delete' OR _op = 'gone' OR n > 0  | true
            _op IN ('delete', 'gone')       | _op = 'delete' OR n > 0                  | false
            gone                            | gone OR n > 0                            | true
            NOT gone                        | NOT gone OR n > 0                        | true
            gone = TRUE                     | gone OR n > 0                            | true
            gone IS NULL                    | gone IS NULL OR n > 0                    | true
            gone IS NOT NULL                | gone OR n > 0                            | false
            _op = 'delete' AND n IS NULL    | n IS NULL                                | true
            coalesce(gone, FALSE)           | coalesce( GONE , false) OR n > 0         | true
            coalesce(gone, FALSE)           | gone OR n > 0                            | false
            n = 1                           | n = 1.0 OR state IS NOT NULL             | true
            n > 5                           | n > 5 OR state IS NOT NULL               | true
            n > 5                           | n > 4 OR state IS NOT NULL               | false
            company = n                     | company = n OR state IS NOT NULL         | true
            """)
    void theDeleteConditionIsKnownToHold(String deletes, String condition, boolean passes) {
        String outcome = outcome(
                condition.strip() + ") ON VIOLATION FAIL UPDATE, CONSTRAINT b EXPECT (id > 0",
                "APPLY AS DELETE WHEN " + deletes.strip());

        assertThat(outcome.equals("compiles")).as(outcome).isEqualTo(passes);
    }

    @Test
    void aTruncateMayHaveNoKeyEither() {
        assertThat(outcome(
                        "id IS NOT NULL) ON VIOLATION DROP ROW, CONSTRAINT b EXPECT (id > 0",
                        "APPLY AS TRUNCATE WHEN _op = 'truncate'"))
                .isEqualTo(
                        """
                        pipelines/a.sql:2:3  CHANGES_HELD_BACK  The expectation rule may keep back truncates on their way to silver.t: a \
                        truncate may have no values at all, and then id IS NOT NULL is not known to be true.
                            Write EXPECT (_op = 'truncate' OR id IS NOT NULL).""");
    }

    @Test
    void expectationsFurtherUpAreLookedAtThroughColumnsThatAreShownAsTheyAre() {
        String sql =
                """
                CREATE TEMPORARY VIEW first (
                  CONSTRAINT rule EXPECT (_op = 'delete' OR company IS NOT NULL) ON VIOLATION FAIL UPDATE
                ) AS SELECT * FROM STREAM(bronze.src);
                CREATE TEMPORARY VIEW second AS SELECT id, %s AS what, company, _seq FROM STREAM(first) WHERE n > 0;
                CREATE STREAMING TABLE silver.t;
                CREATE FLOW f AS AUTO CDC INTO silver.t FROM (SELECT * FROM STREAM(second)) KEYS (id)
                APPLY AS DELETE WHEN what = 'delete' SEQUENCE BY _seq
                """;

        assertThat(compile(sql.formatted("_op"))).isEqualTo("compiles");
        assertThat(compile(sql.formatted("concat(_op, '')")))
                .isEqualTo(
                        """
                        pipelines/a.sql:2:3  CHANGES_HELD_BACK  The expectation rule may fail on deletes on their way to silver.t: a \
                        delete has its key and may have nothing else, and then _op = 'delete' OR company IS NOT NULL is not known to be true.
                            Let first and what reads it show the columns of APPLY AS DELETE WHEN as they are, and write EXPECT (what = \
                        'delete' OR _op = 'delete' OR company IS NOT NULL).""");
    }

    @ParameterizedTest
    @CsvSource({"DROP ROW, keep back", "QUARANTINE, keep back", "FAIL UPDATE, fail on"})
    void expectationsOfATableFurtherUpAreLookedAtToo(String action, String does) {
        assertThat(compile(
                        """
                        CREATE STREAMING TABLE bronze.clean (CONSTRAINT rule EXPECT (company > 0) ON VIOLATION %s)
                        AS SELECT * FROM STREAM(bronze.src);
                        CREATE STREAMING TABLE silver.t;
                        CREATE FLOW f AS AUTO CDC INTO silver.t FROM STREAM(bronze.clean) KEYS (id) %s SEQUENCE BY _seq
                        """
                                .formatted(action, DELETES)))
                .startsWith("pipelines/a.sql:1:38  CHANGES_HELD_BACK  The expectation rule may " + does
                        + " deletes on their way to silver.t: ");
    }

    @Test
    void rulesOfAViewThatIsOnlyLookedUpKeepNoChangesBack() {
        assertThat(compile(
                        """
                        CREATE TEMPORARY VIEW companies (CONSTRAINT rule EXPECT (state = 'open') ON VIOLATION DROP ROW)
                        AS SELECT id, state FROM bronze.other;
                        CREATE TEMPORARY VIEW changes AS SELECT s.id, s._op, s._seq, c.state
                        FROM STREAM(bronze.src) s LEFT JOIN companies c ON c.id = s.company;
                        CREATE STREAMING TABLE silver.t;
                        CREATE FLOW f AS AUTO CDC INTO silver.t FROM STREAM(changes) KEYS (id) %s SEQUENCE BY _seq
                        """
                                .formatted(DELETES)))
                .isEqualTo("compiles");
        assertThat(warnings).isEmpty();
    }

    @Test
    void aBackFillKeepsItsDeletesToo() {
        assertThat(compile(
                        """
                        CREATE TEMPORARY VIEW old (CONSTRAINT rule EXPECT (company > 0) ON VIOLATION DROP ROW)
                        AS SELECT * FROM bronze.src;
                        CREATE STREAMING TABLE silver.t;
                        CREATE FLOW f AS AUTO CDC ONCE INTO silver.t FROM old KEYS (id) %s SEQUENCE BY _seq
                        """
                                .formatted(DELETES)))
                .startsWith("pipelines/a.sql:1:28  CHANGES_HELD_BACK  The expectation rule may keep back deletes");
    }

    @Test
    void whatIsDroppedFromASnapshotCountsAsDeleted() {
        assertThat(
                        compile(
                                """
                        CREATE TEMPORARY VIEW rows_now (CONSTRAINT rule EXPECT (company > 0) ON VIOLATION DROP ROW)
                        AS SELECT id, company FROM bronze.src;
                        CREATE STREAMING TABLE silver.t;
                        CREATE FLOW f AS AUTO CDC INTO silver.t FROM SNAPSHOT rows_now KEYS (id)
                        """))
                .isEqualTo("compiles");
        assertThat(warnings)
                .containsExactly(
                        """
                        pipelines/a.sql:1:33  CHANGES_HELD_BACK  The expectation rule keeps rows out of snapshots: a row that it keeps back \
                        counts as deleted.
                            Keep back only what shall be deleted; ON VIOLATION FAIL UPDATE stops the update instead.""");
    }

    @Test
    void twoWaysOfOneViewAreNotTakenForOne() {
        assertThat(compile(
                        """
                        CREATE TEMPORARY VIEW first (
                          CONSTRAINT rule EXPECT (_op = 'delete' OR company IS NOT NULL) ON VIOLATION DROP ROW
                        ) AS SELECT * FROM STREAM(bronze.src);
                        CREATE STREAMING TABLE silver.t;
                        CREATE FLOW f AS AUTO CDC INTO silver.t FROM (
                          SELECT id, _op, _seq FROM STREAM(first) UNION ALL SELECT id, 'delete' AS _op, _seq FROM STREAM(first)
                        ) KEYS (id) %s SEQUENCE BY _seq
                        """
                                .formatted(DELETES)))
                .startsWith("pipelines/a.sql:2:3  CHANGES_HELD_BACK");
    }
}
