package dev.tarn.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.DeleteCheck;
import dev.tarn.model.FieldPolicy;
import dev.tarn.model.Relation;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourceConnection;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSource;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    void everythingThatASourceCanSayIsRead() {
        List<TableSource> sources = project.with(
                        "sources/shop.yml",
                        """
                source: shop
                type: postgres
                connection: { database: "${secret:shop-url}" }
                schedule: { every: 1m }
                deletes: { check_every: 1d, stop_above: 0.5% }
                schema: { new_field: none, retyped_field: fail, removed_field: fail }
                tables:
                  - table: auth.users
                    as: people
                    key: [id, tenant]
                    exclude: [password]
                    split: id
                    schedule: { every: 1h, fresh: 10s }
                """)
                .with(
                        "sources/erp.yml",
                        """
                source: erp
                type: odoo
                connection:
                  version: 18
                  api: { url: "https://erp.example.com", db: prod, user: tarn, key: "${secret:erp-key}", companies: [1, 3] }
                language: de_DE
                schedule: { every: 5m }
                tables:
                  - model: sale.order
                """)
                .compile()
                .sources();

        assertThat(sources.get(0).connection())
                .isEqualTo(new SourceConnection.OdooApi(
                        URI.create("https://erp.example.com"),
                        "prod",
                        "tarn",
                        new SecretRef("erp-key"),
                        18,
                        "de_DE",
                        List.of(1, 3)));
        TableSource shop = sources.get(2);
        assertThat(shop.deletes()).isEqualTo(new DeleteCheck(Duration.ofDays(1), new BigDecimal("0.005")));
        assertThat(shop.fields())
                .isEqualTo(new FieldPolicy(FieldPolicy.Added.NONE, FieldPolicy.Retyped.FAIL, FieldPolicy.Removed.FAIL));
        assertThat(shop.tables())
                .containsExactly(new TableSource.Table(
                        new Relation("auth", "users"),
                        TableName.parse("bronze.people"),
                        Set.of("password"),
                        List.of("id", "tenant"),
                        "id",
                        Duration.ofHours(1),
                        Duration.ofSeconds(10),
                        shop.tables().get(0).position()));
    }

    @Test
    void settingsThatMeanNothingAreNamed() {
        assertThat(project.with(
                                "sources/odoo.yml",
                                """
                source: odoo
                type: odoo
                connection: { database: "${secret:a}", api: { url: "x" }, version: 19 }
                language: english
                schedule: { every: 0s }
                deletes: { stop_above: 200% }
                schema: { new_field: ignore, removed_field: rescue }
                tables: []
                """)
                        .with(
                                "sources/erp.yml",
                                """
                source: erp
                type: odoo
                connection: { version: 19, api: { url: "http://u:p@erp/odoo", db: d, user: u, key: "${secret:k}", companies: [x] } }
                schedule: { every: 1m }
                tables: []
                """)
                        .with(
                                "sources/shop.yml",
                                """
                source: shop
                type: postgres
                connection: { database: "${secret:shop}" }
                language: de_DE
                schedule: { every: 1m }
                tables:
                  - table: a.b.c
                  - table: Orders
                  - model: sale.order
                """)
                        .refusal())
                .isEqualTo(
                        """
                sources/erp.yml:3:40  CONFIGURATION_INVALID  'url' is not the address of an Odoo server.
                    Write https://erp.example.com: encrypted, without user, path or query.
                sources/erp.yml:3:110  CONFIGURATION_INVALID  'x' is not the id of a company.
                    Write ids: companies: [1, 3].
                sources/odoo.yml:3:45  CONFIGURATION_INVALID  A connection to Odoo needs either 'database' or 'api'.
                    Write database: ${secret:odoo-url} where the database can be reached, else api.
                sources/odoo.yml:4:11  CONFIGURATION_INVALID  'english' is not a language of Odoo.
                    Write its code as Odoo's list of languages has it: en_US.
                sources/odoo.yml:5:20  CONFIGURATION_INVALID  'every' is no duration.
                    Write 30s, 5m, 1h or 2d.
                sources/odoo.yml:6:24  CONFIGURATION_INVALID  'stop_above' is no share of a table.
                    Write 1% or 0.5%.
                sources/odoo.yml:7:22  CONFIGURATION_INVALID  'ignore' is nothing that can be done about a field here.
                    Possible: add, rescue, fail, none.
                sources/odoo.yml:7:45  CONFIGURATION_INVALID  'rescue' is nothing that can be done about a field here.
                    Possible: warn, fail.
                sources/shop.yml:4:1  CONFIGURATION_INVALID  'language' is not a setting that Tarn reads here.
                    Possible here: source, type, connection, schedule, deletes, schema, tables.
                sources/shop.yml:7:12  CONFIGURATION_INVALID  'a.b.c' is not the name of a table.
                    Write table: orders, or table: shop.orders.
                sources/shop.yml:8:12  CONFIGURATION_INVALID  'Orders' cannot be the name of a bronze table.
                    Give it one of small letters, digits and _: as: orders.
                sources/shop.yml:9:5  CONFIGURATION_INVALID  'model' is not a setting that Tarn reads here.
                    Possible here: table, as, exclude, key, split, schedule.
                sources/shop.yml:9:5  CONFIGURATION_INVALID  'table' is missing.
                    Add table here.""");
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
