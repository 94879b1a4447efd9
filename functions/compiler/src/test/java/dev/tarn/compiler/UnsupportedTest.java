package dev.tarn.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Spark would answer and Tarn does not yet is refused by its name; {@link StatementsTest} has the statements. */
class UnsupportedTest {

    @TempDir
    private Path folder;

    private String refusal(String sql) {
        return new TestProject(folder).sql(sql).refusal();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            id / 2 AS a | Division is not supported yet.
            avg(id) AS a | The function avg is not supported yet.
            upper(name) AS a | The function upper is not supported yet.
            CAST(name AS INT) AS a | CAST of name (STRING) AS INT is not supported yet.
            id % 2 AS a | The operator % is not supported yet.
            count(*) | The expression count(*) without a name is not supported yet.
            (SELECT 1) AS a | A subquery inside an expression is not supported yet.
            id + 1 AS b, b + 1 AS c | Using b, which the same SELECT defines, is not supported yet.
            sum(id) OVER (ORDER BY id) AS a | sum OVER is not supported yet.
            name LIKE 'a\\_b' AS a | LIKE other than of a STRING and a plain pattern is not supported yet.
            get_json_object(name, '$.a[0]') AS a | get_json_object with this path is not supported yet.
            1e2 AS a | The number 1e2 is not supported yet.
            """)
    void otherExpressionsAreRefusedByName(String expression, String what) {
        assertThat(refusal("CREATE MATERIALIZED VIEW silver.a AS SELECT " + expression + " FROM bronze.res_partner"))
                .startsWith("pipelines/a.sql:1:")
                .contains("  SQL_UNSUPPORTED  " + what + "\n    ");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            SELECT id FROM bronze.res_partner ORDER BY id | ORDER of a query
            SELECT id FROM bronze.res_partner LIMIT 3 | LIMIT of a query
            SELECT id FROM bronze.res_partner UNION SELECT id FROM bronze.account_move | UNION of distinct rows
            SELECT id FROM bronze.res_partner EXCEPT ALL SELECT id FROM bronze.account_move | EXCEPT ALL
            SELECT p.id FROM bronze.res_partner p LEFT SEMI JOIN bronze.account_move m ON p.id = m.id | This kind of join
            SELECT * EXCEPT (id) FROM bronze.res_partner | * EXCEPT
            SELECT company_id, count(*) AS n FROM bronze.account_move GROUP BY ROLLUP (company_id) | ROLLUP, CUBE and GROUPING SETS
            SELECT id FROM bronze.res_partner TABLESAMPLE (5 ROWS) | 'bronze.res_partner TABLESAMPLE (5 ROWS)' in FROM
            """)
    void otherQueriesAreRefusedByName(String query, String what) {
        assertThat(refusal("CREATE MATERIALIZED VIEW silver.a AS " + query))
                .startsWith("pipelines/a.sql:1:")
                .contains("  SQL_UNSUPPORTED  " + what + " is not supported yet.\n    ");
    }
}
