package dev.tarn.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How an Odoo is reached by its API, as a project says it. */
class ApiConnectionTest {

    @TempDir
    private Path folder;

    private TestProject project;

    @BeforeEach
    void aProject() {
        project = new TestProject(folder)
                .sql("CREATE MATERIALIZED VIEW gold.partners AS SELECT id, name FROM bronze.res_partner");
    }

    private TestProject with(String connection) {
        return project.with(
                "sources/odoo.yml",
                """
                source: odoo
                type: odoo
                connection:
                  %s
                schedule: { every: 5m }
                tables:
                  - model: res.partner
                """
                        .formatted(connection));
    }

    @Test
    void anApiIsCheckedToItsLastSetting() {
        assertThat(with("version: 13\n"
                                + "  api: { url: \"http://erp.example.com\", db: erp, user: tarn, key: abc, companies: [one],"
                                + " port: 1 }")
                        .refusal())
                .isEqualTo(
                        """
                sources/odoo.yml:4:12  CONFIGURATION_INVALID  Odoo 13 is not a version that Tarn knows.
                    Write the major version of the server: 14, 15, 16, 17, 18 or 19.""");
        assertThat(with("version: 19\n"
                                + "  api: { url: \"http://erp.example.com\", db: erp, user: tarn, key: abc, companies: [one],"
                                + " port: 1 }")
                        .refusal())
                .isEqualTo(
                        """
                sources/odoo.yml:5:15  CONFIGURATION_INVALID  'url' is not the address of an Odoo server.
                    Write https://erp.example.com: encrypted, without user, path or query.
                sources/odoo.yml:5:67  SECRET_INVALID  'key' must name a secret and holds something else.
                    Write ${secret:some-name} and keep the value out of the project; change a password that stood here.
                sources/odoo.yml:5:83  CONFIGURATION_INVALID  'one' is not the id of a company.
                    Write ids: companies: [1, 3].
                sources/odoo.yml:5:90  CONFIGURATION_INVALID  'port' is not a setting that Tarn reads here.
                    Possible here: url, db, user, key, companies.""");
    }

    @Test
    void whatOnlyADatabaseCanDoIsRefused() {
        project.with(
                "sources/odoo.yml",
                """
                source: odoo
                type: odoo
                connection:
                  version: 19
                  api: { url: "https://erp.example.com", db: erp, user: tarn, key: "${secret:key}" }
                schedule: { every: 5m }
                tables:
                  - model: res.partner
                    key: [ref]
                    split: id
                    schedule: { every: 1h, fresh: 10s }
                """);

        assertThat(project.refusal())
                .isEqualTo(
                        """
                sources/odoo.yml:9:10  CONFIGURATION_INVALID  'key' is for sources that are read from their database; by \
                Odoo's API its records are told apart by their id.
                    Take key out.
                sources/odoo.yml:10:12  CONFIGURATION_INVALID  'split' is for sources that are read from their database; by \
                Odoo's API a first reading goes by write_date and id, and goes on where it broke off.
                    Take split out.
                sources/odoo.yml:11:35  CONFIGURATION_INVALID  'fresh' is for sources that are read from their database; by \
                Odoo's API every look goes by write_date already.
                    Take fresh out, and write every for how often the table is looked at.""");
    }

    private TestProject attachments(String connection, String table) {
        return project.with(
                "sources/odoo.yml",
                """
                source: odoo
                type: odoo
                connection:
                  version: 19
                  %s
                schedule: { every: 5m }
                tables:
                  - %s
                  - model: res.partner
                """
                        .formatted(connection, table));
    }

    @Test
    void filesAreKeptOfAttachmentsThatAreReadByTheApi() {
        String api = "api: { url: \"https://erp.example.com\", db: erp, user: tarn, key: \"${secret:key}\" }";
        assertThat(attachments(api, "{ model: ir.attachment, file_megabytes: 10 }")
                        .compile()
                        .sources()
                        .get(0)
                        .tables()
                        .get(0)
                        .fileMegabytes())
                .isEqualTo(10);
        assertThat(attachments(api, "{ model: res.country, file_megabytes: 5 }").refusal())
                .isEqualTo(
                        """
                sources/odoo.yml:8:43  CONFIGURATION_INVALID  'file_megabytes' is for the model ir.attachment of an Odoo \
                that is read by its API.
                    Take file_megabytes out.""");
        assertThat(attachments("database: ${secret:odoo-url}", "{ model: ir.attachment, file_megabytes: 5 }")
                        .refusal())
                .isEqualTo(
                        """
                sources/odoo.yml:8:45  CONFIGURATION_INVALID  'file_megabytes' is for the model ir.attachment of an Odoo \
                that is read by its API.
                    Take file_megabytes out.""");
        assertThat(attachments(api, "{ model: ir.attachment, file_megabytes: 11 }")
                        .refusal())
                .isEqualTo(
                        """
                sources/odoo.yml:8:45  CONFIGURATION_INVALID  'file_megabytes' is no size of the largest file to keep.
                    Write a whole number of megabytes from 1 to 10: file_megabytes: 5.""");
        assertThat(attachments(api, "{ model: ir.attachment, file_megabytes: 5, exclude: [type, name] }")
                        .refusal())
                .isEqualTo(
                        """
                sources/odoo.yml:8:45  CONFIGURATION_INVALID  Files are found by fields that 'exclude' takes out: type.
                    Take them out of exclude, or take file_megabytes out.""");
    }

    @Test
    void aRateIsForDatabasesAndAWholeNumber() {
        assertThat(with("version: 19\n  megabytes_per_second: 20\n"
                                + "  api: { url: \"https://erp.example.com\", db: erp, user: tarn, key: \"${secret:key}\" }")
                        .refusal())
                .isEqualTo(
                        """
                sources/odoo.yml:5:25  CONFIGURATION_INVALID  'megabytes_per_second' is for databases; the server of an API \
                slows down who asks too much.
                    Take megabytes_per_second out.""");
        assertThat(with("version: 19\n  database: ${secret:odoo-url}\n  megabytes_per_second: 0.5")
                        .refusal())
                .isEqualTo(
                        """
                sources/odoo.yml:6:25  CONFIGURATION_INVALID  'megabytes_per_second' is no number of megabytes.
                    Write a whole number from 1 to 9999: megabytes_per_second: 20.""");
    }

    @Test
    void eitherTheDatabaseOrTheApi() {
        assertThat(with("version: 19\n  database: ${secret:odoo-url}\n"
                                + "  api: { url: \"https://erp.example.com\", db: erp, user: tarn, key: \"${secret:key}\" }")
                        .refusal())
                .isEqualTo(
                        """
                sources/odoo.yml:6:8  CONFIGURATION_INVALID  A connection to Odoo needs either 'database' or 'api'.
                    Write database: ${secret:odoo-url} where the database can be reached, else api.""");
    }
}
