package dev.tarn.engine.kernel;

import java.io.IOException;
import java.io.OutputStream;

/** Passes bytes on and remembers the length of the longest line. */
final class LineMeter extends OutputStream {

    private final OutputStream out;
    private int line;
    private int longest;

    LineMeter(OutputStream out) {
        this.out = out;
    }

    /** Bytes of the longest line, its end included. */
    int longest() {
        return longest;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        for (int i = offset; i < offset + length; i++) {
            line++;
            longest = Math.max(longest, line);
            if (bytes[i] == '\n') {
                line = 0;
            }
        }
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
