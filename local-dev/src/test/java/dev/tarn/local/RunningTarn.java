package dev.tarn.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.local.cli.CommandLineShell;
import dev.tarn.local.cli.Surroundings;
import dev.tarn.local.run.Stop;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** A command that stays up, run inside the test's process until closed. */
public final class RunningTarn implements AutoCloseable {

    private static final Duration LONGEST_START = Duration.ofSeconds(60);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Stop stop = new Stop();
    private final Thread thread;

    private RunningTarn(Path workingFolder, Map<String, String> environment, String... arguments) {
        PrintStream stream = new PrintStream(out, true, UTF_8);
        Surroundings surroundings =
                new Surroundings(environment, workingFolder, stream, stream, false, Clock.systemUTC());
        this.thread = new Thread(() -> CommandLineShell.run(surroundings, stop, arguments), "tarn-under-test");
    }

    /** Starts {@code tarn up arguments} and waits until everything has settled. */
    public static RunningTarn up(Path workingFolder, Map<String, String> environment, String... arguments) {
        RunningTarn tarn = new RunningTarn(workingFolder, environment, arguments);
        tarn.thread.start();
        tarn.await(LONGEST_START, () -> tarn.output().contains("ettled in ") || !tarn.thread.isAlive());
        return tarn;
    }

    public String output() {
        return out.toString(UTF_8);
    }

    /** Waits until {@code condition} holds; an {@link AssertionError} with all output when it does not in time. */
    public void await(Duration time, BooleanSupplier condition) {
        long deadline = System.nanoTime() + time.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + time + ":\n" + output());
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        stop.request();
        while (thread.isAlive()) {
            Thread.onSpinWait();
        }
    }
}
