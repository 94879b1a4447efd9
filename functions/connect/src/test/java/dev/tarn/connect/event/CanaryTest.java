package dev.tarn.connect.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.connect.SuppliedClock;
import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.model.Layer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CanaryTest {

    private static final Instant BEGIN = Instant.parse("2026-11-25T08:00:00Z");
    private static final String NAME = "/_canary/_delta_log/20261125080000.json";

    @TempDir
    Path folder;

    private final List<String> told = new ArrayList<>();
    private Instant now = BEGIN;
    private Lake lake;
    private Canary canary;

    @BeforeEach
    void open() {
        Budget budget = new Budget(256L << 20, 512L << 20, 256L << 20, 256L << 20, 256L << 20, 2);
        lake = Lake.open(
                new LocalStorage(folder.resolve("lake")),
                DuckDb.open(budget, folder.resolve("workspace")),
                new SuppliedClock(() -> now));
        canary = new Canary(lake);
    }

    @AfterEach
    void close() {
        lake.close();
    }

    private void heard(String container, Duration later) throws IOException {
        now = now.plus(later);
        canary.heard(container + NAME);
    }

    @Test
    void passesThroughAllContainersAndItsTimesAreKept() throws IOException {
        canary.look(told::add);
        heard("bronze", Duration.ofSeconds(2));
        heard("silver", Duration.ofSeconds(3));
        assertThat(canary.last().orElseThrow().waitsIn()).isEqualTo(Layer.GOLD);
        heard("gold", Duration.ofSeconds(4));

        Passage passage = canary.last().orElseThrow();
        assertThat(passage.isThrough()).isTrue();
        assertThat(passage.sent()).isEqualTo(BEGIN);
        assertThat(passage.took(now.plusSeconds(99))).isEqualTo(Duration.ofSeconds(9));
        assertThat(passage.heard()).containsEntry(Layer.SILVER, BEGIN.plusSeconds(5));
        assertThat(canary.late()).isEmpty();
        assertThat(told).isEmpty();
        for (String container : List.of("bronze", "silver", "gold")) {
            assertThat(lake.storage().list(container + "/_canary/_delta_log", ""))
                    .isEmpty();
        }
    }

    @Test
    void anEventThatComesTwiceOrOfACanaryThatIsGoneDoesNothing() throws IOException {
        canary.look(told::add);
        heard("bronze", Duration.ofSeconds(2));
        heard("bronze", Duration.ofSeconds(2));
        heard("gold", Duration.ofSeconds(2));

        assertThat(canary.last().orElseThrow().heard()).containsOnlyKeys(Layer.BRONZE);
        assertThat(canary.last().orElseThrow().heard()).containsEntry(Layer.BRONZE, BEGIN.plusSeconds(2));
    }

    @Test
    void oneIsSentAnHour() throws IOException {
        canary.look(told::add);
        now = now.plus(Duration.ofMinutes(59));
        canary.look(told::add);
        assertThat(lake.storage().list("bronze/_canary/_delta_log", "")).hasSize(1);

        now = now.plus(Duration.ofMinutes(1));
        canary.look(told::add);

        assertThat(lake.storage().list("bronze/_canary/_delta_log", "")).hasSize(2);
        assertThat(canary.last().orElseThrow().sent()).isEqualTo(BEGIN.plus(Duration.ofHours(1)));
    }

    @Test
    void oneThatWaitsLongerThanAnEventTakesIsToldOfWithItsContainer() throws IOException {
        canary.look(told::add);
        heard("bronze", Duration.ofSeconds(2));
        now = BEGIN.plus(Passage.PATIENCE);
        canary.look(told::add);
        assertThat(told).isEmpty();
        assertThat(canary.late()).isEmpty();

        now = now.plusSeconds(1);
        canary.look(told::add);

        assertThat(told)
                .containsExactly(
                        "The canary of 2026-11-25T08:00:00Z waits in silver: events of that container do not arrive.");
        assertThat(canary.late()).contains(canary.last().orElseThrow());
    }

    @Test
    void afterADayOneIsForgotten() throws IOException {
        canary.look(told::add);
        now = now.plus(Duration.ofHours(24)).plusSeconds(1);
        canary.look(told::add);

        assertThat(lake.storage().list("bronze/_canary/_delta_log", ""))
                .singleElement()
                .satisfies(file -> assertThat(file.name()).isEqualTo("20261126080001.json"));
    }

    @Test
    void oneThatADeploymentPutThereGoesTheSameWay() throws IOException {
        lake.storage().put("bronze" + NAME, "{}".getBytes(UTF_8));
        heard("bronze", Duration.ofSeconds(1));
        lake.storage().put("silver" + NAME, "no JSON".getBytes(UTF_8));
        heard("silver", Duration.ofSeconds(1));
        heard("gold", Duration.ofSeconds(1));

        assertThat(canary.last().orElseThrow().heard()).containsOnlyKeys(Layer.SILVER, Layer.GOLD);
    }

    @Test
    void nothingElseIsTakenForOne() {
        assertThat(Canary.isAt("bronze" + NAME)).isTrue();
        assertThat(Canary.isAt("tarn" + NAME)).isFalse();
        assertThat(Canary.isAt("bronze/orders/_delta_log/20261125080000.json")).isFalse();
        assertThat(Canary.isAt("bronze/_canary/_delta_log/2026112508000.json")).isFalse();
    }
}
