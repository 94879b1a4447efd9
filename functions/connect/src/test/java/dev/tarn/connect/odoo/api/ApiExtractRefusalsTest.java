package dev.tarn.connect.odoo.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.DeleteCheck;
import dev.tarn.model.FieldPolicy;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourceConnection;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableSource;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ApiExtractRefusalsTest extends OnTinyOdoo {

    @Test
    void moreDeletesThanAllowedWaitUntilSomebodyAcceptsThem() {
        for (int i = 1; i <= 100; i++) {
            put(i, NINE, "a");
        }
        ApiExtract extract = extract();
        extract.extract();
        for (int i = 1; i <= 21; i++) {
            moves.delete(i);
        }
        put(101, NINE.plusSeconds(1), "new all the same");

        List<TableSource.Table> tables = List.of(table("account_move"));
        assertThatThrownBy(() -> extract.reconcile(tables, OptionalLong.empty()))
                .hasMessage(
                        "sources/odoo.yml:9:5  DELETES_HELD  21 of 101 records of account.move are gone from the source,"
                                + " or tarn@example.com no longer sees them, which is more than stop_above lets pass;"
                                + " bronze.account_move keeps them.\n    If it is meant: tarn odoo reconcile --table account_move"
                                + " --accept-deletes 21; if not, look at the rights and companies of tarn@example.com in Odoo.");
        assertThat(lake.query("bronze.account_move", NOW)).hasSize(101).contains("101|new all the same");

        extract.reconcile(tables, OptionalLong.of(21));
        assertThat(lake.query("bronze.account_move", NOW)).hasSize(80);
    }

    @Test
    void aNewFieldIsRefusedWhereTheProjectSaysSo() {
        FieldPolicy strict =
                new FieldPolicy(FieldPolicy.Added.FAIL, FieldPolicy.Retyped.FAIL, FieldPolicy.Removed.FAIL);
        put(1, NINE, "a");
        extract().extract();
        moves.field("x_region", "char");
        moves.field("name", "boolean");

        assertThatThrownBy(() -> extract(source(strict, table("account_move"))).extract())
                .hasMessage(
                        "sources/odoo.yml:9:5  SCHEMA_CHANGED  Source odoo: column name of account.move is a BOOLEAN now;"
                                + " in bronze.account_move it is a STRING.\n    Write retyped_field: rescue below schema of the"
                                + " source, or add name to exclude of account.move.\n"
                                + "sources/odoo.yml:9:5  SCHEMA_CHANGED  Source odoo: column x_region of account.move is new;"
                                + " bronze.account_move does not have it.\n    Write new_field: add below schema of the source, or add"
                                + " x_region to exclude of account.move.");
    }

    @Test
    void modelsAndFieldsThatAreNotThereAreNamedWithTheirNearest() {
        assertThatThrownBy(() -> extract(source(
                                LENIENT,
                                table("acount_move"),
                                table("stock_quant"),
                                table("account_move_line_account_tax_rel")))
                        .connect())
                .hasMessage(("sources/odoo.yml:9:5  SOURCE_TABLE_MISSING  Source odoo: %1$s has no model acount.move.\n"
                                + "    Nearest: account.move.\n"
                                + "sources/odoo.yml:9:5  SOURCE_TABLE_MISSING  Source odoo: %1$s has no model stock.quant.\n"
                                + "    Correct it, or install the Odoo module that brings it.\n"
                                + "sources/odoo.yml:9:5  SOURCE_TABLE_MISSING  Source odoo:"
                                + " account_move_line_account_tax_rel is no model of %1$s, and by the API there are models"
                                + " only; it looks like the links of a many-to-many field.\n    Use that field of its model,"
                                + " which holds the ids as JSON, or read the database.")
                        .formatted(odoo.login()));
        assertThatThrownBy(() -> extract(source(LENIENT, table("account_move", "nane", "x_secret")))
                        .connect())
                .hasMessage(
                        "sources/odoo.yml:9:5  COLUMN_NOT_FOUND  Source odoo: account.move has no field nane that this"
                                + " user sees and that could be excluded.\n    Nearest: name.\n"
                                + "sources/odoo.yml:9:5  COLUMN_NOT_FOUND  Source odoo: account.move has no field x_secret that this"
                                + " user sees and that could be excluded.\n    Take it out of exclude.");
        assertThatThrownBy(() ->
                        extract(source(LENIENT, table("account_move", "id"))).connect())
                .hasMessage("sources/odoo.yml:9:5  CONFIGURATION_INVALID  Source odoo: without its field id, records of"
                        + " account.move cannot be told apart.\n    Take id out of exclude.");
    }

    @Test
    void aFieldThatBearsTarnsOwnName() {
        moves.field("_seq", "integer");
        assertThatThrownBy(() -> extract().connect())
                .hasMessage(
                        "sources/odoo.yml:9:5  CONFIGURATION_INVALID  Source odoo: field _seq of account.move has the"
                                + " name of another column of the bronze table.\n    Add _seq to exclude of account.move.");
    }

    @Test
    void anotherDatabaseIsNotMixedIn() {
        put(1, NINE, "a");
        extract().extract();
        TableSource other = new TableSource(
                "odoo",
                new SourceConnection.OdooApi(
                        odoo.login().url(),
                        "copy",
                        "tarn@example.com",
                        new SecretRef("odoo-api-key"),
                        19,
                        "en_US",
                        List.of()),
                Duration.ofMinutes(5),
                new DeleteCheck(Duration.ofHours(1), new BigDecimal("0.01")),
                LENIENT,
                List.of(table("account_move")),
                new SourcePosition("sources/odoo.yml", 1, 1));

        assertThatThrownBy(() -> extract(other).extract())
                .hasMessage(
                        "sources/odoo.yml:9:5  SOURCE_RECREATED  Source odoo: bronze.account_move was read from somewhere"
                                + " else than " + odoo.login().server()
                                + "/copy, so changes cannot be told from what was read.\n"
                                + "    Correct url and db; if the change is meant, tarn odoo resync reads the tables once more and"
                                + " lands what differs.");
        put(1, NINE, "b");
        extract(other).resync(other.tables(), OptionalLong.empty());
        put(2, NINE, "c");
        extract(other).extract();
        assertThat(lake.query("bronze.account_move", NOW)).containsExactly("1|b", "2|c");
    }

    @Test
    void whatIsMissingInTheConnectionIsSaidBeforeAnythingIsRead() {
        assertThatThrownBy(() -> open(18, "en_US", List.of(), "tarn@example.com"))
                .hasMessage("sources/odoo.yml:1:1  CONFIGURATION_INVALID  Source odoo: it is written for Odoo 18, but "
                        + odoo.login().server()
                        + " is Odoo 19.0.\n    Correct the version, after a look at the columns that"
                        + " your SQL uses, or the url.");
        assertThatThrownBy(() -> open(19, "es_EN", List.of(), "tarn@example.com"))
                .hasMessage("sources/odoo.yml:1:1  CONFIGURATION_INVALID  Source odoo: language es_EN is not active in "
                        + odoo.login() + ".\n    Nearest: es_ES.");
        assertThatThrownBy(() -> open(19, "en_US", List.of(1, 2, 4), "tarn@example.com"))
                .hasMessage(
                        "sources/odoo.yml:1:1  CONFIGURATION_INVALID  Source odoo: tarn@example.com is not allowed into"
                                + " company 2, 4.\n    In Odoo, add it to the user's allowed companies, or correct companies.");
        assertThatThrownBy(() -> open(19, "en_US", List.of(), "admin"))
                .hasMessage(
                        "sources/odoo.yml:1:1  SOURCE_LOGIN_REFUSED  Source odoo: the key in the secret odoo-api-key"
                                + " belongs to another user than admin.\n    Correct user, or set the secret to a key of admin.");
    }

    private void open(int version, String language, List<Integer> companies, String user) {
        SourceConnection.OdooApi connection = new SourceConnection.OdooApi(
                odoo.login().url(), "o19", user, new SecretRef("odoo-api-key"), version, language, companies);
        TableSource source = source(LENIENT, table("account_move"));
        new ApiExtract(
                        lake.lake(),
                        new ApiAccess(source, connection, odoo.login().key(), clock.patience()))
                .connect();
    }
}
