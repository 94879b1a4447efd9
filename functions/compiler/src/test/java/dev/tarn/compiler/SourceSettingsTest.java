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
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceSettingsTest {

    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void aProject() {
        project = new TestProject(folder)
                .sql("CREATE MATERIALIZED VIEW gold.partners AS SELECT id, name FROM bronze.res_partner");
    }

    @Test
    void everythingThatAPostgresCanSayIsRead() {
        TableSource shop = project.with(
                        "sources/shop.yml",
                        """
                source: shop
                type: postgres
                connection: { database: "${secret:shop-url}", megabytes_per_second: 20 }
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
                .compile()
                .sources()
                .get(1);

        assertThat(shop.connection()).isEqualTo(new SourceConnection.Postgres(new SecretRef("shop-url"), 20));
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
    void everythingThatAnApiOfOdooCanSayIsRead() {
        TableSource erp = project.with(
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
                .sources()
                .get(0);

        assertThat(erp.connection())
                .isEqualTo(new SourceConnection.OdooApi(
                        URI.create("https://erp.example.com"),
                        "prod",
                        "tarn",
                        new SecretRef("erp-key"),
                        18,
                        "de_DE",
                        List.of(1, 3)));
    }

    @Test
    void settingsOfAnOdooThatMeanNothingAreNamed() {
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
                        .refusal())
                .isEqualTo(
                        """
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
                    Possible: warn, fail.""");
    }

    @Test
    void settingsOfAnApiThatMeanNothingAreNamed() {
        assertThat(project.with(
                                "sources/erp.yml",
                                """
                source: erp
                type: odoo
                connection: { version: 19, api: { url: "http://u:p@erp/odoo", db: d, user: u, key: "${secret:k}", companies: [x] } }
                schedule: { every: 1m }
                tables: []
                """)
                        .refusal())
                .isEqualTo(
                        """
                sources/erp.yml:3:40  CONFIGURATION_INVALID  'url' is not the address of an Odoo server.
                    Write https://erp.example.com: encrypted, without user, path or query.
                sources/erp.yml:3:110  CONFIGURATION_INVALID  'x' is not the id of a company.
                    Write ids: companies: [1, 3].""");
    }

    @Test
    void settingsOfAPostgresThatMeanNothingAreNamed() {
        assertThat(project.with(
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
}
