package dev.tarn.connect.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.connect.SuppliedClock;
import dev.tarn.connect.event.Canary;
import dev.tarn.connect.event.Passage;
import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.model.AlarmType;
import dev.tarn.model.Notify;
import dev.tarn.model.Operation;
import dev.tarn.model.Plan;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourcePosition;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People are told of events that do not arrive. */
class CanaryAlarmTest {

    private static final SourcePosition HERE = new SourcePosition("tarn.yml", 5, 3);

    @TempDir
    Path folder;

    private final List<String> told = new ArrayList<>();
    private Instant now = Instant.now();
    private AlarmReceiver receiver;
    private Lake lake;

    @BeforeEach
    void open() throws IOException {
        Budget budget = new Budget(256L << 20, 512L << 20, 256L << 20, 256L << 20, 256L << 20, 2);
        receiver = AlarmReceiver.open();
        lake = Lake.open(
                new LocalStorage(folder.resolve("lake")),
                DuckDb.open(budget, folder.resolve("workspace")),
                new SuppliedClock(() -> now));
    }

    @AfterEach
    void close() {
        lake.close();
        receiver.close();
    }

    private Plan plan() {
        Notify notify = new Notify(receiver.url(), new SecretRef("n8n-notify"), List.of(AlarmType.values()), HERE);
        return new Plan(
                "0123456789abcdef",
                "shop",
                ZoneId.of("Asia/Manila"),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new Operation("prod", Duration.ofMinutes(10), 2, notify));
    }

    private void check(Plan plan) {
        new Alarms(lake, notify -> AlarmReceiver.SECRET).check(plan, flow -> Optional.empty(), told::add);
    }

    @Test
    void aCanaryThatWaitsForAnEventIsToldOfWithItsContainer() throws IOException {
        Canary canary = new Canary(lake);
        canary.look(told::add);
        String path = lake.storage().listBelow("bronze").get(0).path();
        now = now.plus(Passage.PATIENCE).plusSeconds(2);
        check(plan());
        assertThat(receiver.last().path("what").asText())
                .matches(
                        "The canary that was sent at .{16} waits in bronze: events of that container do not arrive\\.");
        assertThat(receiver.last().path("mend").asText())
                .isEqualTo("See in the portal whether the container's Event Grid subscription is there and delivers;"
                        + " infra-bicep/deploy makes it anew.");
        assertThat(receiver.heard()).containsExactly("stale events of bronze");

        for (String container : List.of("bronze", "silver", "gold")) {
            canary.heard(path.replace("bronze", container));
        }
        check(plan());
        assertThat(receiver.heard()).containsExactly("mended stale events of bronze");
    }
}
