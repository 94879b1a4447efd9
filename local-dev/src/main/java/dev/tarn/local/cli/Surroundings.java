package dev.tarn.local.cli;

import static java.util.Objects.requireNonNull;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a command takes from outside its arguments.
 *
 * @param environment variables, secrets among them
 * @param workingFolder against which relative paths of the command line are resolved
 * @param out results
 * @param err problems and progress
 * @param terminal whether somebody watches {@code err}: progress may then redraw its line
 * @param asking asks a question and answers whether the answer was yes; null when nobody can be asked
 */
public record Surroundings(
        Map<String, String> environment,
        Path workingFolder,
        PrintStream out,
        PrintStream err,
        boolean terminal,
        Clock clock,
        @Nullable Predicate<String> asking) {

    public Surroundings {
        environment = Map.copyOf(environment);
        requireNonNull(workingFolder, "workingFolder");
        requireNonNull(out, "out");
        requireNonNull(err, "err");
        requireNonNull(clock, "clock");
    }

    /** Surroundings in which nobody can be asked. */
    public Surroundings(
            Map<String, String> environment,
            Path workingFolder,
            PrintStream out,
            PrintStream err,
            boolean terminal,
            Clock clock) {
        this(environment, workingFolder, out, err, terminal, clock, null);
    }

    /** Those of the running process. Output is UTF-8 whatever the locale. */
    public static Surroundings ofThisProcess() {
        return new Surroundings(
                System.getenv(),
                Path.of("").toAbsolutePath(),
                utf8(FileDescriptor.out),
                utf8(FileDescriptor.err),
                System.console() != null && !"dumb".equals(System.getenv("TERM")),
                Clock.systemUTC(),
                System.console() == null ? null : Surroundings::ask);
    }

    private static boolean ask(String question) {
        String answer = System.console().readLine("%s [y/N] ", question);
        return answer != null && List.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /** {@code path} as the user means it: relative to the working folder. */
    public Path resolve(String path) {
        return workingFolder.resolve(path).normalize();
    }
}
