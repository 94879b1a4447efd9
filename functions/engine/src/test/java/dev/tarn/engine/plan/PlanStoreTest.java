package dev.tarn.engine.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.azure.AzuriteLake;
import dev.tarn.model.Plan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs on a lake, what ran before, and who may change it. */
class PlanStoreTest {

    private static final Plan FIRST = plan("a");
    private static final Plan SECOND = plan("b");
    private static final Plan THIRD = plan("c");

    @TempDir
    private Path folder;

    private static Plan plan(String hex) {
        return new Plan(hex.repeat(32), "books", ZoneId.of("Asia/Manila"), List.of(), List.of(), List.of());
    }

    @Test
    void eachDeploymentCanBeTakenBack() throws IOException {
        PlanStore store = new PlanStore(new LocalStorage(folder));
        store.deploy(FIRST);
        store.deploy(SECOND);
        store.deploy(SECOND);
        store.deploy(THIRD);

        assertThat(store.deployment().hashes()).containsExactly(THIRD.hash(), SECOND.hash(), FIRST.hash());
        assertThat(store.back(store.deployment())).isTrue();
        assertThat(store.current()).contains(SECOND);
        assertThat(store.back(store.deployment())).isTrue();
        assertThat(store.current()).contains(FIRST);
        assertThat(store.deployment().before()).isEmpty();
        assertThatThrownBy(() -> store.back(store.deployment()))
                .hasMessage("there is no plan before the one that runs");
    }

    @Test
    void whoHasSeenAnotherPlanRunDoesNotDeploy() throws IOException {
        PlanStore store = new PlanStore(new LocalStorage(folder));
        Deployment nothing = store.deployment();
        assertThat(store.deploy(FIRST, nothing)).isTrue();
        assertThat(store.deploy(SECOND, nothing)).isFalse();
        Deployment first = store.deployment();
        store.deploy(THIRD);

        assertThat(store.deploy(SECOND, first)).isFalse();
        assertThat(store.current()).contains(THIRD);
        Deployment third = store.deployment();
        store.deploy(SECOND);
        assertThat(store.back(third)).isFalse();
        assertThat(store.current()).contains(SECOND);
    }

    @Test
    void ofManyWhoDeployAtOnceOneDoesInAFolder() throws Exception {
        race(() -> new LocalStorage(folder));
    }

    @Test
    void ofManyWhoDeployAtOnceOneDoesInAStorageAccount() throws Exception {
        race(AzuriteLake.create());
    }

    private static void race(Supplier<? extends Storage> lake) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 5; round++) {
                Deployment seen = new PlanStore(lake.get()).deployment();
                CyclicBarrier start = new CyclicBarrier(4);
                List<Plan> plans = List.of(plan(round + "a"), plan(round + "b"), plan(round + "c"), plan(round + "d"));
                List<Callable<Boolean>> deployments = plans.stream()
                        .<Callable<Boolean>>map(plan -> () -> {
                            PlanStore store = new PlanStore(lake.get());
                            start.await();
                            return store.deploy(plan, seen);
                        })
                        .toList();

                List<Future<Boolean>> deployed = threads.invokeAll(deployments);

                Plan running = new PlanStore(lake.get()).current().orElseThrow();
                for (int plan = 0; plan < plans.size(); plan++) {
                    assertThat(deployed.get(plan).get())
                            .isEqualTo(plans.get(plan).equals(running));
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aPlanThatIsGoneIsNamed() throws IOException {
        LocalStorage storage = new LocalStorage(folder);
        new PlanStore(storage).deploy(FIRST);
        storage.delete("tarn/plans/" + FIRST.hash() + ".json");

        assertThatThrownBy(() -> new PlanStore(storage).current())
                .hasMessage("LAKE_DAMAGED  tarn/plans/" + FIRST.hash()
                        + ".json is gone from the lake.\n    Deploy the project again.");
    }

    @Test
    void aDamagedPointerIsMendedByTheNextDeployment() throws IOException {
        LocalStorage storage = new LocalStorage(folder);
        storage.put("tarn/plans/current", "../../secret".getBytes(UTF_8));
        PlanStore store = new PlanStore(storage);

        assertThat(store.deploy(FIRST, store.deployment())).isTrue();
        assertThat(store.current()).contains(FIRST);
    }
}
