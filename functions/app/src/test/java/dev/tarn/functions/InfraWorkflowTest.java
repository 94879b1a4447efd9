package dev.tarn.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The workflow has not run: what it may do, and with whose programs, can be read from it. */
class InfraWorkflowTest {

    private static final Pattern ACTION = Pattern.compile("(?m)^ +- uses: (.*)$");
    private static final Pattern WRITE = Pattern.compile("(?m)^ +([\\w-]+): write$");
    private static final Pattern SECRET = Pattern.compile("\\$\\{\\{ *secrets\\.");

    private String workflow = "";

    @BeforeEach
    void read() throws IOException {
        workflow = Files.readString(InfraTemplates.FOLDER.resolveSibling(".github/workflows/deploy.yml"));
    }

    @Test
    void everyActionIsPinnedToOneVersion() {
        assertThat(all(ACTION))
                .contains("azure/login@v2.2.0")
                .allMatch(action -> action.matches("[\\w-]+/[\\w-]+@v\\d+\\.\\d+\\.\\d+"));
    }

    @Test
    void onlyTheDeploymentMayAskForATokenAndNothingMayWrite() {
        String build = workflow.substring(0, workflow.indexOf("\n  deploy:"));

        assertThat(build).contains("\npermissions:\n  contents: read\n").doesNotContain("write");
        assertThat(all(WRITE)).containsExactly("id-token");
    }

    @Test
    void noSecretIsKeptForAzure() {
        assertThat(all(SECRET)).isEmpty();
        assertThat(workflow).doesNotContain("creds:").contains("client-id: ${{ vars.AZURE_CLIENT_ID }}");
    }

    private List<String> all(Pattern pattern) {
        return pattern.matcher(workflow)
                .results()
                .map((MatchResult match) -> match.groupCount() > 0 ? match.group(1) : match.group())
                .toList();
    }
}
