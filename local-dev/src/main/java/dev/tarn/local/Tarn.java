package dev.tarn.local;

import dev.tarn.local.cli.CommandLineShell;
import dev.tarn.local.cli.Surroundings;
import dev.tarn.local.run.Stop;

/** {@code tarn}: the command line of Tarn on one machine. */
public final class Tarn {

    private Tarn() {}

    public static void main(String[] args) {
        Stop stop = Stop.onTermination();
        int exitCode = CommandLineShell.run(Surroundings.ofThisProcess(), stop, args);
        if (!stop.isRequested()) {
            System.exit(exitCode);
        }
    }
}
