package dev.tarn.local.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The PostgreSQL server that a killed process left behind. */
final class LeftoverServer {

    private static final int LONGEST_STOP_SECONDS = 30;

    private LeftoverServer() {}

    /**
     * Stops the server that runs on {@code data}, if one does, and removes its pid file. The caller has claimed the folder,
     * so nobody else can have started it. A process that merely got the number of a dead server is left alone.
     */
    static void stop(Path data) throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        Optional<ProcessHandle> server =
                pid(pidFile).flatMap(ProcessHandle::of).filter(process -> runsOn(process, data));
        if (server.isPresent()) {
            interrupt(server.get());
        }
        Files.deleteIfExists(pidFile);
    }

    private static Optional<Long> pid(Path pidFile) throws IOException {
        List<String> lines = Files.readAllLines(pidFile);
        return lines.stream()
                .findFirst()
                .map(String::strip)
                .filter(line -> line.matches("\\d{1,18}"))
                .map(Long::valueOf);
    }

    private static boolean runsOn(ProcessHandle process, Path data) {
        return process.info()
                .commandLine()
                .filter(command -> command.contains("postgres") && command.contains(data.toString()))
                .isPresent();
    }

    /** SIGINT is PostgreSQL's fast shutdown; the signals that Java can send would wait for clients or lose data. */
    private static void interrupt(ProcessHandle server) throws IOException {
        new ProcessBuilder("kill", "-INT", Long.toString(server.pid()))
                .inheritIO()
                .start();
        try {
            server.onExit().get(LONGEST_STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while an earlier database server stopped", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("process " + server.pid() + ", a database server of an earlier run, did not stop", e);
        }
    }
}
