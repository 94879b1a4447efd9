package dev.tarn.connect.odoo.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** JSON as PostgreSQL writes a jsonb, so that both modes of Odoo have the same text: shorter keys first, then by bytes. */
final class JsonbText {

    private static final Comparator<String> KEYS = Comparator.comparingInt((String key) -> utf8(key).length)
            .thenComparing(JsonbText::utf8, Arrays::compareUnsigned);

    private JsonbText() {}

    static String of(JsonNode json) {
        if (json.isObject()) {
            return json.properties().stream()
                    .sorted(Map.Entry.comparingByKey(KEYS))
                    .map(entry -> new TextNode(entry.getKey()) + ": " + of(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (json.isArray()) {
            return StreamSupport.stream(json.spliterator(), false)
                    .map(JsonbText::of)
                    .collect(Collectors.joining(", ", "[", "]"));
        }
        return json.isBigDecimal() ? json.decimalValue().toPlainString() : json.toString();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
