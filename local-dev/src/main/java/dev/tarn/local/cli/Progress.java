package dev.tarn.local.cli;

import dev.tarn.connect.status.Durations;
import dev.tarn.local.run.Stop;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Shows what takes longer than a second: on a terminal one line that redraws itself, elsewhere one line for each.
 * Everything else that is printed meanwhile goes through {@link #print}.
 */
final class Progress implements AutoCloseable {

    private static final Duration QUIET = Duration.ofSeconds(1);
    private static final Duration TICK = Duration.ofMillis(200);
    private static final String ERASE = "\r\033[K";

    private final PrintStream err;
    private final boolean terminal;
    private final List<Line> ongoing = new ArrayList<>();
    private final Stop end = new Stop();
    private boolean drawn;

    /** Something that goes on; guarded by the progress. */
    private static final class Line {
        private final String what;
        private final long began = System.nanoTime();
        private boolean told;

        private Line(String what) {
            this.what = what;
        }

        private Duration age() {
            return Duration.ofNanos(System.nanoTime() - began);
        }
    }

    Progress(Surroundings surroundings) {
        this.err = surroundings.err();
        this.terminal = surroundings.terminal();
        Thread ticker = new Thread(this::keepTicking, "tarn-progress");
        ticker.setDaemon(true);
        ticker.start();
    }

    private void keepTicking() {
        try {
            while (!end.await(TICK)) {
                tick();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs {@code work} and shows {@code what} as long as it takes. */
    <T> T during(String what, Supplier<T> work) {
        Line line = new Line(what);
        add(line);
        try {
            return work.get();
        } finally {
            remove(line);
        }
    }

    private synchronized void add(Line line) {
        ongoing.add(line);
    }

    private synchronized void remove(Line line) {
        ongoing.remove(line);
        erase();
    }

    /** Prints something that stays, by running {@code printing}. */
    synchronized void print(Runnable printing) {
        erase();
        printing.run();
    }

    private synchronized void tick() {
        for (Line line : ongoing) {
            if (line.age().compareTo(QUIET) < 0) {
                continue;
            }
            if (terminal) {
                err.print(ERASE + " ... " + line.what + " (" + Durations.coarse(line.age()) + ")");
                err.flush();
                drawn = true;
                return;
            }
            if (!line.told) {
                line.told = true;
                err.println(" ... " + line.what);
            }
        }
    }

    private void erase() {
        if (drawn) {
            err.print(ERASE);
            err.flush();
            drawn = false;
        }
    }

    @Override
    public void close() {
        end.request();
        print(() -> {});
    }
}
