package dev.tarn.connect.postgres;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;

/**
 * Dates and times as PostgreSQL sends them, counted from 2000-01-01. Spark and Delta know the years 1 to 9999; anything
 * else, the infinities among it, is not a date here.
 */
final class WireTime {

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final LocalDate ORIGIN = LocalDate.of(2000, 1, 1);
    private static final long ORIGIN_SECOND = ORIGIN.atStartOfDay().toEpochSecond(ZoneOffset.UTC);
    private static final int ORIGIN_DAY = (int) ORIGIN.toEpochDay();
    private static final LocalDate FIRST = LocalDate.of(1, 1, 1);
    private static final LocalDate LAST = LocalDate.of(9999, 12, 31);
    private static final long FIRST_DAY = FIRST.toEpochDay() - ORIGIN.toEpochDay();
    private static final long LAST_DAY = LAST.toEpochDay() - ORIGIN.toEpochDay();
    private static final long FIRST_MICRO =
            (FIRST.atStartOfDay().toEpochSecond(ZoneOffset.UTC) - ORIGIN_SECOND) * MICROS_PER_SECOND;
    private static final long LAST_MICRO =
            (LAST.atTime(LocalTime.MAX).toEpochSecond(ZoneOffset.UTC) + 1 - ORIGIN_SECOND) * MICROS_PER_SECOND - 1;

    private WireTime() {}

    static boolean isDate(int days) {
        return days >= FIRST_DAY && days <= LAST_DAY;
    }

    static int epochDay(int days) {
        return days + ORIGIN_DAY;
    }

    static String dateText(int days) {
        if (days == Integer.MAX_VALUE || days == Integer.MIN_VALUE) {
            return days > 0 ? "infinity" : "-infinity";
        }
        return LocalDate.ofEpochDay((long) days + ORIGIN_DAY).toString();
    }

    static boolean isTimestamp(long micros) {
        return micros >= FIRST_MICRO && micros <= LAST_MICRO;
    }

    static long epochMicros(long micros) {
        return micros + ORIGIN_SECOND * MICROS_PER_SECOND;
    }

    /** UTC, in the form of ISO 8601. */
    static String timestampText(long micros) {
        if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
            return micros > 0 ? "infinity" : "-infinity";
        }
        long second = Math.floorDiv(micros, MICROS_PER_SECOND) + ORIGIN_SECOND;
        int nanos = (int) Math.floorMod(micros, MICROS_PER_SECOND) * 1000;
        return LocalDateTime.ofEpochSecond(second, nanos, ZoneOffset.UTC).toString();
    }
}
