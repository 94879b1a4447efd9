package dev.tarn.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumeFunctionTest {

    private final Messages left = new Messages();
    private final Messages poison = new Messages();
    private final List<LogRecord> logged = new ArrayList<>();

    @TempDir
    private Path folder;

    private AppLake app;
    private ResumeFunction function;

    @BeforeEach
    void open() {
        app = new AppLake(
                Settings.of(folder.resolve("lake").toUri().toString(), folder.resolve("workspace")), Map.of());
        function = new ResumeFunction(new RunningApp(app));
    }

    @AfterEach
    void close() {
        app.close();
    }

    @Test
    void aMessageRunsTheFlowThatItNames() throws IOException {
        OrdersLake orders = new OrdersLake(app.open());
        orders.deploy();
        orders.arrive(3);

        run(update("silver.doubled"), "1");

        assertThat(orders.read(OrdersLake.DOUBLED)).containsExactly(2L, 4L, 6L);
        assertThat(orders.exists(OrdersLake.CHECKED)).isFalse();
        assertThat(left.getValue()).isEmpty();
        assertThat(poison.getValue()).isEmpty();
    }

    @Test
    void aFlowThatFailsIsPassedOnAndLoggedInItsOwnWords() throws IOException {
        OrdersLake orders = new OrdersLake(app.open());
        orders.deploy();
        orders.arrive(11);

        run(update("silver.checked"), "1");

        assertThat(left.getValue())
                .containsExactly(
                        """
                        {"v":1,"kind":"update","name":"silver.checked","attempt":2,"correlation":"0198-1",\
                        "asked":"2026-05-01T08:00:00Z","failure":"EXPECTATION_FAILED"}""");
        assertThat(poison.getValue()).isEmpty();
        assertThat(severe())
                .singleElement()
                .asString()
                .contains("EXPECTATION_FAILED")
                .contains("small_id");
    }

    @Test
    void whatIsNoUnitGoesToThePoisonQueueAndTheLogSaysSo() throws IOException {
        new OrdersLake(app.open()).deploy();

        run("[]", "1");

        assertThat(left.getValue()).isEmpty();
        assertThat(poison.getValue()).singleElement().asString().endsWith(",\"message\":\"[]\"}");
        assertThat(severe())
                .containsExactly(
                        """
                        Given up, see the queue tarn-poison:
                        UNIT_INVALID  A message of the queue tarn-units is JSON, and not an object.
                            Only the app puts messages into this queue: see who else holds a right on it, and what for.""");
    }

    @Test
    void aLakeWithoutAPlanLetsTheMessageComeAgain() {
        assertThatThrownBy(() -> run(update("silver.doubled"), "1"))
                .isInstanceOf(TarnException.class)
                .hasMessageStartingWith("PROJECT_NOT_FOUND");
    }

    private static String update(String flow) {
        return "{\"v\":1,\"kind\":\"update\",\"name\":\"" + flow
                + "\",\"attempt\":1,\"correlation\":\"0198-1\",\"asked\":\"2026-05-01T08:00:00Z\"}";
    }

    private List<String> severe() {
        return logged.stream()
                .filter(told -> told.getLevel().equals(Level.SEVERE))
                .map(LogRecord::getMessage)
                .toList();
    }

    private void run(String message, String delivery) {
        Logger log = new Invocation().getLogger();
        log.setFilter(logged::add);
        try {
            function.run(message, delivery, left, poison, new Invocation());
        } finally {
            log.setFilter(null);
        }
    }
}
