package dev.tarn.connect.inbox;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One event of a request.
 *
 * @param payload its JSON, byte by byte as it was sent but for secrets
 * @param columns texts of the values that declared columns get; of a list or an object its JSON
 * @param idParts texts of the values at the paths of the id that were found, by path
 */
record SentEvent(byte[] payload, Map<String, String> columns, Map<List<String>, String> idParts) {

    SentEvent {
        columns = Map.copyOf(columns);
        idParts = new HashMap<>(idParts);
    }

    /** SHA-256 of the payload, in hexadecimal digits. */
    String content() {
        return HexFormat.of().formatHex(SenderCheck.sha256(payload));
    }

    Optional<String> idPart(List<String> path) {
        return Optional.ofNullable(idParts.get(path));
    }
}
