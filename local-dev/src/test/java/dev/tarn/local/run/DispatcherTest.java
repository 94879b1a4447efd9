package dev.tarn.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableCommitted;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class DispatcherTest {

    private static final TableName BRONZE = TableName.parse("bronze.a");
    private static final TableName SILVER = TableName.parse("silver.a");

    private final List<String> ran = Collections.synchronizedList(new ArrayList<>());
    private final List<Step> steps = Collections.synchronizedList(new ArrayList<>());
    private Instant now = Instant.parse("2026-11-22T00:00:00Z");

    @Test
    void aCommitWakesWhatReadsTheTableAndNothingElse() throws InterruptedException {
        Dispatcher dispatcher = dispatcher(job("silver.a", BRONZE), job("gold.a", SILVER));

        dispatcher.committed(new TableCommitted(BRONZE, 0));
        workUntilIdle(dispatcher);

        assertThat(ran).containsExactly("silver.a");
        assertThat(dispatcher.waiting()).containsExactly("gold.a");
    }

    @Test
    void eventsThatComeLateTwiceOrOutOfOrderRunNothingAgain() throws InterruptedException {
        Dispatcher dispatcher = dispatcher(job("silver.a", BRONZE));
        dispatcher.committed(new TableCommitted(BRONZE, 5));
        workUntilIdle(dispatcher);

        dispatcher.committed(new TableCommitted(BRONZE, 5));
        dispatcher.committed(new TableCommitted(BRONZE, 3));
        workUntilIdle(dispatcher);

        assertThat(ran).containsExactly("silver.a");
    }

    @Test
    void jobsRunInTheOrderOfThePlanWhateverTheOrderOfEvents() throws InterruptedException {
        Dispatcher dispatcher = dispatcher(job("silver.a", BRONZE), job("gold.a", SILVER));

        dispatcher.committed(new TableCommitted(SILVER, 0));
        dispatcher.committed(new TableCommitted(BRONZE, 0));
        workUntilIdle(dispatcher);

        assertThat(ran).containsExactly("silver.a", "gold.a");
    }

    @Test
    void whatAnotherProcessHasInHandIsNotSettled() throws InterruptedException {
        Dispatcher dispatcher = dispatcher(new NamedJob("silver.a", BRONZE, () -> {
            ran.add("silver.a");
            return ran.size() == 1 ? Job.Result.BUSY : Job.Result.DONE;
        }));
        dispatcher.committed(new TableCommitted(BRONZE, 0));
        workUntil(dispatcher, () -> ran.size() == 1);

        assertThat(dispatcher.isIdle()).isFalse();
        now = now.plus(Duration.ofSeconds(1));
        workUntilIdle(dispatcher);

        assertThat(ran).containsExactly("silver.a", "silver.a");
    }

    @Test
    void aFailedJobLeavesTheOthersAloneAndRunsAgainWhenItsInputsChange() throws InterruptedException {
        Dispatcher dispatcher = dispatcher(failing("silver.a", ErrorCode.EXPECTATION_FAILED), job("silver.b", BRONZE));
        dispatcher.committed(new TableCommitted(BRONZE, 0));
        workUntilIdle(dispatcher);

        assertThat(ran).containsExactly("silver.a", "silver.b");
        assertThat(dispatcher.failed()).containsExactly("silver.a");
        assertThat(steps).hasSize(1);

        now = now.plus(Duration.ofDays(1));
        assertThat(dispatcher.isIdle()).isTrue();
        dispatcher.committed(new TableCommitted(BRONZE, 1));
        workUntilIdle(dispatcher);

        assertThat(ran).containsExactly("silver.a", "silver.b", "silver.a", "silver.b");
    }

    @Test
    void whatMaySucceedLaterIsTriedAgainAfterAPauseThatGrows() throws InterruptedException {
        Dispatcher dispatcher = dispatcher(failing("publish", ErrorCode.SINK_UNREACHABLE));
        dispatcher.committed(new TableCommitted(BRONZE, 0));
        workUntilIdle(dispatcher);

        now = now.plus(Duration.ofSeconds(1));
        assertThat(dispatcher.isIdle()).isFalse();
        workUntilIdle(dispatcher);
        now = now.plus(Duration.ofSeconds(1));

        assertThat(dispatcher.isIdle()).isTrue();
        assertThat(ran).hasSize(2);
    }

    private Dispatcher dispatcher(Job... jobs) {
        Clock clock = new Clock() {
            @Override
            public Instant instant() {
                return now;
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException();
            }
        };
        return new Dispatcher(List.of(jobs), new RecordingListener(steps), clock);
    }

    private Job job(String name, TableName input) {
        return new NamedJob(name, input, () -> {
            ran.add(name);
            return Job.Result.DONE;
        });
    }

    private Job failing(String name, ErrorCode code) {
        return new NamedJob(name, BRONZE, () -> {
            ran.add(name);
            throw new TarnException(code, "It failed.", "Mend it.");
        });
    }

    private static void workUntilIdle(Dispatcher dispatcher) throws InterruptedException {
        workUntil(dispatcher, dispatcher::isIdle);
    }

    private static void workUntil(Dispatcher dispatcher, BooleanSupplier condition) throws InterruptedException {
        Stop end = new Stop();
        Thread worker = new Thread(() -> {
            try {
                dispatcher.work(end);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        worker.start();
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
        end.request();
        worker.join();
    }

    /** A job that only does {@code work}. */
    private record NamedJob(String name, TableName input, Supplier<Job.Result> work) implements Job {
        @Override
        public Stage stage() {
            return Stage.CLEANSE;
        }

        @Override
        public Set<TableName> inputs() {
            return Set.of(input);
        }

        @Override
        public Optional<TableName> output() {
            return TableName.tryParse(name);
        }

        @Override
        public Result run() {
            return work.get();
        }
    }
}
