package dev.tarn.local.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where rows go: standard output, or a file that appears when it is complete and takes the place of no other. Whoever
 * closes it before {@link #complete} leaves no file.
 */
final class RowOutput implements AutoCloseable {

    private static final int BUFFER = 1 << 16;
    private static final int CHECK_EVERY = 1000;

    private final @Nullable Path file;
    private final @Nullable Path unfinished;
    private @Nullable PrintStream lines;
    private final PrintStream standard;
    private long count;

    private RowOutput(@Nullable Path file, PrintStream standard) {
        this.file = file;
        this.unfinished = file == null ? null : file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
        this.standard = standard;
    }

    /** Throws {@link TarnException} with OUTPUT_NOT_WRITABLE when there is a file already, or no folder for it. */
    static RowOutput open(@Nullable Path file, Surroundings surroundings) {
        if (file != null) {
            if (Files.exists(file)) {
                throw taken(file);
            }
            if (file.getFileName() == null
                    || !Files.isDirectory(file.toAbsolutePath().getParent())) {
                throw new TarnException(
                        ErrorCode.OUTPUT_NOT_WRITABLE,
                        "There is no folder " + file.getParent() + " to write " + file.getFileName() + " to.",
                        "Make the folder, or name another file with --output.");
            }
        }
        return new RowOutput(file, surroundings.out());
    }

    private static TarnException taken(Path file) {
        return new TarnException(
                ErrorCode.OUTPUT_NOT_WRITABLE,
                file + " exists already.",
                "Name another file with --output, or delete this one.");
    }

    /** A file that does not exist yet, to be written by somebody else; only where the rows go to a file. */
    Path unfinished() {
        if (unfinished == null) {
            throw new IllegalStateException("standard output is no file");
        }
        return unfinished;
    }

    /** Writes a line; answers whether anybody still wants more: a pipe may have been left. */
    boolean line(String text) {
        PrintStream stream = lines();
        stream.print(text);
        stream.print('\n');
        return ++count % CHECK_EVERY != 0 || !stream.checkError();
    }

    private PrintStream lines() {
        if (lines == null) {
            try {
                lines = new PrintStream(
                        new BufferedOutputStream(
                                unfinished == null ? standard : Files.newOutputStream(unfinished), BUFFER),
                        false,
                        UTF_8);
            } catch (IOException e) {
                throw failed(e);
            }
        }
        return lines;
    }

    private TarnException failed(@Nullable IOException cause) {
        return new TarnException(
                ErrorCode.OUTPUT_NOT_WRITABLE,
                file + " cannot be written"
                        + (cause == null ? "" : ": " + cause.getClass().getSimpleName()) + ".",
                "Free some space, give this user the right to write there, or name another file with --output.",
                cause);
    }

    /** Makes the file appear. */
    void complete() {
        if (file == null || unfinished == null) {
            lines().flush();
            return;
        }
        if (lines != null) {
            lines.close();
            if (lines.checkError()) {
                throw failed(null);
            }
        } else if (!Files.exists(unfinished)) {
            lines().close();
        }
        try {
            if (Files.exists(file)) {
                throw taken(file);
            }
            Files.move(unfinished, file);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void close() {
        if (unfinished == null) {
            if (lines != null) {
                lines.flush();
            }
            return;
        }
        if (lines != null) {
            lines.close();
        }
        try {
            Files.deleteIfExists(unfinished);
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
