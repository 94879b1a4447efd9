package dev.tarn.engine.flow;

import static dev.tarn.engine.flow.FlowLake.POSITION;
import static dev.tarn.engine.flow.FlowLake.expectation;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Dataset;
import dev.tarn.model.Effect;
import dev.tarn.model.Expectation;
import dev.tarn.model.Flow;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over {@code t (a INT, b DECIMAL, c TIMESTAMPTZ, s STRUCT, l STRUCT[])} and {@code u (id INT, x VARCHAR, y DOUBLE)}. */
class ReadColumnsTest {

    private static final TableName T = TableName.parse("bronze.t");
    private static final TableName U = TableName.parse("bronze.u");

    @TempDir
    Path folder;

    private DuckDb duckDb;
    private TableSchema t;
    private TableSchema u;

    @BeforeEach
    void open() {
        duckDb = DuckDb.open(new Budget(256L << 20, 256L << 20, 64L << 20, 64L << 20, 64L << 20, 2), folder);
        try (Session session = duckDb.session()) {
            t = session.describe("SELECT 1 AS a, 1::DECIMAL(18,2) AS b, now() AS c, {'q': 1, 'r': [1]} AS s,"
                    + " [{'k': 'v'}] AS l, MAP {'m': 1.5::DOUBLE} AS m, 'x'::BLOB AS \"a\"\"blob\"");
            u = session.describe("SELECT 1 AS id, 'x' AS x, 1.5::DOUBLE AS y");
        }
    }

    @AfterEach
    void close() {
        duckDb.close();
    }

    private ReadColumns columns(String sql, TableSchema result, Expectation... expectations) {
        Flow flow = new Flow(
                "silver.t",
                Dataset.of(TableName.parse("silver.t"), Dataset.Kind.MATERIALIZED_VIEW, result, POSITION),
                new Effect.Replace(),
                List.of(new Flow.Input(T, Flow.Reading.WHOLE), new Flow.Input(U, Flow.Reading.WHOLE)),
                sql.replace("FROM t", "FROM \"bronze.t\" t")
                        .replace("JOIN t", "JOIN \"bronze.t\" t")
                        .replace("FROM u", "FROM \"bronze.u\" u")
                        .replace("JOIN u", "JOIN \"bronze.u\" u"),
                List.of(expectations),
                List.of(),
                "hash",
                POSITION);
        return new ReadColumns(duckDb, flow, Map.of(T, t, U, u));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            textBlock =
                    """
            SELECT a FROM t; a; *
            SELECT count(*) FROM t; ; *
            SELECT 1 FROM t; ; *
            SELECT a FROM t WHERE b > 3; a b; *
            SELECT * FROM t; a b c l m s a"blob; *
            SELECT * EXCLUDE (c, s, l, m) FROM t; a b a"blob; *
            SELECT t.a, u.x FROM t JOIN u ON t.b = u.y; a b; x y
            SELECT t.a FROM t LEFT JOIN u ON t.a = u.id; a; id
            SELECT t.a FROM t SEMI JOIN u ON t.a = u.id; a; id
            SELECT t.a FROM t ANTI JOIN u ON t.a = u.id; a; id
            SELECT t.a, u.x FROM t FULL JOIN u ON t.a = u.id AND u.y > 1; a; id x y
            SELECT a, row_number() OVER (PARTITION BY b ORDER BY c) FROM t; a b c; *
            SELECT a FROM t QUALIFY row_number() OVER (PARTITION BY b ORDER BY c) = 1; a b c; *
            SELECT lag(a) OVER (ORDER BY b) FROM t WHERE c IS NOT NULL; a b c; *
            SELECT s.q FROM t; s; *
            SELECT a, unnest(s.r) FROM t; a s; *
            SELECT l[1].k, m['m'] FROM t; l m; *
            SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.id = t.a AND u.x = 'k'); a; id x
            SELECT a FROM t WHERE a IN (SELECT id FROM u); a; id
            SELECT a FROM t WHERE a NOT IN (SELECT id FROM u WHERE y > 0); a; id y
            SELECT (SELECT max(y) FROM u WHERE u.id = t.a) FROM t; a; id y
            SELECT max(a) FROM t WHERE b = (SELECT max(b) FROM t); a b; *
            WITH k AS (SELECT * FROM t) SELECT k1.a FROM k k1 JOIN k k2 ON k1.b = k2.b; a b; *
            WITH k AS MATERIALIZED (SELECT a, b FROM t) SELECT a FROM k UNION ALL SELECT b FROM k; a b; *
            SELECT a FROM t UNION ALL SELECT id FROM u; a; id
            SELECT a FROM t UNION SELECT y FROM u; a; y
            SELECT a FROM t INTERSECT SELECT id FROM u; a; id
            SELECT a FROM t EXCEPT SELECT id FROM u; a; id
            SELECT a, sum(b) FROM t GROUP BY ROLLUP (a); a b; *
            SELECT sum(a), sum(b) FILTER (c IS NULL) FROM t; a b c; *
            SELECT first(a ORDER BY c) FROM t; a c; *
            SELECT count(DISTINCT b) FROM t; b; *
            SELECT a FROM t ORDER BY b LIMIT 3; a b; *
            SELECT count(*) FROM t CROSS JOIN u; ;
            SELECT a, (SELECT x FROM u ORDER BY y LIMIT 1) FROM t; a; x y
            SELECT t FROM t; a b c l m s a"blob; *
            SELECT a FROM t WHERE false; *; *
            SELECT a FROM t LIMIT 0; *; *
            SELECT CAST(coalesce(max(CAST(a AS VARCHAR)), 'none') AS INT) FROM t; *; *
            """)
    void aQueryReadsWhatItNames(String sql, String ofT, String ofU) {
        ReadColumns read = columns(sql, new TableSchema(List.of()));

        assertThat(read.of(T)).as("t").isEqualTo(names(ofT, t));
        assertThat(read.of(U)).as("u").isEqualTo(names(ofU, u));
    }

    private static Set<String> names(@Nullable String expected, TableSchema schema) {
        if (expected == null) {
            return Set.of();
        }
        return Set.copyOf(expected.equals("*") ? schema.names() : List.of(expected.split(" ")));
    }

    @Test
    void expectationsReadColumnsOfTheResultOnly() {
        Expectation rule = expectation("positive", "b > 0", Expectation.OnViolation.DROP_ROW);

        TableSchema result = new TableSchema(
                List.of(new Column("a", DataType.Simple.INT), new Column("b", new DataType.Decimal(18, 2))));

        assertThat(columns("SELECT a, b FROM t", result, rule).of(T)).containsExactlyInAnyOrder("a", "b");
    }
}
