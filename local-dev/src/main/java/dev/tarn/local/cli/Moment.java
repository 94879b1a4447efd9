package dev.tarn.local.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A moment as people write it and Spark casts it: a date with or without a time, with or without a zone.
 *
 * @param zone null when none was given
 */
record Moment(LocalDateTime time, @Nullable ZoneId zone) {

    private static final Pattern TEXT = Pattern.compile("(\\d{4,6})(?:-(\\d{1,2})(?:-(\\d{1,2})"
            + "(?:[T ](\\d{1,2}):(\\d{1,2})(?::(\\d{1,2})(?:\\.(\\d{1,9}))?)?\\s*(\\S+)?)?)?)?");

    /** Reads the moment. Throws {@link IllegalArgumentException} when the text is none. */
    static Moment of(String text) {
        Matcher moment = TEXT.matcher(text.strip());
        try {
            if (moment.matches()) {
                return new Moment(
                        LocalDateTime.of(
                                number(moment, 1, 0),
                                number(moment, 2, 1),
                                number(moment, 3, 1),
                                number(moment, 4, 0),
                                number(moment, 5, 0),
                                number(moment, 6, 0),
                                nanoseconds(moment)),
                        moment.group(8) == null ? null : ZoneId.of(moment.group(8)));
            }
        } catch (DateTimeException noSuchDay) {
            // Said below, with an example.
        }
        throw new IllegalArgumentException(
                "a moment is 2026-01-31, '2026-01-31 08:00:00' or 2026-01-31T08:00:00Z, for example");
    }

    private static int number(Matcher moment, int group, int otherwise) {
        return moment.group(group) == null ? otherwise : Integer.parseInt(moment.group(group));
    }

    private static int nanoseconds(Matcher moment) {
        return moment.group(7) == null ? 0 : Integer.parseInt((moment.group(7) + "000000000").substring(0, 9));
    }

    /** The moment; in {@code timezone} when it was given without a zone. */
    Instant in(ZoneId timezone) {
        return time.atZone(zone == null ? timezone : zone).toInstant();
    }
}
