package dev.tarn.local.cli;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes as people write it: {@code 512MB}, {@code 2GB}, in powers of 1024. */
record Size(long bytes) {

    private static final List<String> UNITS = List.of("KB", "MB", "GB", "TB");
    private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,6})(MB|GB|TB)");

    /** Reads the size. Throws {@link IllegalArgumentException} when the text is none. */
    static Size of(String text) {
        Matcher size = TEXT.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (!size.matches()) {
            throw new IllegalArgumentException("a size is a number and MB, GB or TB, for example 2GB");
        }
        int shift = size.group(2).equals("MB") ? 20 : size.group(2).equals("GB") ? 30 : 40;
        return new Size(Long.parseLong(size.group(1)) << shift);
    }

    /** The number in the unit that suits it, with one digit behind the point: {@code 12.3 MB}. */
    static String text(long bytes) {
        double number = bytes / 1024.0;
        int unit = 0;
        while (number >= 1024 && unit < UNITS.size() - 1) {
            number /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", number, UNITS.get(unit));
    }
}
