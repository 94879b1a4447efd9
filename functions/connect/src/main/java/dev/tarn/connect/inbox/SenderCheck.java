package dev.tarn.connect.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.model.WebhookAuth;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Tells whether a request comes from whom the project lets in. How long it takes does not depend on how near a guess is. */
final class SenderCheck {

    private static final String ALONE = "sha256=";
    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{64}");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,11}");
    private static final Pattern PART = Pattern.compile("\\s*([a-z0-9]+)=([0-9a-fA-F]{1,64})\\s*");
    private static final int MOST_PARTS = 8;

    private final List<byte[]> secrets;

    /** @param secrets the values, any of which lets in */
    SenderCheck(List<String> secrets) {
        this.secrets = secrets.stream().map(secret -> secret.getBytes(UTF_8)).toList();
    }

    boolean knows(WebhookAuth.SharedSecret auth, WebhookRequest request) {
        Optional<String> given = request.header(auth.header());
        // Hashes are equally long, so that the comparison does not tell how long a secret is.
        byte[] hash = sha256(given.orElse("").getBytes(UTF_8));
        boolean known = false;
        for (byte[] secret : secrets) {
            known |= MessageDigest.isEqual(hash, sha256(secret));
        }
        return known && given.isPresent();
    }

    boolean signed(WebhookAuth.Hmac auth, WebhookRequest request, byte[] body, Instant now) {
        Optional<Signature> signature = request.header(auth.header()).flatMap(text -> signature(auth, request, text));
        if (signature.isEmpty() || !inTime(auth, signature.get().seconds(), now)) {
            return false;
        }
        String seconds = signature.get().seconds();
        byte[] prefix = seconds == null ? new byte[0] : (seconds + ".").getBytes(UTF_8);
        boolean known = false;
        for (byte[] secret : secrets) {
            byte[] right = hmac(secret, prefix, body);
            for (byte[] given : signature.get().given()) {
                known |= MessageDigest.isEqual(right, given);
            }
        }
        return known;
    }

    /** @param seconds that are signed with the body, as they were written; null when none are */
    private record Signature(@Nullable String seconds, List<byte[]> given) {}

    private static Optional<Signature> signature(WebhookAuth.Hmac auth, WebhookRequest request, String text) {
        if (!text.startsWith(ALONE)) {
            return ofParts(text);
        }
        String hex = text.substring(ALONE.length());
        if (!HEX.matcher(hex).matches()) {
            return Optional.empty();
        }
        List<byte[]> given = List.of(HexFormat.of().parseHex(hex));
        return auth.timestamp() == null
                ? Optional.of(new Signature(null, given))
                : request.header(auth.timestamp())
                        .filter(seconds -> SECONDS.matcher(seconds).matches())
                        .map(seconds -> new Signature(seconds, given));
    }

    /** {@code t=1795345008,v1=<hex>}, with one v1 for each secret of the sender; parts that nobody knows are left alone. */
    private static Optional<Signature> ofParts(String text) {
        List<String> seconds = new ArrayList<>();
        List<byte[]> given = new ArrayList<>();
        String[] parts = text.split(",", MOST_PARTS + 1);
        for (String part : parts) {
            Matcher matcher = PART.matcher(part);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            if (matcher.group(1).equals("t")) {
                seconds.add(matcher.group(2));
            } else if (matcher.group(1).equals("v1")
                    && HEX.matcher(matcher.group(2)).matches()) {
                given.add(HexFormat.of().parseHex(matcher.group(2)));
            }
        }
        boolean whole = seconds.size() == 1 && SECONDS.matcher(seconds.get(0)).matches() && !given.isEmpty();
        return whole && parts.length <= MOST_PARTS
                ? Optional.of(new Signature(seconds.get(0), given))
                : Optional.empty();
    }

    private static boolean inTime(WebhookAuth.Hmac auth, @Nullable String seconds, Instant now) {
        if (seconds == null) {
            return auth.tolerance() == null;
        }
        Duration tolerance = auth.tolerance() == null ? WebhookAuth.Hmac.USUAL_TOLERANCE : auth.tolerance();
        Duration away = Duration.between(Instant.ofEpochSecond(Long.parseLong(seconds)), now)
                .abs();
        return away.compareTo(tolerance) <= 0;
    }

    static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] secret, byte[] prefix, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            mac.update(prefix);
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
