package dev.tarn.local.cli;

import dev.tarn.local.page.Durations;
import dev.tarn.local.run.UpListener;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Shows what takes longer than a second: on a terminal one line that redraws itself, elsewhere one line for each.
 * Everything else that is printed meanwhile goes through {@link #print}.
 */
final class Progress implements AutoCloseable {

    private static final Duration QUIET = Duration.ofSeconds(1);
    private static final long TICK_MILLIS = 200;
    private static final String ERASE = "\r\033[K";

    private final PrintStream err;
    private final boolean terminal;
    private final List<Line> ongoing = new ArrayList<>();
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "tarn-progress");
        thread.setDaemon(true);
        return thread;
    });
    private boolean drawn;

    /** Something that goes on; guarded by the progress. */
    private final class Line implements UpListener.Ongoing {
        private final String what;
        private final long began = System.nanoTime();
        private boolean told;

        private Line(String what) {
            this.what = what;
        }

        private Duration age() {
            return Duration.ofNanos(System.nanoTime() - began);
        }

        @Override
        public void close() {
            synchronized (Progress.this) {
                ongoing.remove(this);
                erase();
            }
        }
    }

    Progress(Surroundings surroundings) {
        this.err = surroundings.err();
        this.terminal = surroundings.terminal();
        ticker.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    synchronized UpListener.Ongoing begins(String what) {
        Line line = new Line(what);
        ongoing.add(line);
        return line;
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
        ticker.shutdownNow();
        print(() -> {});
    }
}
