package dev.tarn.connect.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.lake.LakeJson;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** A form as JSON: an object of texts. */
final class FormBody {

    private FormBody() {}

    /** The object. Throws for a name that occurs twice, and for what no browser would send. */
    static byte[] json(byte[] form) throws RefusedException {
        ObjectNode json = LakeJson.MAPPER.createObjectNode();
        String text = new String(form, StandardCharsets.ISO_8859_1).strip();
        for (String pair : text.isEmpty() ? new String[0] : text.split("&")) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            if (json.has(name)) {
                throw Invalid.because(
                        "A field of the form occurs twice.", "Send each field once, or send JSON; nothing was kept.");
            }
            json.put(name, equals < 0 ? "" : decoded(pair.substring(equals + 1)));
        }
        if (json.isEmpty()) {
            throw Invalid.empty();
        }
        return json.toString().getBytes(UTF_8);
    }

    private static String decoded(String text) throws RefusedException {
        try {
            String decoded = URLDecoder.decode(text, UTF_8);
            // What is no UTF-8 is replaced without a word.
            if (decoded.indexOf('\uFFFD') >= 0 || decoded.indexOf('\0') >= 0) {
                throw noForm();
            }
            return decoded;
        } catch (IllegalArgumentException e) {
            throw noForm();
        }
    }

    private static RefusedException noForm() {
        return Invalid.because(
                "The body is no form: a character is encoded wrongly.", "Encode it as UTF-8; nothing was kept.");
    }
}
