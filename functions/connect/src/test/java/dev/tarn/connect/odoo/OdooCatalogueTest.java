package dev.tarn.connect.odoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.TableSchema;
import org.junit.jupiter.api.Test;

class OdooCatalogueTest {

    @Test
    void standardTablesAreTypedAsExtractionTypesThem() {
        TableSchema moves = OdooCatalogue.schema("account_move").orElseThrow();

        assertThat(moves.column("id").map(Column::type)).contains(DataType.Simple.INT);
        assertThat(moves.column("amount_total").map(Column::type)).contains(new DataType.Decimal(38, 18));
        assertThat(moves.column("invoice_date").map(Column::type)).contains(DataType.Simple.DATE);
        assertThat(moves.column("write_date").map(Column::type)).contains(DataType.Simple.TIMESTAMP);
        assertThat(moves.names())
                .endsWith("_op", "_seq", "_source", "_extracted_at", "_rescued_data", "_reason", "_xid");
    }

    @Test
    void translatedTextsAreTexts() {
        TableSchema templates = OdooCatalogue.schema("product_template").orElseThrow();

        assertThat(templates.column("name").map(Column::type)).contains(DataType.Simple.STRING);
    }

    @Test
    void columnsThatOnlySomeVersionsHaveAreLeftOut() {
        TableSchema accounts = OdooCatalogue.schema("account_account").orElseThrow();

        assertThat(accounts.column("code")).isEmpty();
        assertThat(accounts.column("code_store")).isEmpty();
    }

    @Test
    void anUnknownTableHasNoSchema() {
        assertThat(OdooCatalogue.schema("x_own_table")).isEmpty();
        assertThat(OdooCatalogue.relations()).contains("res_company").doesNotContain("x_own_table");
    }
}
