package dev.tarn.connect.files;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** In which lines of a text bytes are. DuckDB counts records, of which one can have many lines. */
final class LinePlaces {

    private LinePlaces() {}

    /** Takes the lines of a text, from 1. */
    interface LineVisitor {
        void visit(long number, String line);
    }

    /** Shows every line; bytes that are not UTF-8 are something else there. */
    static void each(Path text, LineVisitor visitor) {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(Files.newInputStream(text), StandardCharsets.UTF_8))) {
            long number = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                number++;
                visitor.visit(number, number == 1 && line.startsWith("\uFEFF") ? line.substring(1) : line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("lines cannot be counted", e);
        }
    }

    /** @param positions of bytes from 1, in order */
    static List<Long> of(Path text, List<Long> positions) {
        List<Long> lines = new ArrayList<>();
        long line = 1;
        long at = 0;
        int before = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(text), 1 << 16)) {
            for (long position : positions) {
                while (at < position) {
                    int value = in.read();
                    at++;
                    // What stands at the position itself may be the second half of the line end before it.
                    boolean alone = before == '\r' && value != '\n';
                    line += value == '\n' || alone ? 1 : 0;
                    before = value;
                }
                lines.add(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("lines cannot be counted", e);
        }
        return lines;
    }
}
