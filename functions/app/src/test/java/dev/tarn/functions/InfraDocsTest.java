package dev.tarn.functions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.model.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What people read beside the templates names what is in them, all of it and nothing else. */
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InfraDocsTest {

    /** Azure's own names and ids of its roles, the same in every subscription. */
    private static final Map<String, String> ROLES = Map.of(
            "b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "Storage Blob Data Owner",
            "ba92f5b4-2d11-453d-a403-e96b0029c9fe", "Storage Blob Data Contributor",
            "974c5e8b-45b9-4653-ba55-5f855dd0fb88", "Storage Queue Data Contributor",
            "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", "Storage Table Data Contributor",
            "4633458b-17de-408a-b874-0445c86b69e6", "Key Vault Secrets User",
            "b86a8fe4-44ce-4948-aee5-eccb2c155cd7", "Key Vault Secrets Officer",
            "3913510d-42f4-4e42-8a64-420c390055eb", "Monitoring Metrics Publisher");

    private static final Pattern ROLE = Pattern.compile("((?:Storage|Key Vault|Monitoring)(?: [A-Z]\\w+)+)");
    private static final Pattern ALERT = Pattern.compile("(?m)^## The alert `([\\w-]+)`");

    private static final Pattern RUNS =
            Pattern.compile("(?m)^\\| (?:`|wakes).* \\| ([\\d,]+) \\| (\\d+) \\| ([\\d,]+) \\|$");

    private static final Pattern CODE = Pattern.compile("`([A-Z]+(?:_[A-Z]+)+)`");

    private InfraTemplates templates;

    @BeforeAll
    void parse() throws IOException, InterruptedException {
        templates = InfraTemplates.parsed();
    }

    @Test
    void everyAlertIsExplainedAndNoOther() throws IOException {
        Set<String> alerts = new TreeSet<>();
        for (JsonNode rule : templates.variable("modules/alerts.bicep", "rules")) {
            alerts.add(rule.path("name").asText());
        }
        // Not one of the log's, but of a metric.
        assertThat(templates.text("modules/alerts.bicep")).contains("name: '${name}-undelivered'");
        alerts.add("undelivered");

        assertThat(ALERT.matcher(page("operate.md")).results().map(alert -> alert.group(1)))
                .containsExactlyInAnyOrderElementsOf(alerts);
    }

    @Test
    void everyCodeOfAnErrorThatIsExplainedExists() throws IOException {
        assertThat(CODE.matcher(page("operate.md")).results().map(code -> code.group(1)))
                .contains("SOURCE_UNREACHABLE")
                .isSubsetOf(Arrays.stream(ErrorCode.values()).map(Enum::name).toList());
    }

    @Test
    void everyRoleIsOneOfAzuresAndStandsInTheTableOfRoles() throws IOException {
        JsonNode ids = templates.variable("modules/roles.bicep", "roles");
        Set<String> given = new TreeSet<>();
        for (JsonNode id : ids) {
            given.add(ROLES.get(id.asText()));
        }
        String page = page("deploy.md");
        String table = page.substring(page.indexOf("## Who may do what"), page.indexOf("## A private network"));

        assertThat(given).hasSize(ids.size());
        assertThat(ROLE.matcher(table).results().map(role -> role.group(1)).distinct())
                .containsExactlyInAnyOrderElementsOf(given);
    }

    @Test
    void everyRoleOfTheTemplateIsGivenToSomebody() throws IOException {
        String template = templates.text("modules/roles.bicep");

        for (String role : InfraTemplates.names(templates.variable("modules/roles.bicep", "roles"))) {
            assertThat(template).as(role).contains("roles." + role);
        }
    }

    @Test
    void everyParameterIsExplained() throws IOException {
        String template = templates.text("main.bicep");
        List<String> silent = new ArrayList<>();
        for (String parameter : templates.parameters("main.bicep")) {
            Pattern described =
                    Pattern.compile("@description\\('.*'\\)\\n(?:@[^d].*\\n|  .*\\n|]\\)\\n)*param " + parameter + " ");
            if (!described.matcher(template).find()) {
                silent.add(parameter);
            }
        }
        assertThat(silent).isEmpty();
    }

    @Test
    void theSumsOfTheCostsAreRight() throws IOException {
        List<MatchResult> rows = RUNS.matcher(page("cost.md")).results().toList();
        long runs = 0;
        long gbSeconds = 0;
        for (MatchResult row : rows) {
            assertThat(number(row, 1) * number(row, 2) * 2).as(row.group()).isEqualTo(number(row, 3));
            runs += number(row, 1);
            gbSeconds += number(row, 3);
        }
        assertThat(rows).hasSize(4);
        assertThat(page("cost.md"))
                .contains(String.format(Locale.US, "| together | %,d | | %,d |", runs, gbSeconds))
                .contains(String.format(
                        Locale.US, "(%,d − 100,000) × 0.000026 | %.2f |", gbSeconds, (gbSeconds - 100_000) * 26e-6));
    }

    private static long number(MatchResult row, int group) {
        return Long.parseLong(row.group(group).replace(",", ""));
    }

    private static String page(String name) throws IOException {
        return Files.readString(InfraTemplates.FOLDER.resolveSibling("docs/how-to/" + name));
    }
}
