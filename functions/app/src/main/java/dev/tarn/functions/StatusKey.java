package dev.tarn.functions;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** Lets in who knows the key: as the password of Basic, which browsers ask for, or as a Bearer. Never in an address. */
final class StatusKey {

    private static final String BASIC = "Basic ";
    private static final String REFERENCE = "@Microsoft.KeyVault(";
    private static final String BEARER = "Bearer ";

    private final Optional<String> key;

    StatusKey(Optional<String> key) {
        // A reference that Azure could not follow is left as it is written, and anybody may guess that.
        this.key = key.map(String::strip).filter(text -> !text.isEmpty() && !text.startsWith(REFERENCE));
    }

    /** Why the request is refused; empty when it may be answered. */
    Optional<String> refusal(Map<String, String> headers) {
        if (key.isEmpty()) {
            return Optional.of(
                    "The setting TARN_STATUS_KEY is missing or refers to a Key Vault that Azure could not follow, so"
                            + " nobody may see the status.\n"
                            + "Set it to a long random text, best as a reference to a Key Vault, and restart the app.\n");
        }
        boolean known = given(headers)
                .filter(text ->
                        MessageDigest.isEqual(text.getBytes(UTF_8), key.get().getBytes(UTF_8)))
                .isPresent();
        return known
                ? Optional.empty()
                : Optional.of(
                        "The status is shown to whoever has the key.\n"
                                + "Give the value of TARN_STATUS_KEY as the password, with any user name, or as a Bearer token.\n");
    }

    private static Optional<String> given(Map<String, String> headers) {
        return headers.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("Authorization"))
                .map(Map.Entry::getValue)
                .findFirst()
                .flatMap(StatusKey::key);
    }

    private static Optional<String> key(String authorization) {
        if (authorization.startsWith(BEARER)) {
            return Optional.of(authorization.substring(BEARER.length()).strip());
        }
        if (!authorization.startsWith(BASIC)) {
            return Optional.empty();
        }
        try {
            String login = new String(
                    Base64.getDecoder()
                            .decode(authorization.substring(BASIC.length()).strip()),
                    UTF_8);
            return Optional.of(login.substring(login.indexOf(':') + 1));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
