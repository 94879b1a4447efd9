package dev.tarn.connect.files;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.connect.files.excel.Cell;
import dev.tarn.connect.files.excel.UnreadableWorkbookException;
import dev.tarn.connect.files.excel.Workbook;
import dev.tarn.model.FileDrop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the sheet of a workbook a text of CSV, as {@link #options} describe it. The last field of every record is an object of
 * JSON with the cells that are no values of its columns, by their places.
 */
final class SheetCsv implements Workbook.Rows {

    private static final int MOST_COLUMNS = 1_000;
    /** DuckDB reads no longer records of CSV. */
    private static final int LONGEST_RECORD = 2_000_000;

    private final FileDrop drop;
    private final ContentSink out;
    private int columns;
    private boolean begun;

    private SheetCsv(FileDrop drop, ContentSink out) {
        this.drop = drop;
        this.out = out;
        this.columns = drop.columns().size();
        this.begun = !drop.options().header();
    }

    /** How the CSV is written. */
    static FileDrop.Options options(FileDrop drop) {
        FileDrop.Options own = drop.options();
        return new FileDrop.Options(own.header(), ",", "\"", "\"", "UTF-8", own.nullValues(), 0, ".", null);
    }

    /** @param most bytes that each part of the workbook may unpack to */
    static void write(FileDrop drop, Path file, long most, ContentSink out)
            throws IOException, UnreadableFileException {
        try (Workbook book = Workbook.open(file, most)) {
            book.read(drop.options().sheet(), new SheetCsv(drop, out));
        } catch (UnreadableWorkbookException unreadable) {
            throw new UnreadableFileException(unreadable.reason());
        }
    }

    @Override
    public void row(String sheet, int number, List<Cell> cells) throws IOException, UnreadableWorkbookException {
        if (number <= drop.options().skip()) {
            return;
        }
        if (!begun) {
            columns = cells.stream().mapToInt(cell -> cell.column() + 1).max().orElse(0);
            if (columns > MOST_COLUMNS) {
                throw new UnreadableWorkbookException(
                        "its header has " + columns + " columns, of which at most " + MOST_COLUMNS + " are read");
            }
        }
        @Nullable String[] values = new String[columns];
        ObjectNode rest = JsonNodeFactory.instance.objectNode();
        for (Cell cell : cells) {
            if (cell.column() >= columns) {
                if (drop.schema() != FileDrop.Unknown.NONE) {
                    rest.put(sheet + "!" + cell.name(number), cell.text());
                }
            } else if (cell.error() && begun) {
                rest.put(sheet + "!" + cell.name(number), cell.text());
            } else {
                values[cell.column()] = cell.text();
            }
        }
        begun = true;
        write(number, values, rest.isEmpty() ? null : rest.toString());
    }

    private void write(int number, @Nullable String[] values, @Nullable String rest)
            throws IOException, UnreadableWorkbookException {
        StringBuilder line = new StringBuilder();
        for (String value : values) {
            append(line, value);
            line.append(',');
        }
        append(line, rest);
        byte[] bytes = line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > LONGEST_RECORD) {
            throw new UnreadableWorkbookException("row " + number + " has more than 2 MB");
        }
        out.accept(bytes, 0, bytes.length);
    }

    private static void append(StringBuilder line, @Nullable String value) {
        if (value != null) {
            line.append('"').append(value.replace("\"", "\"\"")).append('"');
        }
    }
}
