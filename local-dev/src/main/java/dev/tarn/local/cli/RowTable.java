package dev.tarn.local.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lays rows out in columns while they pass: the first ones decide how wide the columns are, and are all that is kept.
 * Characters that would move the cursor are shown as Spark's {@code show()} shows them.
 */
final class RowTable {

    private static final int DECIDING = 1000;

    private final RowOutput output;
    private final List<List<String>> first = new ArrayList<>();
    private final int[] widths;
    private boolean decided;

    RowTable(List<String> header, RowOutput output) {
        this.output = output;
        this.widths = new int[header.size()];
        first.add(header.stream().map(RowTable::visible).toList());
    }

    /** Adds a row; answers whether anybody still wants more. */
    boolean add(List<@Nullable String> row) {
        List<String> cells = new ArrayList<>(row.size());
        row.forEach(cell -> cells.add(cell == null ? "NULL" : visible(cell)));
        if (decided) {
            return output.line(line(cells));
        }
        first.add(cells);
        return first.size() <= DECIDING || decide();
    }

    /** After the last row. */
    void end() {
        if (!decided) {
            decide();
        }
    }

    private boolean decide() {
        decided = true;
        for (List<String> row : first) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], length(row.get(column)));
            }
        }
        boolean more = true;
        for (List<String> row : first) {
            more = output.line(line(row)) && more;
        }
        first.clear();
        return more;
    }

    private String line(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = cells.get(column);
            line.append(' ').append(cell);
            if (column < widths.length - 1) {
                line.append(" ".repeat(Math.max(0, widths[column] - length(cell)) + 1));
            }
        }
        return line.toString();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** The text with characters that would move the cursor made visible. */
    static String visible(String text) {
        if (text.chars().noneMatch(Character::isISOControl)) {
            return text;
        }
        StringBuilder visible = new StringBuilder();
        for (char letter : text.toCharArray()) {
            switch (letter) {
                case '\n' -> visible.append("\\n");
                case '\r' -> visible.append("\\r");
                case '\t' -> visible.append("\\t");
                case '\f' -> visible.append("\\f");
                case '\b' -> visible.append("\\b");
                case '\u000B' -> visible.append("\\v");
                case '\u0007' -> visible.append("\\a");
                default ->
                    visible.append(Character.isISOControl(letter) ? String.format("\\u%04X", (int) letter) : letter);
            }
        }
        return visible.toString();
    }
}
