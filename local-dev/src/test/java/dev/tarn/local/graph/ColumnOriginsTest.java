package dev.tarn.local.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.local.graph.ColumnOrigins.Origin;
import dev.tarn.local.run.OpenLake;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Dataset;
import dev.tarn.model.Effect;
import dev.tarn.model.Flow;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnOriginsTest {

    private static final SourcePosition POSITION = new SourcePosition("pipelines/t.sql", 1, 1);

    private static DuckDb duckDb;
    private static Session session;

    @BeforeAll
    static void open() {
        duckDb = OpenLake.duckDb();
        session = duckDb.session();
    }

    @AfterAll
    static void close() {
        session.close();
        duckDb.close();
    }

    private static String origins(Effect effect, String sql) {
        Dataset dataset = Dataset.of(
                TableName.parse("silver.t"),
                effect instanceof Effect.Replace ? Dataset.Kind.MATERIALIZED_VIEW : Dataset.Kind.STREAMING_TABLE,
                new TableSchema(List.of(new Column("x", DataType.Simple.INT))),
                POSITION);
        Map<String, Set<Origin>> columns = ColumnOrigins.of(
                new Flow("t", dataset, effect, List.of(), sql, List.of(), List.of(), "h", POSITION), session);
        Map<String, List<String>> texts = new TreeMap<>();
        columns.forEach((name, origins) -> texts.put(
                name,
                origins.stream()
                        .map(origin -> origin.table().table() + "." + origin.column())
                        .sorted()
                        .toList()));
        return texts.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            SELECT t.a AS x FROM "bronze.t" AS t | {x=[t.a]}
            SELECT a AS x FROM "bronze.t" | {x=[t.a]}
            SELECT "bronze.t".a AS x FROM "bronze.t" | {x=[t.a]}
            SELECT T.a, u.a + t.B AS x FROM "bronze.t" AS t JOIN "bronze.u" AS u ON t.k = u.k | {a=[t.a], x=[t.B, u.a]}
            SELECT CASE WHEN t.a > 0 THEN t.b ELSE 7 END AS x, 1 AS y FROM "bronze.t" AS t WHERE t.c | {x=[t.a, t.b], y=[]}
            SELECT sum(t.a) FILTER (WHERE t.b) AS x, count(*) AS n, t.c AS c FROM "bronze.t" AS t GROUP BY t.c | {c=[t.c], n=[], x=[t.a, t.b]}
            SELECT sum(t.a) OVER (PARTITION BY t.b ORDER BY t.c) AS x FROM "bronze.t" AS t QUALIFY row_number() OVER (ORDER BY t.d) = 1 | {x=[t.a, t.b, t.c]}
            WITH w AS (SELECT t.a AS x FROM "bronze.t" AS t), v AS (SELECT w.x + 1 AS y FROM w) SELECT CAST("x" AS INT) AS x FROM (SELECT v.y AS x FROM v) AS r | {x=[t.a]}
            WITH w AS (SELECT 1 AS x) SELECT w.x AS x FROM (WITH w AS (SELECT t.a AS x FROM "bronze.t" AS t) SELECT w.x FROM w) AS w | {x=[t.a]}
            SELECT t.a AS x FROM "bronze.t" AS t UNION ALL SELECT u.b FROM "bronze.u" AS u UNION ALL SELECT 1 | {x=[t.a, u.b]}
            SELECT * FROM (SELECT t.a AS x, t.b AS y FROM "bronze.t" AS t) AS r | {x=[t.a], y=[t.b]}
            SELECT r.* EXCLUDE (y) REPLACE (r.y + 1 AS x) FROM (SELECT t.a AS x, t.b AS y FROM "bronze.t" AS t) AS r | {x=[t.b]}
            SELECT r.z AS x FROM (SELECT t.a FROM "bronze.t" AS t) AS r(z) | {x=[t.a]}
            SELECT list_transform(t.l, lambda e: e + t.b) AS x FROM "bronze.t" AS t | {x=[t.b, t.l]}
            SELECT list_transform(l, lambda l2: l2 + b) AS x FROM "bronze.t" | {x=[t.b, t.l]}
            SELECT t.s.f AS x, t.s['g'] AS y FROM "bronze.t" AS t | {x=[t.s], y=[t.s]}
            SELECT (SELECT max(u.a) FROM "bronze.u" AS u WHERE u.k = t.k) AS x FROM "bronze.t" AS t | {x=[u.a]}
            SELECT v.a AS x FROM (VALUES (1)) AS v(a) | {x=[]}
            """)
    void aColumnIsMadeOfWhatItsExpressionNames(String sql, String expected) {
        assertThat(origins(new Effect.Replace(), sql)).isEqualTo(expected);
    }

    @Test
    void whenAVersionOfARowBeganAndEndedIsMadeOfTheSequence() {
        Effect changes = new Effect.AutoCdc(
                List.of("x"), DataType.Simple.BIGINT, Effect.ScdType.TYPE_2, List.of(), Set.of(), false, false);

        assertThat(origins(
                        changes,
                        "SELECT t.a AS x, t.s AS _tarn_sequence, 0::TINYINT AS _tarn_operation FROM \"bronze.t\" AS t"))
                .isEqualTo("{__END_AT=[t.s], __START_AT=[t.s], _tarn_operation=[], _tarn_sequence=[t.s], x=[t.a]}");
    }
}
