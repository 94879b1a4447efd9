package dev.tarn.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.AlarmType;
import dev.tarn.model.Notify;
import dev.tarn.model.Operation;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourcePosition;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotifyTest {

    private static final String REST =
            """
            version: 1
            timezone: Asia/Manila
            targets: { local: { lake: ./.lake }, prod: { lake: /srv/lake, default: true } }
            """;

    @TempDir
    private Path folder;

    private TestProject project;

    @BeforeEach
    void aProject() {
        project = new TestProject(folder)
                .sql("CREATE MATERIALIZED VIEW gold.partners AS SELECT id, name FROM bronze.res_partner");
    }

    private TestProject with(String settings) {
        return project.with("tarn.yml", REST + settings);
    }

    @Test
    void howAPlanIsWatchedIsPartOfIt() {
        Operation operation =
                with("""
                freshness: 1h
                attempts: 3
                notify: { url: "https://n8n.example.com/webhook/tarn", secret: "${secret:n8n-notify}", on: [stale, quarantine] }
                """)
                        .compile()
                        .operation();

        assertThat(operation)
                .isEqualTo(new Operation(
                        "prod",
                        Duration.ofHours(1),
                        3,
                        new Notify(
                                URI.create("https://n8n.example.com/webhook/tarn"),
                                new SecretRef("n8n-notify"),
                                List.of(AlarmType.STALE, AlarmType.QUARANTINE),
                                new SourcePosition("tarn.yml", 6, 9))));
    }

    @Test
    void aProjectThatSaysNothingIsTriedFiveTimesAndTellsNobody() {
        assertThat(with("").compile().operation()).isEqualTo(new Operation("prod", Duration.ofMinutes(5), 5, null));
    }

    @Test
    void whoSaysNothingOfWhatIsToldOfEverything() {
        assertThat(with("notify: { url: \"http://localhost:5678/tarn\", secret: \"${secret:n8n-notify}\" }\n")
                        .compile()
                        .operation()
                        .alarms()
                        .on())
                .containsExactly(AlarmType.values());
    }

    @Test
    void aPlanThatTellsSomebodyElseIsAnotherPlan() {
        String one = with("").compile().hash();

        assertThat(with("notify: { url: \"https://n8n.example.com\", secret: \"${secret:n8n-notify}\" }\n")
                        .compile()
                        .hash())
                .isNotEqualTo(one);
    }

    @Test
    void everythingWrongWithItIsNamedAndNoneOfItsSecretsIs() {
        assertThat(
                        with("""
                attempts: 0
                notify:
                  url: http://user:hunter2@n8n.example.com/webhook/4711
                  secret: hunter2
                  on: [update_failde, budget]
                  period: 1h
                """)
                                .refusal())
                .isEqualTo(
                        """
                tarn.yml:4:11  CONFIGURATION_INVALID  'attempts' is no number from 1 to 99.
                    Write how often an update may fail on the same input before it is set aside: attempts: 5.
                tarn.yml:6:8  CONFIGURATION_INVALID  'url' is not an address that notifications can be sent to.
                    Write https://n8n.example.com/webhook/tarn: encrypted, without user and password.
                tarn.yml:7:11  SECRET_INVALID  'secret' must name a secret and holds something else.
                    Write ${secret:some-name} and keep the value out of the project; change a password that stood here.
                tarn.yml:8:7  CONFIGURATION_INVALID  'update_failde' is nothing that Tarn tells of.
                    Nearest: update_failed.
                tarn.yml:8:7  CONFIGURATION_INVALID  'budget' is nothing that Tarn tells of.
                    Possible: update_failed, stale, quarantine, publish_blocked, schema_changed.
                tarn.yml:9:3  CONFIGURATION_INVALID  'period' is not a setting that Tarn reads here.
                    Possible here: url, secret, on.""");
    }

    @Test
    void theTableThatTarnKeepsIsNobodyElses() {
        assertThat(project.sql("CREATE MATERIALIZED VIEW gold.freshness AS SELECT id FROM bronze.res_partner")
                        .refusal())
                .isEqualTo(
                        """
                pipelines/a.sql:1:26  CONFIGURATION_INVALID  gold.freshness is a table that Tarn itself keeps.
                    Give yours another name.""");
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThat(with("notify: { on: [] }\n").refusal())
                .isEqualTo(
                        """
                tarn.yml:4:9  CONFIGURATION_INVALID  'url' is missing.
                    Add url here.
                tarn.yml:4:9  CONFIGURATION_INVALID  'secret' is missing.
                    Add secret here.
                tarn.yml:4:15  CONFIGURATION_INVALID  'on' names nothing to be told of.
                    Write some of them, or leave out on for all.""");
        assertThat(with("notify: https://n8n.example.com\n").refusal())
                .isEqualTo(
                        """
                tarn.yml:4:9  CONFIGURATION_INVALID  'notify' needs settings of its own.
                    Write them below notify, indented.""");
    }
}
