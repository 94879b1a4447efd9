package dev.tarn.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A JVM of its own for one measurement. */
final class Child {

    private final List<String> command;

    Child(String classPath, List<String> flags, Class<?> main, String... arguments) {
        command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
    }

    /** The command line, for those who start it in other surroundings. */
    List<String> command() {
        return List.copyOf(command);
    }

    /** What it prints, until it ends. What it says on its error stream goes to {@code errors}. */
    List<String> lines(Path errors) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        millisUntil("", errors, lines);
        return lines;
    }

    /**
     * Runs it to its end.
     *
     * @param prefix of a line
     * @param lines gets what it prints
     * @return milliseconds from the start of the process to the first such line
     */
    double millisUntil(String prefix, Path errors, List<String> lines) throws IOException, InterruptedException {
        return millisUntil(command, prefix, errors, lines);
    }

    /** Runs a command line to its end; {@code lines} gets what it prints. */
    static void lines(List<String> command, Path errors, List<String> lines) throws IOException, InterruptedException {
        millisUntil(command, "", errors, lines);
    }

    private static double millisUntil(List<String> command, String prefix, Path errors, List<String> lines)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        double millis = Double.NaN;
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (Double.isNaN(millis) && line.startsWith(prefix)) {
                    millis = (System.nanoTime() - start) / 1e6;
                }
                lines.add(line);
            }
        }
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command + " failed:\n" + Files.readString(errors));
        }
        return millis;
    }

    /** The first line that begins with the word, without it. */
    static String value(List<String> lines, String word) {
        return lines.stream()
                .filter(line -> line.startsWith(word + " "))
                .map(line -> line.substring(word.length() + 1))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no line says " + word + ": " + lines));
    }

    /** Most memory that this process held, as the kernel counts it; -1 where the kernel does not tell. */
    static long peakMegabytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return -1;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElse(-1);
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
