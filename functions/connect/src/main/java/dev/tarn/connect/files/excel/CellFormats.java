package dev.tarn.connect.files.excel;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which formats show a number as a date or a time: nothing else in a workbook says that it is one. */
final class CellFormats {

    /** As what a number is shown. */
    enum Kind {
        NUMBER,
        DATE,
        TIME
    }

    /** Texts in quotes, characters behind one that takes the next as it stands, and colours, languages and conditions. */
    private static final Pattern LITERAL = Pattern.compile("\"[^\"]*\"?|[\\\\_*].|\\[(?![hHmMsS]+])[^]]*]");

    private static final Pattern ELAPSED = Pattern.compile("\\[[hHmMsS]+]");

    private final List<Kind> kinds;

    private CellFormats(List<Kind> kinds) {
        this.kinds = List.copyOf(kinds);
    }

    static CellFormats none() {
        return new CellFormats(List.of());
    }

    static CellFormats of(XmlPart styles) throws IOException, UnreadableWorkbookException {
        Map<Integer, Kind> own = new HashMap<>();
        List<Kind> kinds = new ArrayList<>();
        boolean ofCells = false;
        while (styles.next()) {
            if (styles.ends() && styles.name().equals("cellXfs")) {
                ofCells = false;
            }
            if (!styles.begins()) {
                continue;
            }
            switch (styles.name()) {
                case "cellXfs" -> ofCells = true;
                case "numFmt" -> {
                    String code = styles.attribute("formatCode");
                    own.put(number(styles.attribute("numFmtId")), code == null ? Kind.NUMBER : kind(code));
                }
                case "xf" -> {
                    if (ofCells) {
                        int format = number(styles.attribute("numFmtId"));
                        kinds.add(own.getOrDefault(format, usual(format)));
                    }
                }
                default -> {}
            }
        }
        styles.requireWhole();
        return new CellFormats(kinds);
    }

    static int number(@Nullable String text) throws UnreadableWorkbookException {
        try {
            return text == null ? 0 : Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new UnreadableWorkbookException(UnreadableWorkbookException.BROKEN_XML);
        }
    }

    Kind of(@Nullable String style) throws UnreadableWorkbookException {
        int number = number(style);
        return number >= 0 && number < kinds.size() ? kinds.get(number) : Kind.NUMBER;
    }

    /** Of the formats that no workbook has to describe. */
    private static Kind usual(int format) {
        boolean time = format >= 18 && format <= 21 || format == 45 || format == 47;
        boolean date = format >= 14 && format <= 17
                || format == 22
                || format >= 27 && format <= 36
                || format >= 50 && format <= 58;
        return time ? Kind.TIME : date ? Kind.DATE : Kind.NUMBER;
    }

    static Kind kind(String code) {
        String plain = LITERAL.matcher(code).replaceAll("");
        String positive = plain.split(";", -1)[0].toLowerCase(Locale.ROOT);
        if (positive.equals("general")
                || positive.equals("standard")
                || ELAPSED.matcher(positive).find()) {
            return Kind.NUMBER;
        }
        boolean time = positive.contains("h") || positive.contains("s");
        boolean date = positive.contains("y") || positive.contains("d") || positive.contains("m") && !time;
        return date ? Kind.DATE : time ? Kind.TIME : Kind.NUMBER;
    }
}
