package dev.tarn.connect.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.WebhookSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.zip.GZIPInputStream;

/** Reads bodies, never more of one than the endpoint allows. */
final class BodyReader {

    private static final int STEP = 16_384;

    /** U+FFFD, which decoders put for bytes that are no text. */
    private static final byte[] REPLACEMENT = "\uFFFD".getBytes(UTF_8);

    private final WebhookSource.Endpoint endpoint;
    private final WebhookRequest request;

    BodyReader(WebhookSource.Endpoint endpoint, WebhookRequest request) {
        this.endpoint = endpoint;
        this.request = request;
    }

    /** Takes memory for so many more bytes. Throws when there is none. */
    interface Taking {
        void more(int bytes) throws RefusedException;
    }

    /** The bytes as they were sent. */
    byte[] raw(Taking taking) throws IOException, RefusedException {
        if (length().orElse(0) > endpoint.maxBody()) {
            throw tooLarge();
        }
        return read(request.body(), taking);
    }

    /** What the sender says of it. */
    private OptionalLong length() {
        return request.header("content-length")
                .filter(text -> text.matches("[0-9]{1,18}"))
                .map(text -> OptionalLong.of(Long.parseLong(text)))
                .orElse(OptionalLong.empty());
    }

    /** The bytes as they were before they were packed. */
    byte[] unpacked(byte[] raw, Taking taking) throws RefusedException {
        // A host that hands over text has put the character there for bytes that are none, and so the length is
        // another.
        if (length().orElse(raw.length) != raw.length && Utf8.contains(raw, REPLACEMENT)) {
            throw Invalid.replaced();
        }
        String encoding = request.header("content-encoding").orElse("").toLowerCase(Locale.ROOT);
        if (encoding.isEmpty() || encoding.equals("identity")) {
            return raw;
        }
        if (!encoding.equals("gzip")) {
            throw unsupported("A body is read plain or packed by gzip.", "Leave Content-Encoding out, or send gzip.");
        }
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(raw))) {
            return read(in, taking);
        } catch (IOException notPacked) {
            throw Invalid.because("The body is not packed by gzip.", "Leave Content-Encoding out; nothing was kept.");
        }
    }

    /** The events. */
    List<SentEvent> events(byte[] body, EventScanner scanner) throws RefusedException {
        String type = request.header("content-type").orElse("").toLowerCase(Locale.ROOT);
        int parameters = type.indexOf(';');
        String charset = parameters < 0 ? "" : type.substring(parameters + 1).replaceAll("[\\s\"]", "");
        if (charset.startsWith("charset=") && !charset.equals("charset=utf-8")) {
            throw unsupported("A body is read as UTF-8 only.", "Send charset=utf-8, or no charset.");
        }
        String name = (parameters < 0 ? type : type.substring(0, parameters)).strip();
        if (name.equals("application/json") || name.startsWith("application/") && name.endsWith("+json")) {
            return scanner.json(body);
        }
        return switch (name) {
            case "application/x-ndjson", "application/ndjson", "application/jsonl" -> scanner.lines(body);
            case "application/x-www-form-urlencoded" -> scanner.json(FormBody.json(body));
            default ->
                throw unsupported(
                        "A body of this type is not read.",
                        "Send application/json, application/x-ndjson or application/x-www-form-urlencoded.");
        };
    }

    private byte[] read(InputStream in, Taking taking) throws IOException, RefusedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] step = new byte[STEP];
        int read = in.read(step);
        while (read >= 0) {
            if (out.size() + (long) read > endpoint.maxBody()) {
                throw tooLarge();
            }
            taking.more(read);
            out.write(step, 0, read);
            read = in.read(step);
        }
        return out.toByteArray();
    }

    private RefusedException tooLarge() {
        return new RefusedException(Receipt.Refused.of(
                ErrorCode.WEBHOOK_TOO_LARGE,
                "The body is larger than " + endpoint.maxBody() + " bytes.",
                "Send fewer events at once, or raise max_body of the endpoint; nothing was kept."));
    }

    private static RefusedException unsupported(String what, String mend) {
        return new RefusedException(Receipt.Refused.of(
                ErrorCode.WEBHOOK_TYPE_UNSUPPORTED, what, mend.replaceAll("\\.$", "; nothing was kept.")));
    }
}
