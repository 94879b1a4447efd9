package dev.tarn.connect.postgres;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Values of a batch that did not fit their columns, by row. */
final class Rescued {

    private final Map<Integer, ObjectNode> byRow = new HashMap<>();

    void clear() {
        byRow.clear();
    }

    void add(int row, String column, String value) {
        byRow.computeIfAbsent(row, r -> JsonNodeFactory.instance.objectNode()).put(column, value);
    }

    /** Fills {@code texts} with a JSON object for each row that has one, null for the others. */
    byte[][] utf8(byte[][] texts, int rows) {
        Arrays.fill(texts, 0, rows, null);
        byRow.forEach((row, values) -> texts[row] = values.toString().getBytes(StandardCharsets.UTF_8));
        return texts;
    }
}
