package dev.tarn.connect.files;

import org.jspecify.annotations.Nullable;

/** A file that cannot be read as a whole; the message says why, without a value. */
final class UnreadableFileException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable Long line;

    UnreadableFileException(String reason) {
        this(reason, null);
    }

    UnreadableFileException(String reason, @Nullable Long line) {
        super(reason);
        this.line = line;
    }

    /** Number of the line from 1; null where there are no lines. */
    @Nullable
    Long line() {
        return line;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
