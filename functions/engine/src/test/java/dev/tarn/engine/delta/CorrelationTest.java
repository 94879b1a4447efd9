package dev.tarn.engine.delta;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.UpdateId;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorrelationTest {

    private static final String COMMIT =
            """
            {"commitInfo":{"operation":"WRITE","operationParameters":{"mode":"Append","tarn.correlation":"%s"}}}
            {"add":{}}
            """;

    @Test
    void aCommitSaysWhatItWasMadeFor() {
        assertThat(ofCommit(COMMIT.formatted("inbox/orders/0001764000000-ab-1.ndjson")))
                .isEqualTo("inbox/orders/0001764000000-ab-1.ndjson");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "null", "[]", "{\"add\":{}}", "{\"commitInfo\":1}", "PAR1", "{\"commitInfo\":{"})
    void aFileOfAnotherWriterSaysNothing(String file) {
        assertThat(ofCommit(file)).isEqualTo("none");
    }

    @Test
    void whatCouldForgeALineOfTheLogIsNoId() {
        assertThat(ofCommit(COMMIT.formatted("a\\nb"))).isEqualTo("none");
        assertThat(ofCommit(COMMIT.formatted("a b"))).isEqualTo("none");
        assertThat(ofCommit(COMMIT.formatted("a".repeat(121)))).isEqualTo("none");
        assertThat(ofCommit(COMMIT.formatted("a".repeat(120)))).hasSize(120);
    }

    @Test
    void aFirstLineThatIsTooLongIsNotRead() {
        assertThat(ofCommit(" ".repeat(1 << 16) + COMMIT.formatted("a"))).isEqualTo("none");
    }

    @Test
    void anIdHoldsForTheWorkAndNoLonger() {
        String seen = Correlation.during(
                "outer",
                () -> Correlation.during("inner", () -> Correlation.current().orElse("none"))
                        + Correlation.current().orElse("none"));

        assertThat(seen).isEqualTo("innerouter");
        assertThat(Correlation.current()).isEmpty();
        assertThat(Correlation.<String>during(
                        "no id", () -> Correlation.current().orElse("none")))
                .isEqualTo("none");
    }

    @Test
    void workWithoutOneCommitsNone() {
        assertThat(request().parameters()).isEqualTo(Map.of("mode", "Append"));
        assertThat(Correlation.during("tick-1", CorrelationTest::request).parameters())
                .isEqualTo(Map.of("mode", "Append", "tarn.correlation", "tick-1"));
    }

    private static CommitRequest request() {
        return CommitRequest.ofWork(
                UpdateId.parse("01980000-0000-7000-8000-000000000001"), "WRITE", Map.of("mode", "Append"));
    }

    private static String ofCommit(String file) {
        return Correlation.ofCommit(file.getBytes(UTF_8)).orElse("none");
    }
}
