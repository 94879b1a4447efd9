package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.azurite.Azurite;
import dev.tarn.engine.storage.azure.AzureAddress;
import dev.tarn.engine.storage.azure.AzureBlobStorage;
import dev.tarn.engine.storage.azure.ServiceProxy;
import dev.tarn.engine.storage.azure.ServiceProxy.Trouble;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commits to blob storage, over a network that loses requests and answers. */
class AzureCommitTest extends DeltaFixture {

    private static final int WRITERS = 3;
    private static final int COMMITS = 4;

    private final List<ServiceProxy> proxies = new ArrayList<>();
    private String lake;

    @BeforeAll
    static void azuriteIsThere() {
        assumeTrue(Azurite.missing().isEmpty(), () -> Azurite.missing().orElseThrow());
    }

    @BeforeEach
    void createOnAzurite() throws IOException {
        lake = Azurite.shared().newLake();
        storage = AzureBlobStorage.open(AzureAddress.parse(lake));
        tables = new DeltaTables(storage, duckDb, Clock.systemUTC());
        table = tables.table(NAME);
        create("SELECT 0 AS writer, 0 AS number");
    }

    @AfterEach
    void closeProxies() throws IOException {
        for (ServiceProxy proxy : proxies) {
            proxy.close();
        }
    }

    /** The table through a proxy of its own: to the storage another lake, so that its writers do not take turns. */
    private DeltaTable through(ServiceProxy proxy) {
        AzureAddress address = AzureAddress.parse(proxy.through(lake));
        return new DeltaTables(AzureBlobStorage.open(address), duckDb, Clock.systemUTC()).table(NAME);
    }

    private ServiceProxy proxy() throws IOException {
        ServiceProxy proxy = new ServiceProxy(Azurite.shared().service());
        proxies.add(proxy);
        return proxy;
    }

    @Test
    void aCommitWhoseAnswerWasLostIsCommittedOnce() throws IOException {
        ServiceProxy proxy = proxy();
        DeltaTable own = through(proxy);
        TableSnapshot base = own.snapshot().orElseThrow();
        TableChange rows = own.append(session, base, "SELECT 1 AS writer, 1 AS number");
        proxy.trouble(1, "PUT", ".*_delta_log.*0+1\\.json.*", new Trouble.AnswerLost());

        assertThat(own.commit(rows, request(0))).isEqualTo(new Commit.Committed(1));

        assertThat(proxy.log())
                .filteredOn(line -> line.startsWith("PUT") && line.contains("_delta_log"))
                .extracting(line -> line.substring(line.length() - 3))
                .containsExactly("201", "409");
        assertThat(rows(newest().scan(session))).containsExactly("1, 1");
        assertThat(newest().version()).isEqualTo(1);
    }

    @Test
    void aCommitThatWasOvertakenBehindALostRequestGoesAfterTheOther() throws IOException {
        ServiceProxy proxy = proxy();
        DeltaTable own = through(proxy);
        TableSnapshot base = own.snapshot().orElseThrow();
        TableChange mine = own.append(session, base, "SELECT 1 AS writer, 1 AS number");
        TableChange foreign = table.append(session, base, "SELECT 2 AS writer, 2 AS number");
        AtomicInteger puts = new AtomicInteger();
        proxy.plan((method, path) -> {
            if (!method.equals("PUT") || !path.contains("_delta_log") || puts.getAndIncrement() > 0) {
                return Optional.empty();
            }
            table.commit(foreign, request("other", 0));
            return Optional.of(new Trouble.RequestLost());
        });

        assertThat(own.commit(mine, request(0))).isEqualTo(new Commit.Committed(2));

        assertThat(rows(newest().scan(session))).containsExactly("1, 1", "2, 2");
    }

    @Test
    void racingWritersBehindABadNetworkWriteEveryRowOnce() throws Exception {
        long seed = System.nanoTime();
        List<BadNetwork> networks = new ArrayList<>();
        List<DeltaTable> writers = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            ServiceProxy proxy = proxy();
            writers.add(through(proxy));
            BadNetwork network = new BadNetwork(seed + writer);
            networks.add(network);
            proxy.plan(network);
        }

        Map<Long, String> committed = race(COMMITS, writers);

        int requests = proxies.stream().mapToInt(proxy -> proxy.log().size()).sum();
        System.out.println("racing writers on blobs: seed " + seed + ", " + WRITERS * COMMITS + " commits, " + requests
                + " requests, "
                + networks.stream().mapToInt(BadNetwork::troubles).sum() + " of them in trouble");
        assertVersionsHold(committed, WRITERS * COMMITS, "seed " + seed);
    }

    /** One writing request in three and one reading in twenty, and never so many in a row that a client gives up. */
    private static final class BadNetwork implements ServiceProxy.Plan {

        private static final int MOST_IN_A_ROW = 3;

        private final Random random;
        private int troubles;
        private int inARow;

        BadNetwork(long seed) {
            this.random = new Random(seed);
        }

        @Override
        public synchronized Optional<Trouble> at(String method, String pathAndQuery) {
            int dice = random.nextInt(60);
            if (dice >= (method.equals("PUT") ? 20 : 3) || inARow == MOST_IN_A_ROW) {
                inARow = 0;
                return Optional.empty();
            }
            inARow++;
            troubles++;
            return Optional.of(dice % 2 == 0 ? new Trouble.AnswerLost() : new Trouble.RequestLost());
        }

        synchronized int troubles() {
            return troubles;
        }
    }
}
