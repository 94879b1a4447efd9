package dev.tarn.compiler.query;

import dev.tarn.compiler.query.Typed.Literal;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.DataType.Decimal;
import dev.tarn.model.DataType.Simple;
import dev.tarn.model.Sql;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Spark's rules (ANSI mode) for bringing values to one type, where DuckDB is known to give the same values. */
final class Coercion {

    private static final List<DataType> INTEGERS = List.of(Simple.TINYINT, Simple.SMALLINT, Simple.INT, Simple.BIGINT);
    private static final List<Decimal> DIGITS =
            List.of(new Decimal(3, 0), new Decimal(5, 0), new Decimal(10, 0), new Decimal(20, 0));

    private Coercion() {}

    static boolean isInteger(DataType type) {
        return INTEGERS.contains(type);
    }

    static boolean isNumber(DataType type) {
        return isInteger(type) || type instanceof Decimal;
    }

    /** Whether equal values are equal in both systems whatever their bits: not so for floating point. */
    static boolean isExact(DataType type) {
        return isNumber(type)
                || type == Simple.STRING
                || type == Simple.DATE
                || type == Simple.BOOLEAN
                || type == Simple.TIMESTAMP
                || type == Simple.TIMESTAMP_NTZ;
    }

    static boolean isOrdered(DataType type) {
        return isExact(type) || type == Simple.DOUBLE || type == Simple.FLOAT;
    }

    /** The decimal that holds every value of a number's type, or the literal's own digits. */
    static Decimal decimal(Typed number, boolean literalsOwnDigits) {
        if (literalsOwnDigits && number.literal().integer().isPresent()) {
            return number.literal().integer().get();
        }
        return decimal(number.type());
    }

    private static Decimal decimal(DataType type) {
        return type instanceof Decimal decimal ? decimal : DIGITS.get(INTEGERS.indexOf(type));
    }

    /** The type to which branches of CASE, coalesce, IN and UNION are brought; empty when there is none. */
    static Optional<DataType> common(Typed a, Typed b) {
        if (a.literal().isNull()) {
            return Optional.of(b.type());
        }
        return b.literal().isNull() ? Optional.of(a.type()) : common(a.type(), b.type());
    }

    static Optional<DataType> common(DataType a, DataType b) {
        if (a.equals(b)) {
            return Optional.of(a);
        }
        if (isInteger(a) && isInteger(b)) {
            return Optional.of(INTEGERS.indexOf(a) > INTEGERS.indexOf(b) ? a : b);
        }
        return isNumber(a) && isNumber(b) ? wider(decimal(a), decimal(b)).map(DataType.class::cast) : Optional.empty();
    }

    /** The type in which two numbers are compared. */
    static Optional<DataType> comparable(Typed a, Typed b) {
        if (a.type() instanceof Decimal && isInteger(b.type()) || b.type() instanceof Decimal && isInteger(a.type())) {
            return wider(decimal(a, true), decimal(b, true)).map(DataType.class::cast);
        }
        return a.literal().isNull() || b.literal().isNull() ? Optional.empty() : common(a.type(), b.type());
    }

    /** Empty when 38 digits do not suffice: Spark then rounds, or compares otherwise. */
    private static Optional<Decimal> wider(Decimal a, Decimal b) {
        int scale = Math.max(a.scale(), b.scale());
        int whole = Math.max(a.precision() - a.scale(), b.precision() - b.scale());
        return exact(whole + scale, scale);
    }

    static Optional<Decimal> sum(Decimal a, Decimal b) {
        int scale = Math.max(a.scale(), b.scale());
        int whole = Math.max(a.precision() - a.scale(), b.precision() - b.scale());
        return exact(whole + scale + 1, scale);
    }

    static Optional<Decimal> product(Decimal a, Decimal b) {
        return exact(a.precision() + b.precision() + 1, a.scale() + b.scale());
    }

    private static Optional<Decimal> exact(int precision, int scale) {
        return precision <= Decimal.MAX_PRECISION ? Optional.of(new Decimal(precision, scale)) : Optional.empty();
    }

    /** Whether a column of type {@code to} holds every value of type {@code from} unchanged. */
    static boolean widens(DataType from, DataType to) {
        if (from.equals(to)) {
            return true;
        }
        if (isInteger(from) && isInteger(to)) {
            return INTEGERS.indexOf(from) < INTEGERS.indexOf(to);
        }
        if (isNumber(from) && to instanceof Decimal wide) {
            Decimal narrow = decimal(from);
            return narrow.scale() <= wide.scale()
                    && narrow.precision() - narrow.scale() <= wide.precision() - wide.scale();
        }
        return false;
    }

    /** {@code value} as {@code type}, to which it is known to convert. */
    static Typed to(DataType type, Typed value) {
        return value.type().equals(type) && !value.literal().isNull() ? value : value.as(cast(value.sql(), type), type);
    }

    static String cast(String sql, DataType type) {
        return "CAST(" + sql + " AS " + duckType(type) + ")";
    }

    /** The literal NULL. */
    static Typed nothing() {
        return Typed.literal("NULL", Simple.STRING, Literal.NULL);
    }

    /** DuckDB's name of a type. */
    static String duckType(DataType type) {
        if (type instanceof DataType.Array array) {
            return duckType(array.element()) + "[]";
        }
        if (type instanceof DataType.MapOf map) {
            return "MAP(" + duckType(map.key()) + ", " + duckType(map.value()) + ")";
        }
        if (type instanceof DataType.Struct struct) {
            return struct.fields().stream().map(Coercion::field).collect(Collectors.joining(", ", "STRUCT(", ")"));
        }
        return type instanceof Simple simple ? simpleType(simple) : type.toString();
    }

    private static String field(Column field) {
        return Sql.identifier(field.name()) + " " + duckType(field.type());
    }

    private static String simpleType(Simple type) {
        return switch (type) {
            case STRING -> "VARCHAR";
            case BINARY -> "BLOB";
            case INT -> "INTEGER";
            case TIMESTAMP -> "TIMESTAMPTZ";
            case TIMESTAMP_NTZ -> "TIMESTAMP";
            default -> type.name();
        };
    }
}
