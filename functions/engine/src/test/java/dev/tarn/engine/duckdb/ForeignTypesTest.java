package dev.tarn.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.budget.Budget;
import dev.tarn.model.TarnException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Types of DuckDB that Delta does not have are refused with the very cast that mends it. */
class ForeignTypesTest {

    private static final Pattern CAST = Pattern.compile("Cast it in the query: (CAST\\(.*\\))\\.");

    @TempDir
    private Path folder;

    private DuckDb duckDb;
    private Session session;

    @BeforeEach
    void open() {
        duckDb = DuckDb.open(new Budget(256L << 20, 256L << 20, 1L << 30, 1L << 30, 1L << 30, 2), folder);
        session = duckDb.session();
        session.execute("CREATE TYPE mood AS ENUM ('sad', 'o''k, \"x\" (')");
    }

    @AfterEach
    void close() {
        session.close();
        duckDb.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    1::HUGEINT                     | is a HUGEINT                  | DECIMAL(38,0)). It fails on more than 38 digits.
                    1::UHUGEINT                    | is a UHUGEINT                 | DECIMAL(38,0)). It fails on more than 38 digits.
                    sum(1::BIGINT)                 | is a HUGEINT                  | DECIMAL(38,0)). It fails on more than 38 digits.
                    1::UBIGINT                     | is a UBIGINT                  | DECIMAL(20,0)).
                    1::UINTEGER                    | is a UINTEGER                 | BIGINT).
                    1::USMALLINT                   | is a USMALLINT                | INT).
                    1::UTINYINT                    | is a UTINYINT                 | SMALLINT).
                    uuid()                         | is a UUID                     | STRING).
                    TIME '10:00:00'                | is a TIME                     | STRING).
                    TIMETZ '10:00:00+02'           | is a TIME WITH TIME ZONE      | STRING).
                    TIME_NS '10:00:00'             | is a TIME_NS                  | STRING).
                    INTERVAL 1 DAY                 | is an INTERVAL                | STRING).
                    '101'::BIT                     | is a BIT                      | STRING).
                    '1'::BIGNUM                    | is a BIGNUM                   | STRING).
                    'sad'::mood                    | is an ENUM                    | STRING).
                    union_value("k l" := [1])      | is a UNION                    | STRING).
                    1::VARIANT                     | is a VARIANT                  | STRING).
                    TIMESTAMP_S '2026-01-01'       | is a TIMESTAMP_S              | TIMESTAMP).
                    TIMESTAMP_MS '2026-01-01'      | is a TIMESTAMP_MS             | TIMESTAMP).
                    TIMESTAMP_NS '2026-01-01'      | is a TIMESTAMP_NS             | TIMESTAMP). It rounds to microseconds.
                    NULL                           | is a NULL                     | STRING). Or to another type, as the column is meant.
                    [1, 2]::INTEGER[2]             | is a list of fixed length     | INTEGER[]).
                    [1::HUGEINT]                   | has a HUGEINT at v[]          | DECIMAL(38,0)[]). It fails on more than 38 digits.
                    [['sad'::mood]]                | has an ENUM at v[][]           | VARCHAR[][]).
                    []                             | has a NULL at v[]             | VARCHAR[]). Or to another type, as the column is meant.
                    {'x y': {'u"v': [uuid()]}}     | has a UUID at v.x y.u"v[]     | STRUCT("x y" STRUCT("u""v" VARCHAR[]))).
                    MAP {TIME '10:00:00': 1::UTINYINT} | has a TIME at v{key} and has a UTINYINT at v{value} | MAP(VARCHAR, SMALLINT)).
                    [{'a': 1, 'b': [1::UINTEGER]}] | has a UINTEGER at v[].b[]     | STRUCT("a" INTEGER, "b" BIGINT[])[]).
                    """)
    void aTypeThatNoTableCanHaveIsRefusedWithItsCast(String value, String found, String cast) {
        assertThatThrownBy(() -> session.describe("SELECT 1 AS id, " + value + " AS v"))
                .isInstanceOf(TarnException.class)
                .hasMessage("TYPE_MISMATCH  Column v " + found + ", which no table can have.\n"
                        + "    Cast it in the query: CAST(\"v\" AS " + cast)
                .satisfies(refusal -> {
                    Matcher mend = CAST.matcher(refusal.getMessage());
                    assertThat(mend.find()).isTrue();
                    String mended = "SELECT " + mend.group(1) + " AS v FROM (SELECT " + value + " AS v)";
                    assertThat(session.describe(mended).names()).containsExactly("v");
                    session.execute(mended);
                });
    }

    @Test
    void aNumberThatIsTooLargeForTheCastFailsLoudly() {
        assertThatThrownBy(() -> session.execute(
                        "SELECT CAST(170141183460469231731687303715884105727::HUGEINT AS DECIMAL(38,0))"))
                .isInstanceOf(SqlFailedException.class);
    }
}
