package dev.tarn.connect.files.excel;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;

/** Numbers of cells as texts. */
final class Numbers {

    private static final int DIGITS_OF_EXCEL = 15;
    private static final int DIGITS_OF_DOUBLE = 17;
    private static final int MOST_DIGITS = 400;
    private static final BigDecimal DAY = BigDecimal.valueOf(86_400_000);
    private static final LocalDate FIRST_OF_1904 = LocalDate.of(1904, 1, 1);
    private static final LocalDate BEFORE_1900 = LocalDate.of(1899, 12, 31);
    /** Excel has a 29 February 1900, so from then on all days have a number that is one too high. */
    private static final int NO_DAY = 60;

    private static final BigDecimal MOST_DAYS = BigDecimal.valueOf(3_000_000);
    private static final LocalDate LAST = LocalDate.of(9999, 12, 31);
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final DateTimeFormatter MILLISECONDS = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

    private final boolean since1904;

    /** @param since1904 whether days are counted from 1904, as once on the Macintosh */
    Numbers(boolean since1904) {
        this.since1904 = since1904;
    }

    /**
     * What a cell shows.
     *
     * @param stored the number as the workbook has it
     * @throws NumberFormatException when it is none
     */
    String text(String stored, CellFormats.Kind kind) {
        BigDecimal number = new BigDecimal(stored.strip());
        if (Math.abs((long) number.scale()) + number.precision() > MOST_DIGITS) {
            return stored.strip();
        }
        String moment = kind == CellFormats.Kind.NUMBER ? "" : moment(number, kind);
        return moment.isEmpty() ? plain(number) : moment;
    }

    /**
     * Excel counts with doubles and stores all their 17 digits, 1.1 as 1.1000000000000001; other programs store 16, 0.07 as
     * 0.07000000000000001. The fewest digits whose double is written so are the number that was entered. A number which is
     * none of those came from elsewhere, and stays as it stands.
     */
    private static String plain(BigDecimal number) {
        BigDecimal shown = number;
        for (int digits = Math.min(number.precision(), DIGITS_OF_DOUBLE) - 1; digits >= DIGITS_OF_EXCEL; digits--) {
            BigDecimal fewer = number.round(new MathContext(digits));
            shown = isWrittenAs(fewer.doubleValue(), number) ? fewer : shown;
        }
        return shown.signum() == 0 ? "0" : shown.stripTrailingZeros().toPlainString();
    }

    private static boolean isWrittenAs(double counted, BigDecimal number) {
        return !Double.isInfinite(counted)
                && new BigDecimal(counted)
                                .round(new MathContext(number.precision()))
                                .compareTo(number)
                        == 0;
    }

    /** To the millisecond, as Excel has it; empty for what is no date. */
    private String moment(BigDecimal days, CellFormats.Kind kind) {
        if (days.abs().compareTo(MOST_DAYS) > 0) {
            return "";
        }
        long millis = days.multiply(DAY).setScale(0, RoundingMode.HALF_UP).longValue();
        long whole = Math.floorDiv(millis, DAY.longValue());
        long inDay = Math.floorMod(millis, DAY.longValue());
        LocalTime time = LocalTime.ofNanoOfDay(inDay * 1_000_000);
        String clock = time.format(time.getNano() == 0 ? SECONDS : MILLISECONDS);
        if (kind == CellFormats.Kind.TIME && whole == 0) {
            return clock;
        }
        if (since1904 ? whole < 0 : whole < 1 || whole == NO_DAY) {
            return "";
        }
        LocalDate day =
                since1904 ? FIRST_OF_1904.plusDays(whole) : BEFORE_1900.plusDays(whole > NO_DAY ? whole - 1 : whole);
        return day.isAfter(LAST) ? "" : day + (inDay == 0 ? "" : " " + clock);
    }
}
