package dev.tarn.connect.files;

import java.io.IOException;

/** Takes the bytes of a file, one part after the other. */
interface ContentSink {
    void accept(byte[] bytes, int from, int to) throws IOException;
}
