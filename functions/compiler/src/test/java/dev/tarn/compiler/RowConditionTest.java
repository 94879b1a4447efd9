package dev.tarn.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.Column;
import dev.tarn.model.DataType.Decimal;
import dev.tarn.model.DataType.Simple;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowConditionTest {

    private static final TableSchema SCHEMA = new TableSchema(List.of(
            new Column("id", Simple.BIGINT),
            new Column("amount_total", new Decimal(18, 2)),
            new Column("state", Simple.STRING)));

    private static String compile(String text) {
        return RowCondition.compile("--where", text, SCHEMA, "silver.account_move", "account_move");
    }

    @Test
    void aConditionIsCompiledForDuckDb() {
        assertThat(compile("State = 'posted' AND account_move.id IN (1, 2) -- these"))
                .isEqualTo(
                        "((\"state\" = CAST('posted' AS VARCHAR)) AND (\"id\" IN (CAST(CAST(1 AS INTEGER) AS BIGINT),"
                                + " CAST(CAST(2 AS INTEGER) AS BIGINT))))");
        assertThat(compile("silver.account_move.id > 1")).isEqualTo("(\"id\" > CAST(CAST(1 AS INTEGER) AS BIGINT))");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            id = 1 AND amount_totl > 5  | 1:12  COLUMN_NOT_FOUND  amount_totl is not a column of silver.account_move. | Nearest: amount_total.
            id =                        | 1:5  SQL_SYNTAX  The statement ends too early. | Check what stands before it: a comma, a parenthesis or a word is missing, misspelt or too much.
            id = 1; DROP TABLE x        | 1:7  SQL_SYNTAX  A condition has no semicolon. | Remove it and what follows it.
            state = 'open               | 1:9  SQL_SYNTAX  ''' begins nothing that SQL knows. | Close the text or remove the character.
            id + 1                      | 1:1  TYPE_MISMATCH  id + 1 is BIGINT and stands where a condition is needed. | Compare it with something.
            count(*) > 1                | 1:1  SQL_UNSUPPORTED  The aggregate function count at this place is not supported yet. | Compute it in a WITH query first.
            id IN (SELECT 1)            | 1:1  SQL_UNSUPPORTED  IN with a subquery is not supported yet. | Join the query instead.
            """)
    void aConditionThatCannotBeUnderstoodIsRefusedWithItsPlace(String text, String what, String mend) {
        assertThatThrownBy(() -> compile(text))
                .isInstanceOf(TarnException.class)
                .hasMessage("--where:" + what + "\n    " + mend);
    }

    @Test
    void anEmptyConditionIsRefused() {
        assertThatThrownBy(() -> compile(" "))
                .isInstanceOf(TarnException.class)
                .hasMessage("--where:1:2  SQL_SYNTAX  The statement ends too early.\n    Check what stands before it: a"
                        + " comma, a parenthesis or a word is missing, misspelt or too much.");
    }
}
