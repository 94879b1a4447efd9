package dev.tarn.connect.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** Bodies. */
final class InputStreams {

    private InputStreams() {}

    static InputStream of(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }
}
