package dev.tarn.engine.delta;

import io.delta.kernel.expressions.Literal;
import io.delta.kernel.types.ByteType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values of columns from the texts by which DuckDB reports them. */
final class Literals {

    /** Microseconds of the millisecond, in which statistics tell moments. */
    private static final long MILLI = 1_000;

    private static final long FIRST = micros(LocalDate.of(1, 1, 1));
    private static final long LAST = micros(LocalDate.of(10_000, 1, 1)) - 1;

    private static final Pattern MOMENT = Pattern.compile("(\\d{4}-\\d\\d-\\d\\d) ([0-9:.]+)([+-][0-9:]+)?");

    private Literals() {}

    private static long micros(LocalDate day) {
        return day.toEpochDay() * 86_400_000_000L;
    }

    /** The value, or one below it that statistics can hold; empty when they hold none. */
    static Optional<Literal> atMost(DataType type, String text) {
        return parse(type, text, micros -> Math.floorDiv(micros, MILLI) * MILLI);
    }

    /** As {@link #atMost}, above: readers that do not know of cut-off microseconds find the value all the same. */
    static Optional<Literal> atLeast(DataType type, String text) {
        return parse(type, text, micros -> -Math.floorDiv(-micros, MILLI) * MILLI);
    }

    /** Empty for a value that Java or Delta's text form cannot hold: infinities, years beyond 9999 or before 1. */
    private static Optional<Literal> parse(DataType type, String text, LongUnaryOperator rounded) {
        try {
            if (type instanceof DateType) {
                return Optional.of(
                        Literal.ofDate(Math.toIntExact(LocalDate.parse(text).toEpochDay())));
            }
            if (type instanceof TimestampType) {
                return micros(text, rounded).map(Literal::ofTimestamp);
            }
            if (type instanceof TimestampNTZType) {
                return micros(text, rounded).map(Literal::ofTimestampNtz);
            }
        } catch (DateTimeException outOfRange) {
            return Optional.empty();
        }
        return number(type, text);
    }

    private static Optional<Literal> number(DataType type, String text) {
        if (type instanceof DecimalType decimal) {
            BigDecimal value = new BigDecimal(text).setScale(decimal.getScale());
            return Optional.of(Literal.ofDecimal(value, decimal.getPrecision(), decimal.getScale()));
        }
        if (text.contains("inf") || text.contains("nan")) {
            return Optional.empty();
        }
        if (type instanceof DoubleType) {
            return Optional.of(Literal.ofDouble(Double.parseDouble(text)));
        }
        if (type instanceof FloatType) {
            return Optional.of(Literal.ofFloat(Float.parseFloat(text)));
        }
        return integer(type, Long.parseLong(text));
    }

    private static Optional<Literal> integer(DataType type, long value) {
        if (type instanceof LongType) {
            return Optional.of(Literal.ofLong(value));
        }
        if (type instanceof IntegerType) {
            return Optional.of(Literal.ofInt(Math.toIntExact(value)));
        }
        if (type instanceof ShortType) {
            return Optional.of(Literal.ofShort((short) value));
        }
        if (type instanceof ByteType) {
            return Optional.of(Literal.ofByte((byte) value));
        }
        throw new IllegalStateException("no statistics are made for " + type);
    }

    /** The offset is that of the session's zone, {@code +08}, {@code +05:30} or {@code -00:25:21}; none means UTC. */
    private static Optional<Long> micros(String text, LongUnaryOperator rounded) {
        Matcher parts = MOMENT.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        ZoneOffset offset = parts.group(3) == null ? ZoneOffset.UTC : ZoneOffset.of(parts.group(3));
        LocalDateTime local = LocalDateTime.parse(parts.group(1) + "T" + parts.group(2));
        long micros = rounded.applyAsLong(local.toEpochSecond(offset) * 1_000_000 + local.getNano() / 1_000);
        return Optional.of(micros).filter(inRange -> FIRST <= inRange && inRange <= LAST);
    }
}
