package dev.tarn.connect.files.excel;

import dev.tarn.engine.budget.Budget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The texts of a workbook, which cells name by number. Held in UTF-8, a fraction of what strings would take. */
final class SharedTexts {

    private static final int MOST = 64 << 20;
    /** How characters stand in texts that XML has no place for. */
    private static final Pattern ESCAPED = Pattern.compile("_x([0-9A-Fa-f]{4})_");

    private final byte[] texts;
    private final int[] ends;

    private SharedTexts(byte[] texts, int[] ends) {
        this.texts = texts;
        this.ends = ends;
    }

    static SharedTexts none() {
        return new SharedTexts(new byte[0], new int[0]);
    }

    static SharedTexts of(XmlPart part) throws IOException, UnreadableWorkbookException {
        ByteArrayOutputStream texts = new ByteArrayOutputStream();
        int[] ends = new int[1 << 10];
        int count = 0;
        RichText text = new RichText();
        while (part.next()) {
            text.see(part);
            if (part.ends() && part.name().equals("si")) {
                texts.writeBytes(text.take().getBytes(StandardCharsets.UTF_8));
                if (texts.size() + (long) count * Integer.BYTES > MOST) {
                    throw new UnreadableWorkbookException(
                            "its texts take more than " + Budget.mebibytes(MOST) + " of memory");
                }
                ends = count == ends.length ? Arrays.copyOf(ends, count * 2) : ends;
                ends[count++] = texts.size();
            }
        }
        part.requireWhole();
        return new SharedTexts(texts.toByteArray(), Arrays.copyOf(ends, count));
    }

    String get(int number) throws UnreadableWorkbookException {
        if (number < 0 || number >= ends.length) {
            throw new UnreadableWorkbookException("a cell names a text that is not there");
        }
        int from = number == 0 ? 0 : ends[number - 1];
        return new String(texts, from, ends[number] - from, StandardCharsets.UTF_8);
    }

    /** Gathers the text of an element whose parts have formats of their own, without what tells how to pronounce it. */
    static final class RichText {

        private final StringBuilder text = new StringBuilder();
        private boolean pronounced;
        private boolean taking;

        void see(XmlPart part) {
            if (taking) {
                part.appendTo(text);
            }
            if (part.begins() || part.ends()) {
                pronounced = part.name().equals("rPh") ? part.begins() : pronounced;
                taking = part.begins() && part.name().equals("t") && !pronounced;
            }
        }

        String take() {
            String taken = unescaped(text.toString());
            text.setLength(0);
            return taken;
        }
    }

    static String unescaped(String text) {
        if (!text.contains("_x")) {
            return text;
        }
        return ESCAPED.matcher(text).replaceAll(found -> {
            char character = (char) Integer.parseInt(found.group(1), 16);
            // Half a character, and what ends texts elsewhere, stay as they stand.
            boolean text16 = character != 0 && !Character.isSurrogate(character);
            return Matcher.quoteReplacement(text16 ? String.valueOf(character) : found.group());
        });
    }
}
