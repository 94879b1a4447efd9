package dev.tarn.connect.files.excel;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the rows of one sheet. */
final class SheetRows {

    private static final String MIDNIGHT = "T00:00:00(\\.0+)?Z?$";

    private final SharedTexts texts;
    private final CellFormats formats;
    private final Numbers numbers;

    private final SharedTexts.RichText inline = new SharedTexts.RichText();
    private final StringBuilder value = new StringBuilder();
    private final List<Cell> cells = new ArrayList<>();
    private int row;
    private int column;
    private @Nullable String type;
    private @Nullable String style;
    private boolean inValue;

    SheetRows(SharedTexts texts, CellFormats formats, Numbers numbers) {
        this.texts = texts;
        this.formats = formats;
        this.numbers = numbers;
    }

    /** Gives rows that have a cell with something in it. */
    void read(XmlPart sheet, String name, Workbook.Rows rows) throws IOException, UnreadableWorkbookException {
        boolean more = true;
        while (more && sheet.next()) {
            if (inValue) {
                sheet.appendTo(value);
            }
            inline.see(sheet);
            if (sheet.begins()) {
                begin(sheet);
            } else if (sheet.ends()) {
                end(sheet.name(), name, rows);
                more = !sheet.name().equals("sheetData");
            }
        }
        sheet.requireWhole();
    }

    private void begin(XmlPart sheet) throws UnreadableWorkbookException {
        switch (sheet.name()) {
            case "row" -> {
                String number = sheet.attribute("r");
                row = number == null ? row + 1 : CellFormats.number(number);
                column = -1;
                if (row < 1 || row > Cell.MOST_ROWS) {
                    throw new UnreadableWorkbookException("it has more rows than can be in a sheet");
                }
            }
            case "c" -> {
                String name = sheet.attribute("r");
                column = name == null ? column + 1 : Cell.column(name);
                type = sheet.attribute("t");
                style = sheet.attribute("s");
                value.setLength(0);
                inline.take();
            }
            case "v" -> inValue = true;
            default -> {}
        }
    }

    private void end(String element, String sheet, Workbook.Rows rows) throws IOException, UnreadableWorkbookException {
        switch (element) {
            case "v" -> inValue = false;
            case "c" -> {
                String text = text();
                if (!text.isEmpty()) {
                    cells.add(new Cell(column, text, "e".equals(type)));
                }
            }
            case "row" -> {
                if (!cells.isEmpty()) {
                    rows.row(sheet, row, cells);
                    cells.clear();
                }
            }
            default -> {}
        }
    }

    /** What is in the cell; empty when that is nothing. */
    private String text() throws UnreadableWorkbookException {
        String stored = value.toString();
        if ("inlineStr".equals(type)) {
            return inline.take();
        }
        if (stored.isEmpty()) {
            return "";
        }
        return switch (type == null ? "n" : type) {
            case "s" -> texts.get(CellFormats.number(stored));
            case "str" -> SharedTexts.unescaped(stored);
            case "e" -> stored;
            case "b" -> stored.strip().equals("0") ? "false" : "true";
            case "d" -> stored.strip().replaceFirst(MIDNIGHT, "").replace('T', ' ');
            default -> number(stored);
        };
    }

    private String number(String stored) throws UnreadableWorkbookException {
        try {
            return numbers.text(stored, formats.of(style));
        } catch (NumberFormatException e) {
            throw new UnreadableWorkbookException(
                    "cell " + new Cell(column, "", false).name(row) + " has a number that is none");
        }
    }
}
