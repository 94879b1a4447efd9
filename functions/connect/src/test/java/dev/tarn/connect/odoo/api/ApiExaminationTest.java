package dev.tarn.connect.odoo.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.connect.Finding;
import dev.tarn.model.SourceConnection;
import dev.tarn.model.TableSource;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApiExaminationTest extends OnTinyOdoo {

    private List<Finding> examine(String key, TableSource.Table... tables) {
        TableSource source = source(LENIENT, tables);
        return new ApiExamination(
                        new ApiAccess(source, (SourceConnection.OdooApi) source.connection(), key, clock.patience()))
                .run();
    }

    private List<Finding> examine(TableSource.Table... tables) {
        return examine(odoo.login().key(), tables);
    }

    @Test
    void aSourceThatCanBeReadIsOk() {
        odoo.model("res.partner", Map.of("name", "char"));

        assertThat(examine(table("account_move"), table("res_partner")))
                .containsExactly(Finding.ok("o19 (19.0) by JSON-2 as tarn@example.com, 2 companies, 2 tables"));
    }

    @Test
    void anOlderOdooIsAskedInItsOwnWay() throws IOException {
        odoo.close();
        odoo = TinyOdoo.start(17);
        odoo.model("account.move", Map.of("name", "char")).rights("read", "create");
        TableSource given = source(LENIENT, table("account_move"));
        SourceConnection.OdooApi newer = (SourceConnection.OdooApi) given.connection();
        SourceConnection.OdooApi connection = new SourceConnection.OdooApi(
                newer.url(), newer.database(), newer.user(), newer.secret(), 17, newer.language(), newer.companies());

        assertThat(new ApiExamination(
                                new ApiAccess(given, connection, odoo.login().key(), clock.patience()))
                        .run())
                .containsExactly(
                        Finding.ok("o19 (17.0) by JSON-RPC as tarn@example.com, 2 companies, 1 table"),
                        Finding.warn(
                                "the user tarn@example.com may change account.move; Tarn only reads",
                                "Make a user of its own: tarn odoo grants --source odoo --user tarn_reader"));
    }

    @Test
    void everyModelThatCannotBeReadIsNamedAndTheOthersAreExaminedAllTheSame() {
        moves.rights("read", "write");
        odoo.model("res.partner", Map.of("name", "char")).rights();
        odoo.model("report.stock", Map.of("name", "char")).undated();

        assertThat(examine(
                        table("account_move", "nane"),
                        table("res_partner"),
                        table("sale_order"),
                        table("report_stock")))
                .extracting(finding -> finding.level() + " " + finding.text() + "\n    " + finding.mend())
                .containsExactly(
                        "OK o19 (19.0) by JSON-2 as tarn@example.com, 2 companies, 4 tables\n    ",
                        "FAIL SOURCE_LOGIN_REFUSED  Source odoo: tarn@example.com may not read res.partner.\n"
                                + "    In Odoo, give tarn@example.com a group that may read res.partner, or leave the model out of"
                                + " tables. All rights: tarn odoo grants --source odoo",
                        "FAIL SOURCE_TABLE_MISSING  Source odoo: " + odoo.login() + " has no model sale.order.\n"
                                + "    Correct it, or install the Odoo module that brings it.",
                        "FAIL COLUMN_NOT_FOUND  Source odoo: account.move has no field nane that this user sees and that"
                                + " could be excluded.\n    Nearest: name.",
                        "WARN report.stock has no write_date that tarn@example.com sees: every look reads all records\n"
                                + "    Look less often: schedule: { every: 1h } at the table.");
    }

    @Test
    void aUserThatMayDoMoreThanReadIsToldOf() {
        moves.rights("read", "write", "create", "unlink");
        odoo.model("res.partner", Map.of("name", "char")).rights("read", "unlink");
        odoo.model("res.currency", Map.of("name", "char"));

        assertThat(examine(table("account_move"), table("res_partner"), table("res_currency")))
                .contains(Finding.warn(
                        "the user tarn@example.com may change account.move, res.partner; Tarn only reads",
                        "Make a user of its own: tarn odoo grants --source odoo --user tarn_reader"));
    }

    @Test
    void aPasswordWorksAndIsToldOf() {
        odoo.takesPasswordOnly();

        assertThat(examine(table("account_move")))
                .containsExactly(
                        Finding.ok("o19 (19.0) by JSON-RPC as tarn@example.com, 2 companies, 1 table"),
                        Finding.warn(
                                "it takes the secret for a password and is asked by JSON-RPC, which Odoo 20 no longer has",
                                "Set the secret odoo-api-key to an API key of tarn@example.com (in Odoo: My Profile, Account"
                                        + " Security, New API Key)."));
    }

    @Test
    void aWrongKeyIsRefused() {
        assertThat(examine("wrong", table("account_move")))
                .extracting(finding -> finding.level() + " " + finding.text() + "\n    " + finding.mend())
                .containsExactly(
                        "FAIL SOURCE_LOGIN_REFUSED  Source odoo: "
                                + odoo.login().server() + " does not let tarn@example.com into database o19.\n"
                                + "    Correct user and db, and the API key or password in the secret odoo-api-key; API keys expire.");
    }

    @Test
    void aServerThatIsNotThereIsSaidSoAtOnce() {
        TableSource source = source(LENIENT, table("account_move"));
        ApiAccess access = new ApiAccess(
                source,
                (SourceConnection.OdooApi) source.connection(),
                odoo.login().key(),
                Patience.once(clock));
        String server = odoo.login().server();
        odoo.close();

        assertThat(new ApiExamination(access).run())
                .extracting(finding -> finding.level() + " " + finding.text() + "\n    " + finding.mend())
                .containsExactly("FAIL SOURCE_UNREACHABLE  Source odoo: " + server
                        + " cannot be reached: nothing accepts connections there.\n"
                        + "    Check that the server runs and that url is right; Tarn tries again.");
    }
}
