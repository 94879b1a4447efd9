package dev.tarn.connect.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An event as it lies in the inbox: one line of JSON.
 *
 * @param headers that are kept, by name
 * @param sender what it calls itself; empty when it does not
 */
record KeptEvent(String id, Instant receivedAt, SortedMap<String, String> headers, String sender, SentEvent event) {

    private static final byte[] HEX = "0123456789abcdef".getBytes(UTF_8);

    KeptEvent {
        headers = new TreeMap<>(headers);
    }

    /** The line, its end included. */
    byte[] line() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(event.payload().length + 256);
        write(out, "{\"v\":1,\"id\":");
        text(out, id.getBytes(UTF_8));
        write(out, ",\"received_at\":" + ChronoUnit.MICROS.between(Instant.EPOCH, receivedAt) + ",\"headers\":");
        text(out, object(headers));
        write(out, ",\"columns\":");
        out.writeBytes(object(event.columns()));
        write(out, ",\"sender\":");
        text(out, sender.getBytes(UTF_8));
        write(out, ",\"payload\":");
        text(out, event.payload());
        write(out, "}\n");
        return out.toByteArray();
    }

    private static byte[] object(Map<String, String> texts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out, "{");
        texts.forEach((name, value) -> {
            write(out, out.size() == 1 ? "" : ",");
            text(out, name.getBytes(UTF_8));
            write(out, ":");
            text(out, value.getBytes(UTF_8));
        });
        write(out, "}");
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, String ascii) {
        out.writeBytes(ascii.getBytes(UTF_8));
    }

    private static void text(ByteArrayOutputStream out, byte[] utf8) {
        out.write('"');
        for (byte unit : utf8) {
            if (unit == '"' || unit == '\\') {
                out.write('\\');
                out.write(unit);
            } else if (unit >= 0 && unit < ' ') {
                write(out, "\\u00");
                out.write(HEX[unit >> 4]);
                out.write(HEX[unit & 15]);
            } else {
                out.write(unit);
            }
        }
        out.write('"');
    }
}
