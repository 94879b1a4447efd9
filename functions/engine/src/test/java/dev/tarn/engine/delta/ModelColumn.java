package dev.tarn.engine.delta;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.model.Sql;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A column that tables of {@link ModelTable} may have, with few values each, so that operations meet the same rows. */
public enum ModelColumn {
    ID("id", "BIGINT", LongStream.range(0, 40).boxed().toArray()),
    GRP("größe", "VARCHAR", "a", "b", "a/b=c%20", "O'Brien", "ü 😀", " "),
    NAME("name", "VARCHAR", texts()),
    AMOUNT("betrag.€", "DECIMAL(12,2)", decimals(2, "-99999.99", "0", "0.01", "12.5", "100", "99999.99")),
    DAY("day", "DATE", days("0001-01-01", "1582-10-15", "1969-12-31", "2024-02-29", "2026-01-02", "9999-12-31")),
    MOMENT("moment", "TIMESTAMP WITH TIME ZONE", moments()),
    SEEN("seen", "TIMESTAMP", locals()),
    RATIO("ratio", "DOUBLE", Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0.0, 1.5, -2.25),
    OK("ok", "BOOLEAN", true, false),
    // These are not there from the beginning.
    NOTE("note", "VARCHAR", texts()),
    LEVEL("level", "INTEGER", -2147483648, -1, 0, 7, 2147483647),
    BALANCE("balance", "DECIMAL(38,10)", decimals(10, "-1234567890123456789012345678.9876543210", "0", "0.1")),
    DUE("due", "DATE", days("2026-01-01", "2026-12-31"));

    static final List<ModelColumn> FIRST = List.of(ID, GRP, NAME, AMOUNT, DAY, MOMENT, SEEN, RATIO, OK);
    static final List<ModelColumn> LATER = List.of(NOTE, LEVEL, BALANCE, DUE);

    private final String name;
    private final String type;
    private final List<Object> values;

    ModelColumn(String name, String type, Object... values) {
        this.name = name;
        this.type = type;
        this.values = List.of(values);
    }

    /** Odd ones, and ones that are equal where statistics cut them off. */
    private static Object[] texts() {
        String long31 = "0123456789012345678901234567890";
        return new Object[] {
            "",
            " ",
            "NULL",
            "O'Brien",
            "a,b;c",
            "tab\tline\nend",
            "\"quoted\" \\ back",
            "ß 株式会社 😀",
            long31 + "1",
            long31 + "1a",
            long31 + "1b",
            long31 + "😀a",
            long31 + "\uFFFF",
            "\uDBFF\uDFFF".repeat(40),
            "\uDBFF\uDFFF".repeat(33)
        };
    }

    private static Object[] decimals(int scale, String... values) {
        return Stream.of(values)
                .map(value -> new BigDecimal(value).setScale(scale))
                .toArray();
    }

    private static Object[] days(String... values) {
        return Stream.of(values).map(LocalDate::parse).toArray();
    }

    /** Statistics tell milliseconds. */
    private static Object[] moments() {
        return Stream.of(
                        "1969-12-31T23:59:59.999999Z",
                        "2026-01-01T10:00:00Z",
                        "2026-01-01T10:00:00.000001Z",
                        "2026-01-01T10:00:00.000999Z",
                        "2026-01-01T10:00:00.001Z",
                        "2400-01-01T00:00:00.000001Z")
                .map(Instant::parse)
                .toArray();
    }

    private static Object[] locals() {
        return Stream.of(moments())
                .map(moment -> LocalDateTime.ofInstant((Instant) moment, ZoneOffset.UTC))
                .toArray();
    }

    /** Its name in a table. */
    public String columnName() {
        return name;
    }

    String sqlName() {
        return Sql.identifier(name);
    }

    String sqlType() {
        return type;
    }

    /** Any value, NULL one time in eight. */
    @Nullable
    Object any(SplittableRandom random) {
        return random.nextInt(8) == 0 ? null : anyValue(random);
    }

    Object anyValue(SplittableRandom random) {
        return values.get(random.nextInt(values.size()));
    }

    /** A constant of SQL. */
    String literal(@Nullable Object value) {
        return "CAST(" + untyped(value) + " AS " + type + ")";
    }

    /** A constant of SQL that can be cast to the type. */
    static String untyped(@Nullable Object value) {
        return value == null ? "NULL" : Sql.literal(plain(value));
    }

    private static String plain(Object value) {
        return value instanceof BigDecimal decimal ? decimal.toPlainString() : value.toString();
    }

    /** The value as one text; {@link #readSql} says how to get it from a table. */
    String text(@Nullable Object value) {
        if (value == null) {
            return "\u001e";
        } else if (value instanceof Instant moment) {
            return Long.toString(moment.getEpochSecond() * 1_000_000 + moment.getNano() / 1000);
        } else if (value instanceof LocalDateTime local) {
            return text(local.toInstant(ZoneOffset.UTC));
        } else if (value instanceof Double number && (number.isNaN() || number.isInfinite())) {
            return number.isNaN() ? "nan" : number > 0 ? "inf" : "-inf";
        }
        return plain(value);
    }

    /** What of the column {@link #text} makes the same text of. */
    String readSql() {
        return type.startsWith("TIMESTAMP") ? "epoch_us(" + sqlName() + ")" : sqlName();
    }

    /** Orders values as SQL does. */
    @SuppressWarnings("unchecked")
    static int compare(Object one, Object other) {
        return one instanceof String text
                ? Arrays.compareUnsigned(text.getBytes(UTF_8), ((String) other).getBytes(UTF_8))
                : ((Comparable<Object>) one).compareTo(other);
    }
}
