package dev.tarn.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong in the files of sources and sinks is refused with its place, what it is, and how to mend it. */
class SourceAndSinkTest {

    @TempDir
    private Path folder;

    private TestProject project;

    @BeforeEach
    void aProject() {
        project = new TestProject(folder)
                .sql("CREATE MATERIALIZED VIEW gold.partners AS SELECT id, name FROM bronze.res_partner");
    }

    @Test
    void aSourceIsCheckedToItsLastSetting() {
        assertThat(project.with(
                                "sources/odoo.yml",
                                """
                source: odoo
                type: odoo
                connection: { database: "${secret:odoo-url}", version: 15 }
                schedule: { every: never }
                deletions: { check_every: 1h }
                tables:
                  - model: "res partner"
                  - model: res.partner
                    table: res_partner
                """)
                        .refusal())
                .isEqualTo(
                        """
                sources/odoo.yml:3:56  CONFIGURATION_INVALID  Odoo 15 is not a version that Tarn knows.
                    Write the major version of the server: 16, 17, 18 or 19.
                sources/odoo.yml:4:20  CONFIGURATION_INVALID  'every' is no duration.
                    Write 30s, 5m, 1h or 2d.
                sources/odoo.yml:5:1  CONFIGURATION_INVALID  'deletions' is not a setting that Tarn reads here.
                    Nearest: deletes.
                sources/odoo.yml:7:12  CONFIGURATION_INVALID  'res partner' is not the name of a model.
                    Write model: account.move, or table: account_move.
                sources/odoo.yml:9:12  CONFIGURATION_INVALID  An entry of 'tables' needs either 'model' or 'table'.
                    Write model: account.move, or table: account_move.""");
    }

    @Test
    void anExcludedColumnDoesNotExist() {
        assertThat(project.with(
                                "sources/odoo.yml",
                                """
                source: odoo
                type: odoo
                connection: { database: "${secret:odoo-url}", version: 19 }
                schedule: { every: 5m }
                tables:
                  - model: res.partner
                    exclude: [name]
                """)
                        .refusal())
                .startsWith(
                        "pipelines/a.sql:1:54  COLUMN_NOT_FOUND  name is not a column of bronze.res_partner.\n    Its columns: id,");
    }

    @Test
    void whatIsPublishedExists() {
        assertThat(project.with(
                                "sinks/supabase.yml",
                                """
                sink: supabase
                type: postgres
                connection: ${secret:supabase-url}
                tables:
                  - { from: gold.partner, to: reporting.partner, key: [id], mode: upsert }
                  - { from: gold.partners, to: reporting.partners, key: [idd], mode: mirror, scope: all }
                """)
                        .refusal())
                .isEqualTo(
                        """
                sinks/supabase.yml:5:13  TABLE_NOT_FOUND  No flow makes gold.partner.
                    Nearest: gold.partners.
                sinks/supabase.yml:6:13  COLUMN_NOT_FOUND  The key column idd is not a column of gold.partners.
                    Nearest: id.""");
    }

    @Test
    void aSinkIsCheckedToItsLastSetting() {
        assertThat(project.with(
                                "sinks/supabase.yml",
                                """
                sink: supabase
                type: postgres
                connection: ${secret:supabase-url}
                tables:
                  - { from: silver.partners, to: reporting.partners, key: [id], mode: upsert }
                  - { from: gold.partners, to: partners, key: [id], mode: upsert }
                  - { from: gold.partners, to: reporting.partners, mode: upsert }
                  - { from: gold.partners, to: reporting.partners, key: [id], mode: insert }
                  - { from: gold.partners, to: reporting.partners, key: [id], mode: mirror }
                """)
                        .refusal())
                .isEqualTo(
                        """
                sinks/supabase.yml:5:13  CONFIGURATION_INVALID  silver.partners is not gold: only gold is published.
                    Make a gold table from it and name that.
                sinks/supabase.yml:6:32  CONFIGURATION_INVALID  'partners' is not a table of PostgreSQL.
                    Write schema.table in lower case.
                sinks/supabase.yml:7:5  CONFIGURATION_INVALID  A published table needs a key.
                    Write key: [column, ...].
                sinks/supabase.yml:8:69  CONFIGURATION_INVALID  'insert' is not a mode.
                    Write upsert or mirror.
                sinks/supabase.yml:9:69  CONFIGURATION_INVALID  Mode mirror deletes rows and needs 'scope: all': Tarn owns the whole \
                table.
                    Add scope: all, or write mode: upsert.""");
    }

    @Test
    void aTableWhoseColumnsAreNotYetKnownIsNamed() {
        assertThat(project.schemas(table -> Optional.empty()).refusal())
                .isEqualTo(
                        """
                pipelines/a.sql:1:64  TABLE_NOT_FOUND  The columns of bronze.res_partner are not known before its first extraction.
                    Take this query out of 'libraries' until tarn up has extracted the table once.""");
    }
}
