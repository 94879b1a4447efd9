package dev.tarn.connect.alarm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.connect.TestLake;
import dev.tarn.connect.inbox.Drain;
import dev.tarn.engine.delta.Pause;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.AlarmType;
import dev.tarn.model.Notify;
import dev.tarn.model.Operation;
import dev.tarn.model.Plan;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.WebhookAuth;
import dev.tarn.model.WebhookSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People are told of events that did not come into bronze. */
class InboxAlarmTest {

    private static final SourcePosition HERE = new SourcePosition("sources/shop.yml", 4, 11);

    @TempDir
    Path folder;

    private AlarmReceiver receiver;
    private TestLake opened;
    private Lake lake;

    @BeforeEach
    void open() throws IOException {
        receiver = AlarmReceiver.open();
        opened = TestLake.open(folder);
        lake = opened.lake();
    }

    @AfterEach
    void close() {
        opened.close();
        receiver.close();
    }

    @Test
    void filesOfAnInboxThatCannotBeReadAreToldOf() throws IOException {
        WebhookSource.Endpoint orders = WebhookSource.Endpoint.usual(
                "orders", new WebhookAuth.SharedSecret("x-key", List.of(new SecretRef("orders"))), List.of(), HERE);
        Plan plan = new Plan(
                "0123456789abcdef",
                "shop",
                ZoneId.of("Asia/Manila"),
                List.of(),
                List.of(),
                List.of(),
                List.of(new WebhookSource("shop", List.of(orders), HERE)),
                List.of(),
                new Operation(
                        "prod",
                        Duration.ofMinutes(10),
                        2,
                        new Notify(receiver.url(), new SecretRef("n8n-notify"), List.of(AlarmType.QUARANTINE), HERE)));
        lake.storage()
                .put("tarn/inbox/orders/1795345008000-0123456789abcdef-000000.ndjson", "{\"v\":1,".getBytes(UTF_8));
        new Drain(lake, plan.webhooks().get(0), orders, plan.timezone(), Pause.real())
                .run(Duration.ZERO, () -> false, drained -> {});
        List<String> told = new ArrayList<>();
        new Alarms(lake, notify -> AlarmReceiver.SECRET).check(plan, flow -> Optional.empty(), told::add);

        assertThat(told).containsExactly("Told of quarantine of bronze.orders_events.");
        assertThat(receiver.last().path("what").asText())
                .isEqualTo("1 file of the inbox of orders cannot be read and is kept aside.");
        assertThat(receiver.last().path("effect").asText())
                .isEqualTo("Events in it are missing in bronze.orders_events and in what is made from it; nothing else"
                        + " is.");
        assertThat(receiver.last().path("mend").asText())
                .isEqualTo("See why with tarn inbox list --target prod. Mend what it names, then tarn inbox replay"
                        + " --source orders --unreadable --target prod.");
        assertThat(receiver.heard()).containsExactly("quarantine bronze.orders_events");
    }
}
