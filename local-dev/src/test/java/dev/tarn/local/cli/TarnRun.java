package dev.tarn.local.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.local.run.Stop;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** One command line, run inside the test's process, and all that it said. */
public record TarnRun(int exitCode, String out, String err) {

    /** Runs {@code tarn arguments} in {@code workingFolder} with no environment but {@code environment}. */
    public static TarnRun of(Path workingFolder, Map<String, String> environment, String... arguments) {
        return of(workingFolder, environment, new Stop(), arguments);
    }

    public static TarnRun of(Path workingFolder, Map<String, String> environment, Stop stop, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Surroundings surroundings = new Surroundings(
                environment,
                workingFolder,
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                false,
                Clock.systemUTC());
        int exitCode = CommandLineShell.run(surroundings, stop, arguments);
        return new TarnRun(exitCode, out.toString(UTF_8), err.toString(UTF_8));
    }
}
