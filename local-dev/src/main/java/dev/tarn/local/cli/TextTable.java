package dev.tarn.local.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows of text in columns as wide as their widest cell. */
final class TextTable {

    private final List<List<String>> rows = new ArrayList<>();

    TextTable(String... header) {
        rows.add(List.of(header));
    }

    void add(String... cells) {
        if (cells.length != rows.get(0).size()) {
            throw new IllegalArgumentException("a row has as many cells as the header");
        }
        rows.add(List.of(cells));
    }

    /** The rows, the header first, each with a space in front. */
    List<String> lines() {
        return rows.stream().map(this::line).toList();
    }

    private String line(List<String> row) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            int at = column;
            int width = rows.stream()
                    .mapToInt(other -> other.get(at).length())
                    .max()
                    .orElse(0);
            line.append(' ')
                    .append(row.get(column))
                    .append(" ".repeat(width - row.get(column).length() + 1));
        }
        return line.toString().stripTrailing();
    }
}
