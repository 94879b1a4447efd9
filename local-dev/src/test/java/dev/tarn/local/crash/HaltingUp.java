package dev.tarn.local.crash;

import dev.tarn.engine.storage.Fault;
import dev.tarn.engine.storage.Faults;
import dev.tarn.engine.storage.FaultyStorage;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.StorageCall;
import dev.tarn.local.run.OpenLake;
import dev.tarn.local.run.Step;
import dev.tarn.local.run.Stop;
import dev.tarn.local.run.Up;
import dev.tarn.local.run.UpListener;
import dev.tarn.local.run.UpSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * The process that is halted: {@code project root point}. Runs the lake once and prints how many points it passed, or
 * halts at the point. Point {@code 2n} is before call {@code n} of those that change something, point {@code 2n + 1}
 * after it.
 */
public final class HaltingUp {

    private HaltingUp() {}

    public static void main(String[] args) throws InterruptedException {
        Path root = Path.of(args[1]);
        int point = Integer.parseInt(args[2]);
        Fault halt = new Fault.Halt(point % 2 == 0 ? Fault.Moment.BEFORE : Fault.Moment.AFTER);
        FaultyStorage storage = new FaultyStorage(
                new LocalStorage(root),
                Faults.nth(Math.floorDiv(point, 2), call -> call.operation().isChange(), halt));
        UpSettings settings = new UpSettings(
                Path.of(args[0]),
                false,
                Optional.empty(),
                root,
                true,
                OptionalInt.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                0,
                OpenLake.DEFAULT_MEMORY,
                OpenLake.DEFAULT_DISK,
                Duration.ofSeconds(1),
                Duration.ofMillis(50));
        int exitCode = new Up(settings, storage, System.getenv(), Clock.systemUTC(), new Silent()).run(new Stop());
        System.out.println("points " + 2 * storage.calls(StorageCall.Operation::isChange));
        System.exit(exitCode);
    }

    /** Hears everything and says nothing, except of mistakes. */
    private static final class Silent implements UpListener {
        @Override
        public <T> T during(String what, Supplier<T> work) {
            return work.get();
        }

        @Override
        public void opened(Overview overview) {}

        @Override
        public void step(Step step) {}

        @Override
        public void settled(Settlement settlement) {}

        @Override
        public void mistake(String name, RuntimeException mistake) {
            throw mistake;
        }
    }
}
