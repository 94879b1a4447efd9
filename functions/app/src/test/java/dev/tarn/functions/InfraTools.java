package dev.tarn.functions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A parser of Bicep and a judge of shell scripts, in a virtual environment of Python below the user's cache folder, as
 * {@code requirements.txt} pins them. Made once; whoever comes while somebody else makes it waits.
 */
final class InfraTools {

    private final Path programs;

    private InfraTools(Path programs) {
        this.programs = programs;
    }

    /** The tools; aborts the test where there is no Python that can have them. */
    static synchronized InfraTools installed() throws IOException, InterruptedException {
        String wanted = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";
        assumeThat(hasPython(wanted))
                .as("the parser of Bicep needs python3, 3.10 or newer, with its modules venv and ensurepip (pip)")
                .isTrue();
        String requirements = resource("requirements.txt");
        Path folder = Files.createDirectories(cache().resolve("tarn"));
        Path environment = folder.resolve("bicep");
        try (FileChannel channel = FileChannel.open(
                        folder.resolve("bicep.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            Path complete = environment.resolve("complete.txt");
            if (!Files.exists(complete) || !Files.readString(complete).equals(requirements)) {
                install(environment, requirements);
                Files.writeString(complete, requirements);
            }
            lock.release();
        }
        return new InfraTools(environment.resolve("bin"));
    }

    /** What the Bicep files below the folder hold, as JSON; or what is wrong with one of them. */
    Said parse(Path folder) throws IOException, InterruptedException {
        return run(List.of(programs.resolve("python").toString(), "-c", resource("parse.py"), folder.toString()));
    }

    /** What ShellCheck finds in the scripts; nothing when they are clean. */
    Said check(List<Path> scripts) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(programs.resolve("shellcheck").toString()));
        scripts.forEach(script -> command.add(script.toString()));
        return run(command);
    }

    /** Runs a program to its end. */
    static Said run(List<String> command) throws IOException, InterruptedException {
        Path errors = Files.createTempFile("said", ".txt");
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        int exit = process.waitFor();
        String err = Files.readString(errors);
        Files.delete(errors);
        return new Said(exit, out, err);
    }

    /** How a program ended. */
    record Said(int exit, String out, String err) {}

    private static boolean hasPython(String program) throws InterruptedException {
        try {
            return run(List.of("python3", "-c", program)).exit() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static Path cache() {
        return Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .map(Path::of)
                .filter(Path::isAbsolute)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"));
    }

    private static void install(Path environment, String requirements) throws IOException, InterruptedException {
        must(List.of("python3", "-m", "venv", "--clear", environment.toString()));
        List<String> pip = new ArrayList<>(List.of(
                environment.resolve("bin").resolve("python").toString(),
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-deps"));
        pip.addAll(Arrays.asList(requirements.strip().split("\n")));
        must(pip);
    }

    private static void must(List<String> command) throws IOException, InterruptedException {
        Said said = run(command);
        if (said.exit() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said.out() + said.err());
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream resource = InfraTools.class.getResourceAsStream("/bicep/" + name)) {
            return new String(resource.readAllBytes(), UTF_8);
        }
    }
}
