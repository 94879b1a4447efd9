package dev.tarn.compiler.query;

import dev.tarn.model.DataType;
import dev.tarn.model.DataType.Decimal;
import dev.tarn.model.DataType.Simple;
import java.util.Optional;
import java.util.Set;

/** The explicit conversions that mean the same in Spark (ANSI mode) and DuckDB. */
final class Casts {

    static final String MEND = "Possible are: between integers, integer to decimal, decimal to decimal, and integers,"
            + " dates and booleans to STRING.";

    private static final Set<DataType> PRINTED_ALIKE =
            Set.of(Simple.TINYINT, Simple.SMALLINT, Simple.INT, Simple.BIGINT, Simple.BOOLEAN);

    private Casts() {}

    /**
     * {@code value} as {@code type}; empty when the two systems are not known to agree. A number that does not fit fails
     * the query in both. Digits that a decimal loses are rounded half away from zero in both.
     */
    static Optional<Typed> cast(Typed value, DataType type) {
        DataType from = value.type();
        if (from.equals(type)) {
            return Optional.of(value);
        }
        boolean toNumber = Coercion.isInteger(from) && Coercion.isNumber(type)
                || from instanceof Decimal && type instanceof Decimal;
        if (toNumber || type == Simple.STRING && PRINTED_ALIKE.contains(from)) {
            return Optional.of(value.as(Coercion.cast(value.sql(), type), type));
        }
        if (type == Simple.STRING && from == Simple.DATE) {
            return Optional.of(value.as(dateText(value.sql()), type));
        }
        return Optional.empty();
    }

    /** Years outside of 1 to 9999 are written differently. */
    private static String dateText(String date) {
        return "CASE WHEN " + date + " IS NULL THEN CAST(NULL AS VARCHAR)"
                + " WHEN year(" + date + ") BETWEEN 1 AND 9999 THEN CAST(" + date + " AS VARCHAR)"
                + " ELSE error('a date outside of the years 1 to 9999 cannot be written as STRING') END";
    }
}
