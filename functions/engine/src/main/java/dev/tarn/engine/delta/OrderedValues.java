package dev.tarn.engine.delta;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.model.DataType;
import dev.tarn.model.DataType.Simple;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Values of one type in a form in which Java and DuckDB order them alike: numbers as {@code Long} or {@code BigDecimal},
 * days and moments as {@code Long}, texts as {@link Utf8}. Other types have no such form, nor has floating point, whose
 * bounds say nothing of NaN.
 */
record OrderedValues(DataType type) {

    private static final Set<DataType> INTEGERS = Set.of(Simple.TINYINT, Simple.SMALLINT, Simple.INT, Simple.BIGINT);

    /** Statistics keep moments in milliseconds, cut off (PROTOCOL.md, "Per-file Statistics"). */
    private static final long CUT_OFF_MICROS = 999;

    /** A text in the order of its bytes, which is that of DuckDB and of Delta's statistics. */
    record Utf8(String text) implements Comparable<Utf8> {
        @Override
        public int compareTo(Utf8 other) {
            int at = 0;
            int end = Math.min(text.length(), other.text.length());
            while (at < end && text.charAt(at) == other.text.charAt(at)) {
                at++;
            }
            return at == end
                    ? text.length() - other.text.length()
                    : rank(text.charAt(at)) - rank(other.text.charAt(at));
        }

        /** Characters beyond 16 bits, which Java keeps in two surrogates, are behind all others in UTF-8. */
        private static int rank(char unit) {
            return Character.isSurrogate(unit) ? unit + 0x10000 : unit;
        }
    }

    /** Whether values of the type can be ordered here. */
    boolean areOrdered() {
        return INTEGERS.contains(type)
                || type instanceof DataType.Decimal
                || type == Simple.STRING
                || type == Simple.DATE
                || type == Simple.TIMESTAMP
                || type == Simple.TIMESTAMP_NTZ;
    }

    /** The SQL expression of the type in the form that {@link #read} takes. */
    String sql(String expression) {
        if (type == Simple.DATE) {
            return "(" + expression + " - DATE '1970-01-01')::BIGINT";
        }
        if (type == Simple.TIMESTAMP || type == Simple.TIMESTAMP_NTZ) {
            return "epoch_us(" + expression + ")";
        }
        return INTEGERS.contains(type) ? "(" + expression + ")::BIGINT" : expression;
    }

    /** What {@link #sql} yields, null for NULL. */
    @Nullable
    Comparable<?> read(ResultSet row, int column) throws SQLException {
        if (row.getObject(column) == null) {
            return null;
        }
        if (type instanceof DataType.Decimal) {
            return row.getBigDecimal(column);
        }
        return type == Simple.STRING ? new Utf8(row.getString(column)) : Long.valueOf(row.getLong(column));
    }

    /** {@code value} as SQL, in the form of {@link #sql}. */
    String literal(Comparable<?> value) {
        if (value instanceof Utf8 utf8) {
            return dev.tarn.model.Sql.literal(utf8.text());
        }
        return value instanceof BigDecimal decimal
                ? "CAST('" + decimal.toPlainString() + "' AS " + type + ")"
                : value + "::BIGINT";
    }

    /**
     * A bound from a file's statistics; empty when there is none that can be trusted.
     *
     * @param upper whether it is the upper one
     */
    Optional<Comparable<?>> bound(JsonNode value, boolean upper) {
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(value, upper));
        } catch (DateTimeException | NumberFormatException | ArithmeticException unknownForm) {
            return Optional.empty();
        }
    }

    private Comparable<?> parse(JsonNode value, boolean upper) {
        if (type == Simple.STRING) {
            return new Utf8(value.asText());
        }
        if (type instanceof DataType.Decimal) {
            return value.isNumber() ? value.decimalValue() : new BigDecimal(value.asText());
        }
        if (type == Simple.DATE) {
            return LocalDate.parse(value.asText()).toEpochDay();
        }
        if (type == Simple.TIMESTAMP) {
            return micros(OffsetDateTime.parse(value.asText()).toInstant()) + (upper ? CUT_OFF_MICROS : 0);
        }
        if (type == Simple.TIMESTAMP_NTZ) {
            return micros(LocalDateTime.parse(value.asText()).toInstant(ZoneOffset.UTC)) + (upper ? CUT_OFF_MICROS : 0);
        }
        return value.isNumber() ? value.bigIntegerValue().longValueExact() : Long.parseLong(value.asText());
    }

    private static long micros(Instant moment) {
        // Not by ChronoUnit, which counts nanoseconds and so ends in the year 2262.
        return Math.addExact(Math.multiplyExact(moment.getEpochSecond(), 1_000_000L), moment.getNano() / 1000);
    }
}
