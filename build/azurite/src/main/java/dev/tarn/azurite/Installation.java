package dev.tarn.azurite;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Azurite's program in the user's cache folder. */
final class Installation {

    static final String VERSION = "3.37.0";

    /** Its first lines; npm and Node explain themselves there. */
    private static final int LONGEST_REPORT = 2_000;

    private static final int NPM_MINUTES = 10;
    private static final String MAIN = "main.js";
    private static final List<String> FILES = List.of("package.json", "package-lock.json", MAIN);

    private Installation() {}

    /** What of the tools that Azurite needs is absent from the PATH, as a sentence; empty when all is there. */
    static Optional<String> missingTools() {
        List<String> missing = List.of("node", "npm").stream()
                .filter(tool -> find(tool).isEmpty())
                .toList();
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of("Azurite runs on Node.js, and there is no " + String.join(" and no ", missing)
                        + " on the PATH.");
    }

    private static Optional<Path> find(String tool) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, tool))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Node with Azurite's program, to be followed by its options; installs it when this machine has none yet. */
    static List<String> command() throws IOException {
        return List.of("node", install(cache().resolve("azurite-" + VERSION)).toString());
    }

    private static Path cache() {
        String configured = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
        Path caches = configured.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(configured);
        return caches.resolve("tarn");
    }

    /** The file to start. Whoever comes second waits for the first: a marker, written last, says that all is there. */
    static synchronized Path install(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path marker = folder.resolve("complete");
        String wanted = fingerprint();
        try (FileChannel channel =
                        FileChannel.open(folder.resolveSibling(folder.getFileName() + ".lock"), CREATE, WRITE);
                FileLock lock = channel.lock()) {
            if (!lock.isValid()
                    || !Files.exists(marker)
                    || !Files.readString(marker).equals(wanted)) {
                Files.deleteIfExists(marker);
                for (String file : FILES) {
                    Files.write(folder.resolve(file), resource(file));
                }
                npm(folder);
                Files.writeString(marker, wanted);
            }
        }
        return folder.resolve(MAIN);
    }

    private static void npm(Path folder) throws IOException {
        Path report = folder.resolve("npm.log");
        Process npm = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
                .directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(report.toFile())
                .start();
        try {
            if (!npm.waitFor(NPM_MINUTES, TimeUnit.MINUTES)) {
                throw new IOException("npm did not install Azurite within " + NPM_MINUTES + " minutes; see " + report);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while npm installed Azurite", e);
        } finally {
            npm.descendants().forEach(ProcessHandle::destroyForcibly);
            npm.destroyForcibly();
        }
        if (npm.exitValue() != 0) {
            throw new IOException("npm could not install Azurite " + VERSION + " in " + folder + ": "
                    + beginning(Files.readString(report)));
        }
    }

    static String beginning(String report) {
        return report.substring(0, Math.min(report.length(), LONGEST_REPORT)).strip();
    }

    private static String fingerprint() throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String file : FILES) {
                digest.update(resource(file));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] resource(String file) throws IOException {
        try (InputStream content = Installation.class.getResourceAsStream(file)) {
            if (content == null) {
                throw new IllegalStateException(file + " is missing beside " + Installation.class.getName());
            }
            return content.readAllBytes();
        }
    }
}
