package dev.tarn.connect.files.excel;

/**
 * A cell that is not empty.
 *
 * @param column from 0
 * @param text what is in it: texts as they stand, {@code 2024-01-31}, {@code 2024-01-31 10:00:00}, {@code true}, {@code 1.5}
 * @param error whether that is an error, such as {@code #REF!}, and no value
 */
public record Cell(int column, String text, boolean error) {

    static final int MOST_COLUMNS = 16_384;
    static final int MOST_ROWS = 1_048_576;

    private static final int LETTERS = 26;

    /** The name that people know it by. */
    public String name(int row) {
        StringBuilder letters = new StringBuilder();
        for (int left = column + 1; left > 0; left = (left - 1) / LETTERS) {
            letters.insert(0, (char) ('A' + (left - 1) % LETTERS));
        }
        return letters.append(row).toString();
    }

    /** The column from 0 of a cell's name. */
    static int column(String name) throws UnreadableWorkbookException {
        int column = 0;
        for (int at = 0; at < name.length() && name.charAt(at) >= 'A' && column <= MOST_COLUMNS; at++) {
            column = column * LETTERS + name.charAt(at) - 'A' + 1;
        }
        if (column < 1 || column > MOST_COLUMNS) {
            throw new UnreadableWorkbookException("it has a cell outside of what can be a sheet");
        }
        return column - 1;
    }
}
