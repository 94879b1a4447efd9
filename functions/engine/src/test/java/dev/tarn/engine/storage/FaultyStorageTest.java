package dev.tarn.engine.storage;

import static dev.tarn.engine.storage.StorageCall.Operation.LEASE;
import static dev.tarn.engine.storage.StorageCall.Operation.LIST;
import static dev.tarn.engine.storage.StorageCall.Operation.PUT;
import static dev.tarn.engine.storage.StorageCall.Operation.PUT_FILE;
import static dev.tarn.engine.storage.StorageCall.Operation.PUT_IF_ABSENT;
import static dev.tarn.engine.storage.StorageCall.Operation.READ;
import static dev.tarn.engine.storage.StorageCall.Operation.RELEASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.storage.Fault.Moment;
import dev.tarn.engine.storage.FaultyStorage.Injected;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultyStorageTest extends StorageContract {

    private static final byte[] CONTENT = {1, 2, 3};

    @TempDir
    Path root;

    @Override
    protected Storage storage() {
        return new FaultyStorage(lake(), Faults.none());
    }

    private LocalStorage lake() {
        return new LocalStorage(root.resolve("lake"));
    }

    private FaultyStorage storage(Faults faults) {
        return new FaultyStorage(lake(), faults);
    }

    @Test
    void aCallThatFailsBeforeDidNothing() throws Exception {
        FaultyStorage storage = storage(Faults.nth(1, Faults.calls(PUT, "tarn/.*"), new Fault.Fail(Moment.BEFORE)));
        storage.put("tarn/a", CONTENT);
        storage.put("bronze/b", CONTENT);

        assertThatThrownBy(() -> storage.put("tarn/b", CONTENT))
                .isInstanceOf(InjectedFaultException.class)
                .hasMessage("injected: failed BEFORE PUT tarn/b");
        assertThat(lake().find("tarn/b")).isEmpty();
        storage.put("tarn/b", CONTENT);
        assertThat(storage.injected())
                .containsExactly(new Injected(new StorageCall(2, PUT, "tarn/b"), new Fault.Fail(Moment.BEFORE)));
    }

    @Test
    void aCallThatFailsAfterDidItsWork() throws Exception {
        FaultyStorage storage = storage(Faults.every(Faults.calls(PUT_IF_ABSENT, ".*"), new Fault.Fail(Moment.AFTER)));

        assertThatThrownBy(() -> storage.putIfAbsent("tarn/a", CONTENT))
                .isInstanceOf(InjectedFaultException.class)
                .hasMessage("injected: failed AFTER PUT_IF_ABSENT tarn/a");
        assertThat(lake().read("tarn/a")).isEqualTo(CONTENT);
    }

    @Test
    void whatIsMadeTwiceGivesTheSecondAnswer() throws Exception {
        FaultyStorage storage = storage(Faults.every(call -> true, new Fault.Twice()));
        Path local = Files.write(root.resolve("local"), CONTENT);

        assertThat(storage.putIfAbsent("tarn/a", CONTENT)).isFalse();
        assertThat(lake().read("tarn/a")).isEqualTo(CONTENT);
        assertThatThrownBy(() -> storage.putFile("tarn/b", local)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(lake().read("tarn/b")).isEqualTo(CONTENT);
        storage.lease("tarn/lease").orElseThrow().close();
        assertThat(storage.report()).hasToString("{PUT_FILE Twice[]=1, PUT_IF_ABSENT Twice[]=1, RELEASE Twice[]=1}");
    }

    @Test
    void aBusyStorageRefusesSomeCalls() throws Exception {
        FaultyStorage storage = storage(Faults.nth(0, call -> true, new Fault.Throttle(2)));

        assertThatThrownBy(() -> storage.put("tarn/a", CONTENT))
                .isInstanceOf(InjectedFaultException.class)
                .hasMessage("injected: too busy for PUT tarn/a");
        assertThatThrownBy(() -> storage.find("tarn/a")).isInstanceOf(InjectedFaultException.class);
        assertThat(storage.find("tarn/a")).isEmpty();
    }

    @Test
    void aCallIsHeldUntilItsConditionHolds() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        FaultyStorage storage = storage(
                Faults.every(Faults.calls(PUT, ".*"), new Fault.Hold(Moment.AFTER, open, Duration.ofMinutes(1))));
        Callable<Boolean> held = () -> {
            storage.put("tarn/a", CONTENT);
            return open.getCount() == 0;
        };
        Callable<Boolean> opens = () -> {
            while (lake().find("tarn/a").isEmpty()) {
                Thread.onSpinWait();
            }
            open.countDown();
            return true;
        };

        assertThat(runAll(List.of(held, opens))).containsExactly(true, true);
    }

    @Test
    void aCallIsHeldNoLongerThanItsTime() throws Exception {
        Fault late = Fault.Hold.of(Moment.BEFORE, Duration.ofMillis(50));
        FaultyStorage storage = storage(Faults.every(Faults.calls(PUT, ".*"), late));
        long began = System.nanoTime();

        storage.put("tarn/a", CONTENT);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
    }

    @Test
    void aLeaseEndsThoughItsCallsFail() throws Exception {
        FaultyStorage storage = storage(Faults.nth(0, Faults.calls(LEASE, ".*"), new Fault.Fail(Moment.AFTER))
                .or(Faults.nth(0, Faults.calls(RELEASE, ".*"), new Fault.Fail(Moment.BEFORE))));

        assertThatThrownBy(() -> storage.lease("tarn/lease")).isInstanceOf(InjectedFaultException.class);
        Lease lease = storage.lease("tarn/lease").orElseThrow();
        assertThatThrownBy(lease::close)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("the lease tarn/lease could not be given back");
        storage.lease("tarn/lease").orElseThrow().close();
    }

    @Test
    void aLeaseThatExpiredIsGivenToOneMore() throws Exception {
        FaultyStorage storage = storage(Faults.nth(1, Faults.calls(LEASE, ".*"), new Fault.Expire()));
        Lease first = storage.lease("tarn/lease").orElseThrow();

        storage.lease("tarn/lease").orElseThrow().close();

        assertThat(storage.lease("tarn/lease")).isEmpty();
        first.close();
    }

    @Test
    void aListingOverlooksTheLastFileButOne() throws Exception {
        FaultyStorage storage = storage(Faults.nth(0, Faults.calls(LIST, ".*"), new Fault.Overlook()));
        for (String name : List.of("a", "b", "c")) {
            storage.put("tarn/" + name, CONTENT);
        }

        assertThat(storage.list("tarn", "")).extracting(StoredFile::name).containsExactly("a", "c");
        assertThat(storage.list("tarn", "")).hasSize(3);
    }

    @Test
    void theSameSeedPicksTheSameCalls() {
        List<Fault> faults = List.of(new Fault.Twice(), new Fault.Fail(Moment.AFTER));
        List<Long> picked = LongStream.range(0, 1000)
                .filter(number -> Faults.random(7, 10, faults)
                        .at(new StorageCall(number, READ, "tarn/a"))
                        .isPresent())
                .boxed()
                .toList();
        List<Long> again = LongStream.range(0, 1000)
                .filter(number -> Faults.random(7, 10, faults)
                        .at(new StorageCall(number, PUT_FILE, "tarn/b"))
                        .isPresent())
                .boxed()
                .toList();

        assertThat(picked).isEqualTo(again).hasSizeBetween(60, 140);
    }

    @Test
    void nothingGoesWrongAnyMore() throws Exception {
        FaultyStorage storage = storage(Faults.every(call -> true, new Fault.Fail(Moment.BEFORE)));
        assertThatThrownBy(() -> storage.read("tarn/a")).isInstanceOf(InjectedFaultException.class);

        storage.cease();

        assertThatThrownBy(() -> storage.read("tarn/a")).isInstanceOf(NoSuchFileException.class);
        assertThat(storage.calls(operation -> operation == READ)).isEqualTo(2);
    }

    @Test
    void storagesOfTwoProcessesAreNeverEqual() {
        assertThat(new FaultyStorage(lake(), Faults.none(), "one"))
                .isEqualTo(new FaultyStorage(lake(), Faults.none(), "one"))
                .isNotEqualTo(new FaultyStorage(lake(), Faults.none(), "two"));
    }
}
