package dev.tarn.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.TarnException;
import io.quarkus.runtime.configuration.MemorySize;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
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
        app = app(folder.resolve("lake").toUri());
        function = new CleanseFunction(new FlowWaker(app));
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
    void aMissingLakeIsNamed() {
        AppLake nowhere = app(null);

        assertThatThrownBy(nowhere::open)
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        """
                        CONFIGURATION_INVALID  The setting tarn.lake is missing, so the app has no lake.
                            Set TARN_LAKE to the lake's folder, for example file:///srv/lake.""");
    }

    @Test
    void aLakeThatIsNoFolderIsRefusedWithoutItsSignature() {
        AppLake remote = app(URI.create("https://stgexample.blob.core.windows.net/?sig=secret"));

        assertThatThrownBy(remote::open)
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "CONFIGURATION_INVALID  The setting tarn.lake is an address of kind 'https', and this app opens "
                                + "lakes in folders only.\n"
                                + "    Set TARN_LAKE to the lake's folder, for example file:///srv/lake.");
    }

    private void run(String name) {
        function.run(UNREAD, name, new Invocation());
    }

    private AppLake app(@Nullable URI lake) {
        return new AppLake(new Settings(Optional.ofNullable(lake), folder.resolve("workspace")));
    }

    private record Settings(Optional<URI> lake, Path workspace) implements TarnConfig {
        @Override
        public MemorySize memory() {
            return new MemorySize(BigInteger.valueOf(2048L << 20));
        }

        @Override
        public MemorySize disk() {
            return new MemorySize(BigInteger.valueOf(256L << 20));
        }
    }
}
