package dev.tarn.readers;

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
 * delta-rs in a virtual environment of Python below the user's cache folder, as {@code requirements.txt} pins it. Made
 * once; whoever comes while somebody else makes it waits.
 */
final class DeltaRsInstallation {

    private static final String PINNED = "deltalake==";

    private DeltaRsInstallation() {}

    /** The program that reads tables with delta-rs. */
    static String script() throws IOException {
        return resource("reader.py");
    }

    /** Python with delta-rs; aborts the test where there is no Python that can have it. */
    static synchronized Path python() throws IOException {
        assumeThat(run(List.of("python3", "-c", "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))")))
                .as("delta-rs needs python3, 3.10 or newer, with its modules venv and ensurepip (pip)")
                .isEmpty();
        String requirements = resource("requirements.txt");
        Path folder = Files.createDirectories(cache().resolve("tarn"));
        Path environment = folder.resolve("deltalake-" + version(requirements));
        Path lockFile = folder.resolve(environment.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            Path complete = environment.resolve("complete.txt");
            if (!Files.exists(complete) || !Files.readString(complete).equals(requirements)) {
                install(environment, requirements);
                Files.writeString(complete, requirements);
            }
            lock.release();
        }
        return environment.resolve("bin").resolve("python");
    }

    private static String version(String requirements) {
        return requirements
                .lines()
                .filter(line -> line.startsWith(PINNED))
                .map(line -> line.substring(PINNED.length()))
                .findFirst()
                .orElseThrow();
    }

    private static Path cache() {
        return Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .map(Path::of)
                .filter(Path::isAbsolute)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"));
    }

    private static void install(Path environment, String requirements) throws IOException {
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

    private static void must(List<String> command) throws IOException {
        Optional<String> failure = run(command);
        if (failure.isPresent()) {
            throw new IOException(String.join(" ", command) + ": " + failure.get());
        }
    }

    /** What the command said when it failed; empty when it succeeded. */
    private static Optional<String> run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            return process.waitFor() == 0 ? Optional.empty() : Optional.of(said.isBlank() ? "failed" : said);
        } catch (IOException e) {
            return Optional.of(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(e.toString());
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream resource = DeltaRsInstallation.class.getResourceAsStream("/delta-rs/" + name)) {
            return new String(resource.readAllBytes(), UTF_8);
        }
    }
}
