package dev.tarn.connect.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.connect.TestLake;
import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.delta.Pause;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.WebhookSource;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A drain that ends at each call by which it changes the lake, before the call or after it. */
class InterruptedDrainTest {

    private static final Set<String> CHANGES = Set.of("put", "putIfAbsent", "putFile", "delete");

    private final Endpoints orders = Endpoints.named("orders").eventId("$.id");

    /** Not what anything expects, so that nothing is made good on the way. */
    private static final class Ended extends Error {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void whateverItHadDoneTheNextOneMakesItWhole(@TempDir Path folder) throws IOException {
        int point = 0;
        while (!endsAt(folder.resolve("at" + point), point)) {
            point++;
        }
        assertThat(point).as("points").isGreaterThan(12);
    }

    /** Whether the drain got past the point. */
    private boolean endsAt(Path folder, int point) throws IOException {
        try (OpenInbox inbox = OpenInbox.in(folder)) {
            inbox.receive(orders, Sender.json("orders", "[{\"id\":1,\"a\":1},{\"id\":2}]"));
            inbox.drain(orders);
        }
        try (OpenInbox inbox = OpenInbox.in(folder)) {
            inbox.receive(orders, Sender.json("orders", "[{\"id\":1,\"a\":2},{\"id\":2},{\"id\":3},{\"id\":3}]"));
            inbox.receive(orders, Sender.json("orders", "{\"id\":4}"));
        }
        String torn = "tarn/inbox/orders/1795345008000-0123456789abcdef-000000.ndjson";
        new LocalStorage(folder.resolve("lake")).put(torn, "{".getBytes(UTF_8));
        boolean whole = drain(folder, point);
        try (TestLake lake = TestLake.open(folder)) {
            OpenInbox.drain(lake, orders);
            assertThat(lake.query("bronze.orders_events", "SELECT event_id, payload FROM %s ORDER BY ALL"))
                    .as("point " + point)
                    .containsExactly("1|{\"id\":1,\"a\":1}", "2|{\"id\":2}", "3|{\"id\":3}", "4|{\"id\":4}");
            assertThat(lake.query("bronze.orders_events_conflicts", "SELECT payload FROM %s"))
                    .as("point " + point)
                    .containsExactly("{\"id\":1,\"a\":2}");
            // Two of one id in one request are not told from one that is met again, once bronze has the first.
            assertThat(new Repeats(lake.lake(), "n8n", orders.endpoint()).bySender())
                    .as("point " + point)
                    .singleElement()
                    .satisfies(sender -> assertThat(List.of(sender.events(), sender.repeats()))
                            .isIn(List.of(2L, 2L), List.of(1L, 1L)));
            UnreadableFiles unreadable = new UnreadableFiles(lake.lake().storage(), "orders");
            assertThat(unreadable.all()).as("point " + point).singleElement().satisfies(file -> assertThat(
                            file.reason())
                    .isEqualTo("Line 1 is cut off."));
            assertThat(new InboxFiles(lake.lake().storage(), "orders").all()).isEmpty();
        }
        return whole;
    }

    private boolean drain(Path folder, int point) {
        AtomicInteger calls = new AtomicInteger();
        Storage real = new LocalStorage(folder.resolve("lake"));
        Storage ending = (Storage) Proxy.newProxyInstance(
                Storage.class.getClassLoader(), new Class<?>[] {Storage.class}, (proxy, method, arguments) -> {
                    int number = CHANGES.contains(method.getName()) ? calls.getAndIncrement() : Integer.MIN_VALUE;
                    if (number >= 0 && 2 * number >= point) {
                        throw new Ended();
                    }
                    Object answer;
                    try {
                        answer = method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (number >= 0 && 2 * number + 1 >= point) {
                        throw new Ended();
                    }
                    return answer;
                });
        Budget budget = new Budget(256L << 20, 512L << 20, 256L << 20, 256L << 20, 256L << 20, 2);
        WebhookSource source = orders.source();
        try (Lake lake = Lake.open(ending, DuckDb.open(budget, folder.resolve("other-workspace")), Clock.systemUTC())) {
            new Drain(lake, source, source.endpoints().get(0), ZoneId.of("UTC"), Pause.real())
                    .run(Duration.ZERO, () -> false, drained -> {});
            return true;
        } catch (Ended ended) {
            return false;
        }
    }
}
