package dev.tarn.local.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.SecretRef;
import dev.tarn.model.SourcePosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {

    private static final SecretRef ODOO = new SecretRef("odoo-url");

    @TempDir
    private Path project;

    @Test
    void theEnvironmentComesBeforeTheFile() throws IOException {
        Files.writeString(project.resolve(".secrets"), "# mine\n\nodoo-url = from=file\nother=x\n");

        assertThat(Secrets.of(Map.of(), project).find(ODOO)).contains("from=file");
        assertThat(Secrets.of(Map.of("TARN_SECRET_ODOO_URL", "from environment"), project)
                        .find(ODOO))
                .contains("from environment");
    }

    @Test
    void aMissingSecretNamesBothWaysToSetIt() {
        Secrets secrets = Secrets.of(Map.of("TARN_SECRET_ODOO_URL", " "), project);

        assertThatThrownBy(() -> secrets.require(ODOO, new SourcePosition("sources/odoo.yml", 12, 13), "local"))
                .hasMessage(
                        """
                        sources/odoo.yml:12:13  SECRET_MISSING  ${secret:odoo-url} is not set for target local.
                            Set TARN_SECRET_ODOO_URL or add odoo-url to .secrets.""");
    }

    @Test
    void aLineThatSaysNothingIsNamedWithoutBeingShown() throws IOException {
        Files.writeString(project.resolve(".secrets"), "odoo-url=x\npostgresql://user:pass@host/db\n");

        assertThatThrownBy(() -> Secrets.of(Map.of(), project))
                .hasMessage(
                        """
                        .secrets:2:1  CONFIGURATION_INVALID  This line is not name=value.
                            Write the name of a secret (lower-case letters, digits and -), = and its value, or begin the line with #.""");
    }

    @Test
    void referencesInCommentsAreNoReferences() throws IOException {
        Files.createDirectories(project.resolve("sources"));
        Files.writeString(
                project.resolve("sources/odoo.yml"),
                """
                # old: ${secret:gone}
                connection:
                  database: ${secret:odoo-url}    # or ${secret:other}
                """);

        assertThat(SecretReferences.missing(project, Secrets.of(Map.of(), project), "local"))
                .extracting(Object::toString)
                .containsExactly(
                        """
                        sources/odoo.yml:3:13  SECRET_MISSING  ${secret:odoo-url} is not set for target local.
                            Set TARN_SECRET_ODOO_URL or add odoo-url to .secrets.""");
    }
}
