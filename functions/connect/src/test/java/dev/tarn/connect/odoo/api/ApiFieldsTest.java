package dev.tarn.connect.odoo.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.connect.extract.TableFields;
import dev.tarn.model.DataType;
import dev.tarn.model.FieldPolicy;
import dev.tarn.model.TableSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApiFieldsTest extends OnTinyOdoo {

    private static final FieldPolicy STRICT =
            new FieldPolicy(FieldPolicy.Added.FAIL, FieldPolicy.Retyped.FAIL, FieldPolicy.Removed.FAIL);

    private List<String> fields(FieldPolicy policy, TableSource.Table table) {
        TableFields fields = new ApiFields(lake.lake(), access(source(policy, table)))
                .of(List.of(table))
                .get(0);
        return fields.fields().stream()
                .map(field -> field.name() + " " + field.state() + " "
                        + field.source().map(DataType::toString).orElse("-") + " "
                        + field.bronze().map(DataType::toString).orElse("-") + " " + field.meaning())
                .toList();
    }

    @Test
    void whatIsNewRetypedAndGoneIsToldWithWhatBecomesOfIt() {
        moves.field("partner_id", "many2one");
        moves.field("x_old", "char");
        moves.field("amount", "float");
        moves.field("secret", "char");
        put(1, NINE, "a");
        extract(source(LENIENT, table("account_move", "secret"))).extract();
        moves.field("x_region", "char");
        moves.field("amount", "char");
        moves.noField("x_old");

        assertThat(fields(LENIENT, table("account_move", "secret")))
                .containsExactly(
                        "id SAME INT INT ",
                        "amount RETYPED STRING DOUBLE what does not fit DOUBLE goes to _rescued_data (retyped_field:"
                                + " rescue)",
                        "name SAME STRING STRING ",
                        "partner_id SAME INT INT ",
                        "partner_id_label SAME STRING STRING ",
                        "secret EXCLUDED STRING - never leaves the source",
                        "write_date SAME TIMESTAMP TIMESTAMP ",
                        "x_region NEW STRING - the next look adds it and reads the whole model once more",
                        "x_old GONE - STRING gone, or tarn@example.com no longer sees it; new versions of rows hold NULL"
                                + " (removed_field: warn)");
        assertThat(fields(STRICT, table("account_move", "secret")))
                .contains(
                        "amount RETYPED STRING DOUBLE the next look is refused (retyped_field: fail)",
                        "x_region NEW STRING - the next look is refused (new_field: fail)",
                        "x_old GONE - STRING gone, or tarn@example.com no longer sees it; the next look is refused"
                                + " (removed_field: fail)");
    }

    @Test
    void aFieldThatComesBackIsReadWhole() {
        moves.field("x_old", "char");
        put(1, NINE, "a");
        extract().extract();
        moves.noField("x_old");
        put(1, NINE.plusSeconds(1), "b");
        extract().extract();
        moves.field("x_old", "char");

        assertThat(fields(LENIENT, table("account_move")))
                .contains("x_old REMADE STRING STRING is there again: the next look reads the whole model once more");
    }

    @Test
    void beforeTheFirstLookEveryFieldIsAsItIs() {
        TableSource.Table table = table("account_move");
        TableFields fields = new ApiFields(lake.lake(), access(source(LENIENT, table)))
                .of(List.of(table))
                .get(0);

        assertThat(fields.loaded()).isFalse();
        assertThat(fields.fields()).extracting(TableFields.Field::state).containsOnly(TableFields.State.SAME);
    }
}
