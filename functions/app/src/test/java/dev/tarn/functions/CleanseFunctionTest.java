package dev.tarn.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.delta.Correlation;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CleanseFunctionTest {

    private static final byte[] UNREAD = {};

    @TempDir
    private Path folder;

    private AppLake app;
    private CleanseFunction function;

    @BeforeEach
    void open() {
        app = app(folder.resolve("lake").toUri().toString());
        function = new CleanseFunction(new RunningApp(app));
    }

    @AfterEach
    void close() {
        app.close();
    }

    @Test
    void aCommitRunsTheFlowsThatReadItsTable() throws IOException {
        OrdersLake orders = new OrdersLake(app.open());
        orders.deploy();
        String commit = orders.arrive(3);

        run(commit);

        assertThat(orders.read(OrdersLake.DOUBLED)).containsExactly(2L, 4L, 6L);
        assertThat(orders.read(OrdersLake.CHECKED)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aRepeatedEventCommitsNothing() throws IOException {
        OrdersLake orders = new OrdersLake(app.open());
        orders.deploy();
        String commit = orders.arrive(3);
        run(commit);
        long version = orders.version(OrdersLake.DOUBLED);

        run(commit);

        assertThat(orders.version(OrdersLake.DOUBLED)).isEqualTo(version);
    }

    @Test
    void anEventThatComesLateFindsTheNewestRows() throws IOException {
        OrdersLake orders = new OrdersLake(app.open());
        orders.deploy();
        String first = orders.arrive(1);
        orders.arrive(2);

        run(first);

        assertThat(orders.read(OrdersLake.DOUBLED)).containsExactly(2L, 2L, 4L);
    }

    @Test
    void aFileThatIsNoCommitWakesNothing() throws IOException {
        OrdersLake orders = new OrdersLake(app.open());
        orders.deploy();
        orders.arrive(3);

        run("orders/part-1.parquet");
        run("orders/_delta_log/_last_checkpoint");

        assertThat(orders.exists(OrdersLake.DOUBLED)).isFalse();
    }

    @Test
    void aFlowThatFailsIsReportedAfterTheOthersRan() throws IOException {
        OrdersLake orders = new OrdersLake(app.open());
        orders.deploy();
        String commit = orders.arrive(11);

        assertThatThrownBy(() -> run(commit))
                .isInstanceOf(TarnException.class)
                .hasMessageContaining("EXPECTATION_FAILED")
                .hasMessageContaining("small_id");

        assertThat(orders.read(OrdersLake.DOUBLED)).hasSize(11);
    }

    @Test
    void aLakeWithoutAPlanIsNamed() {
        String commit = new OrdersLake(app.open()).arrive(1);

        assertThatThrownBy(() -> run(commit))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        """
                        PROJECT_NOT_FOUND  The lake has no plan, so version 1 of bronze.orders wakes nothing.
                            Deploy the project to this lake.""");
    }

    @Test
    void whatFailedIsLoggedInItsOwnWords() {
        String commit = new OrdersLake(app.open()).arrive(1);
        List<LogRecord> logged = new ArrayList<>();
        Logger log = new Invocation().getLogger();
        log.setFilter(logged::add);
        try {
            assertThatThrownBy(() -> run(commit)).isInstanceOf(TarnException.class);
        } finally {
            log.setFilter(null);
        }

        assertThat(logged)
                .filteredOn(told -> told.getLevel().equals(Level.SEVERE))
                .extracting(LogRecord::getMessage)
                .containsExactly(
                        """
                        PROJECT_NOT_FOUND  The lake has no plan, so version 1 of bronze.orders wakes nothing.
                            Deploy the project to this lake. [01980000-0000-7000-8000-000000000001]""");
    }

    @Test
    void aWakeGoesOnUnderTheIdOfTheCommitThatWokeIt() throws IOException {
        OrdersLake orders = new OrdersLake(app.open());
        orders.deploy();
        String commit = Correlation.during("inbox/orders/1.ndjson", () -> orders.arrive(3));
        byte[] file = app.open().storage().read("bronze/" + commit);
        List<LogRecord> logged = new ArrayList<>();
        Logger log = new Invocation().getLogger();
        log.setFilter(logged::add);
        try {
            function.run(file, commit, new Messages(), new Invocation());
        } finally {
            log.setFilter(null);
        }

        assertThat(logged)
                .extracting(LogRecord::getMessage)
                .hasSize(2)
                .allMatch(told -> told.endsWith(" ms [inbox/orders/1.ndjson]"));
        byte[] made = app.open().storage().read("silver/doubled/_delta_log/00000000000000000001.json");
        assertThat(Correlation.ofCommit(made)).contains("inbox/orders/1.ndjson");
    }

    @Test
    void aWakeByACommitOfAnotherWriterIsCalledAfterItself() throws IOException {
        OrdersLake orders = new OrdersLake(app.open());
        orders.deploy();
        String commit = orders.arrive(3);

        function.run(app.open().storage().read("bronze/" + commit), commit, new Messages(), new Invocation());

        byte[] made = app.open().storage().read("silver/doubled/_delta_log/00000000000000000001.json");
        assertThat(Correlation.ofCommit(made)).contains(new Invocation().getInvocationId());
    }

    @Test
    void aMissingLakeIsNamed() {
        assertRefused(
                null,
                """
                CONFIGURATION_INVALID  The setting tarn.lake is missing, so the app has no lake.
                    Set TARN_LAKE to the lake's storage account, for example https://<account>.blob.core.windows.net, or to \
                its folder, for example file:///srv/lake.""");
    }

    @Test
    void aFolderThatIsNoneIsNamed() {
        for (String none : List.of("file:srv", "file://elsewhere/srv", "file:///srv lake")) {
            assertRefused(
                    none,
                    """
                    CONFIGURATION_INVALID  The address of the lake begins with file: and names no folder.
                        Give the folder as file:///srv/lake.""");
        }
    }

    @Test
    void anAddressOfNoStorageAccountIsRefusedWithoutItsSignature() {
        assertRefused(
                "http://stgexample.blob.core.windows.net/?sv=2025&sig=secret",
                """
                CONFIGURATION_INVALID  The address of the lake is not one of a storage account: it is not https, which only a \
                service of this machine may do without.
                    Give https://<account>.blob.core.windows.net, with a shared access signature or none, or the account's \
                connection string.""");
    }

    @Test
    void aLakeThatCannotBeOpenedIsTriedAgain() throws IOException {
        Path root = folder.resolve("late");
        Files.createFile(root);
        AppLake late = app(root.toUri().toString());
        assertThatThrownBy(late::open).hasMessageStartingWith("LAKE_NOT_WRITABLE");

        Files.delete(root);

        assertThat(late.open().storage().read("tarn/format.json")).isNotEmpty();
        late.close();
    }

    private void assertRefused(@Nullable String lake, String message) {
        AppLake refused = app(lake);
        for (int event = 0; event < 2; event++) {
            assertThatThrownBy(refused::open).isInstanceOf(TarnException.class).hasMessage(message);
        }
    }

    private void run(String name) {
        function.run(UNREAD, name, new Messages(), new Invocation());
    }

    private AppLake app(@Nullable String lake) {
        return new AppLake(Settings.of(lake, folder.resolve("workspace")), Map.of());
    }
}
