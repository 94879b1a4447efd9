package dev.tarn.local;

import static dev.tarn.local.SettledSource.assertRefused;
import static dev.tarn.local.SettledSource.assertSays;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.connect.odoo.api.TinyOdoo;
import dev.tarn.local.cli.TarnRun;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands about a source that is read through Odoo's API. */
class ApiSourceTest {

    private static final Instant NINE = Instant.parse("2026-11-22T09:00:00Z");

    @TempDir
    private Path folder;

    private TinyOdoo odoo;
    private TinyOdoo.Model moves;
    private TinyOdoo.Model partners;

    @BeforeEach
    void aProject() throws IOException {
        odoo = TinyOdoo.start(19);
        moves = odoo.model("account.move", Map.of("name", "char", "amount_total", "monetary"));
        partners = odoo.model("res.partner", Map.of("name", "char"));
        move(1, NINE, "INV/1", "10.10");
        move(2, NINE, "INV/2", "20.20");
        project();
        source();
    }

    private void project() throws IOException {
        write(
                "spark-pipeline.yml",
                """
                name: finance
                storage: file:///srv/tarn-spark
                libraries:
                  - glob:
                      include: pipelines/**
                """);
        write(
                "tarn.yml",
                """
                version: 1
                timezone: Asia/Manila
                targets:
                  local: { lake: ./.lake, default: true }
                """);
        write(
                "pipelines/silver.sql",
                """
                CREATE TEMPORARY VIEW moves AS SELECT id, name, amount_total, _op, _seq
                FROM STREAM(bronze.account_move);

                CREATE OR REFRESH STREAMING TABLE silver.account_move;

                CREATE FLOW moves_now
                AS AUTO CDC INTO silver.account_move
                FROM STREAM(moves)
                KEYS (id)
                APPLY AS DELETE WHEN _op = 'delete'
                SEQUENCE BY _seq
                COLUMNS * EXCEPT (_op, _seq)
                STORED AS SCD TYPE 1;
                """);
    }

    private void source() throws IOException {
        write(
                "sources/odoo.yml",
                """
                source: odoo
                type: odoo
                connection:
                  version: 19
                  api: { url: "%s", db: o19, user: tarn@example.com, key: "${secret:odoo-key}" }
                schedule: { every: 5m }
                tables:
                  - model: account.move
                  - model: res.partner
                """
                        .formatted(odoo.url()));
    }

    @AfterEach
    void stop() {
        odoo.close();
    }

    private void move(long id, Instant written, String name, String amount) {
        moves.put(id, written, record -> record.put("name", name).put("amount_total", new BigDecimal(amount)));
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private TarnRun tarn(String line) {
        return tarn(Map.of("TARN_SECRET_ODOO_KEY", odoo.key()), line);
    }

    private TarnRun tarn(Map<String, String> secrets, String line) {
        TarnRun run = TarnRun.of(folder, secrets, line.split(" "));
        // A machine that is busy takes more than a second, and that is said.
        return new TarnRun(
                run.exitCode(),
                run.out().replaceAll("(?m)^as of \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d", "as of NOW"),
                run.err().replaceAll("(?m)^ \\.\\.\\. .*\n", ""));
    }

    @Test
    void theDoctorTriesTheApi() {
        assertSays(
                tarn("doctor"),
                0,
                """
                 warn  storage  there is no lake in %s yet
                                -> tarn up makes it.
                 ok    odoo     o19 (19.0) by JSON-2 as tarn@example.com, 2 companies, 2 tables
                """
                        .formatted(folder.resolve(".lake")));
        partners.rights();
        assertSays(
                tarn("doctor"),
                1,
                """
                 warn  storage  there is no lake in %s yet
                                -> tarn up makes it.
                 ok    odoo     o19 (19.0) by JSON-2 as tarn@example.com, 2 companies, 2 tables
                 FAIL  odoo     SOURCE_LOGIN_REFUSED  Source odoo: tarn@example.com may not read res.partner.
                                -> In Odoo, give tarn@example.com a group that may read res.partner, or leave the model out of tables. All rights: tarn odoo grants --source odoo
                """
                        .formatted(folder.resolve(".lake")));
    }

    @Test
    void aKeyThatIsNotSetIsMissingForNoDemoPlaysAnApi() {
        TarnRun run = tarn(Map.of(), "doctor");

        assertThat(run.out())
                .endsWith(
                        """
                 FAIL  odoo     SECRET_MISSING  ${secret:odoo-key} is not set for target local.
                                -> Set TARN_SECRET_ODOO_KEY or add odoo-key to .secrets.
                """);
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void theGrantsAreLinesThatOdooImports() {
        TarnRun run = tarn(Map.of(), "odoo grants");

        assertThat(run.out())
                .isEqualTo(
                        """
                id,name,model_id,group_id,perm_read,perm_write,perm_create,perm_unlink
                tarn_reader_account_move,Tarn reader: account.move,account.move,Tarn reader,1,0,0,0
                tarn_reader_res_partner,Tarn reader: res.partner,res.partner,Tarn reader,1,0,0,0
                """);
        assertThat(run.err())
                .isEqualTo(
                        """
                What tarn@example.com needs in Odoo to read the source odoo, and nothing more. As an administrator, in developer mode:
                1. Settings, Users & Companies, Groups: make a group Tarn reader that gives nothing by itself.
                2. Settings, Technical, Access Rights, Import records: the lines below, saved as a CSV file.
                3. Make tarn@example.com an internal user with this group and all companies that are to be read. Rules of other groups may hide rows from it.
                """);
        assertThat(run.exitCode()).isZero();
        assertSays(
                tarn(Map.of(), "odoo grants --user bi --format json"),
                0,
                """
                {"source":"odoo","user":"bi","group":"Tarn reader","models":["account.move","res.partner"]}
                """);
    }

    @Test
    void fieldsAreShownAndBroughtInBehind() {
        TarnRun up = tarn("up --once");
        assertThat(up.exitCode()).as(up.out() + up.err()).isZero();
        assertSays(tarn("odoo fields"), 0, """
                Every column is as bronze has it.
                """);
        moves.field("x_region", "char");
        // Odoo fills a new field without a new date.
        moves.put(2, NINE, record -> record.put("name", "INV/2")
                .put("amount_total", new BigDecimal("20.20"))
                .put("x_region", "north"));

        assertSays(
                tarn("odoo fields"),
                0,
                """
                 table         column    state  source  bronze  what happens
                 account_move  x_region  new    STRING          the next look adds it and reads the whole model once more
                """);
        assertSays(
                tarn("odoo fields account.move --backfill x_region"),
                0,
                """
                 table                rows landed  version
                 bronze.account_move  1            2
                Column x_region of account.move is new and was added to bronze.account_move; the model was read once more.
                """);
        assertRefused(
                tarn("odoo fields account.move --backfill x_regoin"),
                2,
                """
                COLUMN_NOT_FOUND  Source odoo: account_move has no column x_regoin.
                    Nearest: x_region.""");
    }

    @Test
    void theSourceIsComparedWithTheLake() {
        assertThat(tarn("up --once").exitCode()).isZero();
        String limits =
                """
                Odoo's API shows no snapshot: a record is as it was when it was listed, and what tarn@example.com may not see is not there.
                Numbers are compared by their sums, everything else by write_date alone.
                """;
        assertSays(
                tarn("verify odoo"),
                0,
                """
                as of NOW, by the API:
                 account_move  2 = 2   silver.account_move   1 sum equal
                 res_partner   0 = 0   bronze.res_partner
                """
                        + limits + "Equal.\n");
        assertSays(
                tarn("verify odoo --table account.move --sum account_move.amount_total"),
                0,
                """
                as of NOW, by the API:
                 account_move  2 = 2   silver.account_move   amount_total equal (30.3)
                """
                        + limits + "Equal.\n");
        moves.delete(1);
        move(3, NINE.plusSeconds(1), "INV/3", "1.00");
        move(4, NINE.minusSeconds(7200), "INV/4", "2.00");

        assertSays(
                tarn("verify odoo --table account.move"),
                3,
                """
                as of NOW, by the API:
                 account_move  3 : 2   silver.account_move
                     1 row will come with the next look: id 3
                     1 row missing in silver.account_move: id 4
                     1 row gone from odoo: id 1; tarn odoo reconcile --source odoo --table account_move finds deletes now
                     sum of amount_total: 22.2 : 30.3
                     What bronze lacks was written by a transaction of more than 60 minutes, or past Odoo; tarn odoo reconcile --source odoo --table account_move reads it.
                """
                        + limits + "1 of 1 table differs.\n");
        TarnRun json = tarn("verify odoo --table account.move --format json");
        assertThat(json.exitCode()).isEqualTo(3);
        assertThat(json.out())
                .contains("\"snapshot\":null,\"equal\":false", "\"limits\":[\"Odoo's API shows no snapshot");
        assertThat(tarn("odoo reconcile --table account_move").exitCode()).isZero();
        assertThat(tarn("verify odoo").exitCode()).isZero();
    }

    @Test
    void aComparisonNeedsTheKey() {
        assertThat(tarn("up --once").exitCode()).isZero();
        assertRefused(
                tarn(Map.of("TARN_SECRET_ODOO_KEY", "wrong"), "verify odoo"),
                2,
                """
                sources/odoo.yml:1:1  SOURCE_LOGIN_REFUSED  Source odoo: %s does not let tarn@example.com into database o19.
                    Correct user and db, and the API key or password in the secret odoo-key; API keys expire."""
                        .formatted(odoo.url()));
    }
}
