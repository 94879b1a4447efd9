package dev.tarn.readers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The table in {@code docs/reference/interoperability.md}. Of every cell the first word counts, the rest explains. */
final class InteroperabilityPage {

    static final Line NOTHING = new Line("", "", "", "");

    private static final Path PAGE = Path.of("../docs/reference/interoperability.md");

    private InteroperabilityPage() {}

    /** What the readers make of a feature: yes, no (refused) or differs (other rows or columns than Spark's). */
    record Line(String tarnReads, String tarnWrites, String kernelReads, String deltaRsReads) {}

    /** The line that begins with {@code feature}. */
    static Line line(String feature) throws IOException {
        List<String> lines = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| " + feature + " |"))
                .toList();
        if (lines.size() != 1) {
            throw new IllegalStateException(PAGE + " has " + lines.size() + " lines on " + feature);
        }
        List<String> words = Arrays.stream(lines.get(0).split("\\|"))
                .map(cell -> cell.strip().split("[ :,]")[0])
                .toList();
        return new Line(words.get(2), words.get(3), words.get(4), words.get(5));
    }
}
