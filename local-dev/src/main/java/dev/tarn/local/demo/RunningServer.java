package dev.tarn.local.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A PostgreSQL that another process runs, as its own pid file tells. */
final class RunningServer {

    private static final int LINE_OF_PORT = 3;
    private static final int LINE_OF_STATE = 7;

    private RunningServer() {}

    /** The port of the server that runs on {@code data} and is ready; empty when none is. */
    static Optional<Integer> port(Path data) {
        List<String> lines;
        try {
            lines = Files.readAllLines(data.resolve("postmaster.pid"));
        } catch (IOException notThere) {
            return Optional.empty();
        }
        if (lines.size() <= LINE_OF_STATE || !lines.get(LINE_OF_STATE).strip().equals("ready")) {
            return Optional.empty();
        }
        boolean runs = ProcessHandle.of(Long.parseLong(lines.get(0).strip())).isPresent();
        return runs ? Optional.of(Integer.valueOf(lines.get(LINE_OF_PORT).strip())) : Optional.empty();
    }
}
