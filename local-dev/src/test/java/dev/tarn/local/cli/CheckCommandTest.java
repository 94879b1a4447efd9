package dev.tarn.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.local.SampleCopy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {

    private static final Map<String, String> SECRETS =
            Map.of("TARN_SECRET_ODOO_URL", "not looked at", "TARN_SECRET_SUPABASE_URL", "not looked at");

    @TempDir
    private Path folder;

    @Test
    void theSampleIsRightAndIsShownAsAGraph() {
        SampleCopy project = SampleCopy.in(folder.resolve("project"));

        TarnRun run = TarnRun.of(project.folder().resolve("pipelines"), SECRETS, "check");

        assertThat(run.err().lines().filter(line -> line.startsWith("Warning: ")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("  CHANGES_HELD_BACK  The expectation has_"));
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines())
                .anySatisfy(line -> assertThat(line).matches(" flow +kind +reads"))
                .anySatisfy(line -> assertThat(line)
                        .matches(" gold.monthly_revenue +materialized view +"
                                + "silver.account_move, silver.res_company, silver.res_currency"))
                .endsWith("21 flows, 2 sources, 1 sink. No errors, 2 warnings.");
        assertThat(project.folder().resolve(".lake")).doesNotExist();
    }

    @Test
    void secretsAreNamedTogetherWithErrorsOfTheSql() throws IOException {
        SampleCopy.in(folder.resolve("project"))
                .change(
                        "pipelines/finance/silver_res_company.sql",
                        "STREAM(bronze.res_company)",
                        "STREAM(bronze.res_conpany)");

        TarnRun run = TarnRun.of(folder, Map.of(), "check", "--project", "project");

        assertThat(run.err())
                .isEqualTo(
                        """
                pipelines/finance/silver_res_company.sql:3:13  TABLE_NOT_FOUND  No flow and no source makes bronze.res_conpany.
                    Nearest: bronze.res_company, bronze.res_currency.
                sources/odoo.yml:4:13  SECRET_MISSING  ${secret:odoo-url} is not set for target local.
                    Set TARN_SECRET_ODOO_URL or add odoo-url to .secrets.
                sinks/supabase.yml:3:13  SECRET_MISSING  ${secret:supabase-url} is not set for target local.
                    Set TARN_SECRET_SUPABASE_URL or add supabase-url to .secrets.
                3 errors, nothing changed.
                """);
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void problemsComeAsJsonWithTheirPlaces() {
        SampleCopy.in(folder);

        TarnRun run = TarnRun.of(folder, Map.of("TARN_SECRET_ODOO_URL", "x"), "check", "--format=json");

        assertThat(run.out())
                .isEqualTo("{\"problems\":[{\"code\":\"SECRET_MISSING\",\"file\":\"sinks/supabase.yml\",\"line\":3,"
                        + "\"column\":13,\"what\":\"${secret:supabase-url} is not set for target local.\","
                        + "\"mend\":\"Set TARN_SECRET_SUPABASE_URL or add supabase-url to .secrets.\"}]}\n");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void whatIsRightAndMayNotBeMeantIsWarnedOf() throws IOException {
        SampleCopy.in(folder)
                .add(
                        "pipelines/history.sql",
                        """
                        CREATE TEMPORARY VIEW changes (CONSTRAINT named EXPECT (_op = 'delete' OR name <> '') ON VIOLATION DROP ROW)
                        AS SELECT id, name, _op, _seq FROM STREAM(bronze.res_partner);
                        CREATE STREAMING TABLE silver.history FLOW AUTO CDC FROM STREAM(changes) KEYS (id)
                        APPLY AS DELETE WHEN _op = 'delete' SEQUENCE BY _seq STORED AS SCD TYPE 2;
                        """);

        TarnRun run = TarnRun.of(folder, SECRETS, "check");

        assertThat(run.err())
                .endsWith(
                        """
                        Warning: pipelines/history.sql:1:32  CHANGES_HELD_BACK  The expectation named keeps rows from a table that \
                        follows changes: when it keeps back an update, the former version of the row stays current.
                            Keep back only what can never become valid; ON VIOLATION FAIL UPDATE stops the update instead.
                        """);
        assertThat(run.out()).endsWith(" 1 sink. No errors, 3 warnings.\n");
        assertThat(run.exitCode()).isZero();
        assertThat(TarnRun.of(folder, SECRETS, "check", "--format=json").out())
                .contains(
                        "\"problems\":[],\"warnings\":[{\"code\":\"CHANGES_HELD_BACK\",\"file\":\"pipelines/finance/silver_account_move.sql\"");
    }

    @Test
    void anUnknownTargetIsRefusedWithTheNearest() {
        SampleCopy.in(folder);

        assertThat(TarnRun.of(folder, SECRETS, "check", "--target", "locale").err())
                .isEqualTo(
                        """
                USAGE  tarn.yml has no target locale.
                    Nearest: local.
                1 error, nothing changed.
                """);
    }

    @Test
    void aLakeElsewhereIsNotRunHere() throws IOException {
        SampleCopy.in(folder).change("tarn.yml", "lake: ./.lake", "lake: \"https://example.blob.core.windows.net\"");

        assertThat(TarnRun.of(folder, SECRETS, "up", "--once").err())
                .isEqualTo(
                        """
                USAGE  The lake of target local is https://example.blob.core.windows.net; tarn up runs lakes of this machine.
                    Put the project there with tarn deploy --target local, or run it here with another target or --root DIR.
                """);
    }
}
