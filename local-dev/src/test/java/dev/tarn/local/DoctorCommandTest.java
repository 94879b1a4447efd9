package dev.tarn.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.local.cli.TarnRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** The sample project, examined against a real server that lacks this and that. */
@TestInstance(Lifecycle.PER_CLASS)
class DoctorCommandTest {

    private Path folder;
    private SampleCopy project;
    private Books books;

    @BeforeAll
    void start(@TempDir Path folder) {
        this.folder = folder;
        project = SampleCopy.in(folder.resolve("project"));
        books = Books.open(folder.resolve("books"), 50);
    }

    @AfterAll
    void stop() {
        books.close();
    }

    private TarnRun doctor(Map<String, String> secrets, String... more) {
        String[] arguments = new String[more.length + 1];
        arguments[0] = "doctor";
        System.arraycopy(more, 0, arguments, 1, more.length);
        TarnRun run = TarnRun.of(project.folder(), secrets, arguments);
        return new TarnRun(run.exitCode(), run.out(), run.err().replaceAll("(?m)^ \\.\\.\\. .*\n", ""));
    }

    @Test
    void aProjectThatCanRunIsOk() {
        TarnRun run = doctor(books.secrets());

        assertThat(run.err()).isEmpty();
        assertThat(run.out().replaceAll("PostgreSQL \\d+", "PostgreSQL N"))
                .isEqualTo(
                        """
                 warn  storage   there is no lake in %s yet
                                 -> tarn up makes it.
                 ok    odoo      odoo (19.0), 2 companies (PHP, USD), 4 currencies, 9 tables, PostgreSQL N
                 ok    supabase  localhost:%d/supabase, 2 tables
                """
                                .formatted(project.folder().resolve(".lake"), books.port()));
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void withoutSecretsTheDemoPlaysThem() {
        TarnRun run = doctor(Map.of());

        assertThat(run.out())
                .endsWith(
                        """
                 warn  odoo      ${secret:odoo-url} is not set for target local, so tarn up plays it with a demo database
                                 -> Set TARN_SECRET_ODOO_URL for your own.
                 warn  supabase  ${secret:supabase-url} is not set for target local, so tarn up plays it with a demo database
                                 -> Set TARN_SECRET_SUPABASE_URL for your own.
                """);
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void everythingThatFailsIsNamedAndTheRestIsTriedAllTheSame() {
        Map<String, String> secrets = new HashMap<>(books.secrets());
        secrets.put("TARN_SECRET_ODOO_URL", "postgresql://tarn_reader@localhost:1/odoo");
        secrets.computeIfPresent("TARN_SECRET_SUPABASE_URL", (name, url) -> url.replace("/supabase", "/odoo"));

        TarnRun run = doctor(secrets);
        TarnRun json = doctor(secrets, "--format", "json");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out())
                .contains(
                        """
                 FAIL  odoo      SOURCE_UNREACHABLE  Source odoo: localhost:1/odoo cannot be reached: nothing accepts connections there.
                                 -> Check that the server runs and that the secret odoo-url holds its address; Tarn tries again.
                """);
        assertThat(run.out())
                .contains(" FAIL  supabase  SINK_TABLE_MISSING  Sink supabase: localhost:" + books.port()
                        + "/odoo has no table reporting.monthly_revenue to publish gold.monthly_revenue to.\n")
                .contains(" FAIL  supabase  SINK_LOGIN_REFUSED  Sink supabase: localhost:" + books.port()
                        + "/odoo: the user tarn_writer may not make the schema tarn, in which Tarn notes what it has"
                        + " published.\n")
                .doesNotContain(" ok    supabase");
        assertThat(json.out())
                .contains("{\"level\":\"FAIL\",\"what\":\"odoo\",\"text\":\"SOURCE_UNREACHABLE  Source odoo");
        assertThat(json.exitCode()).isEqualTo(1);
    }

    @Test
    void aSecretBesideOneThatIsSetIsMissing() {
        TarnRun run = doctor(Map.of("TARN_SECRET_ODOO_URL", books.odooUrl()));

        assertThat(run.out())
                .endsWith(
                        """
                 FAIL  supabase  SECRET_MISSING  ${secret:supabase-url} is not set for target local.
                                 -> Set TARN_SECRET_SUPABASE_URL or add supabase-url to .secrets.
                """);
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void aProjectThatDoesNotCompileFails() throws IOException {
        SampleCopy broken = SampleCopy.in(folder.resolve("broken"))
                .change("pipelines/finance/silver_res_company.sql", "SELECT", "SELEC");

        TarnRun run = TarnRun.of(broken.folder(), Map.of(), "doctor");

        assertThat(run.out()).contains(" FAIL  project  pipelines/finance/silver_res_company.sql:");
        assertThat(run.exitCode()).isEqualTo(1);
    }
}
