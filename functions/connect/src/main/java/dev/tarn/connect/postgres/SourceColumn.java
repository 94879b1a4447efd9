package dev.tarn.connect.postgres;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Sql;

/**
 * A column of a PostgreSQL table.
 *
 * @param number {@code attnum}: a column that is dropped and made again gets another one
 * @param typeName {@code pg_type.typname}
 * @param modifier {@code atttypmod}, -1 when the type declares none
 * @param localTime whether a timestamp without time zone is a time on a wall, and not one of UTC
 */
public record SourceColumn(String name, int number, String typeName, int modifier, boolean localTime) {

    /** {@code modifier} of a type without parameters. */
    public static final int NO_MODIFIER = -1;

    private static final int MODIFIER_OFFSET = 4;

    public SourceColumn {
        requireNonNull(name, "name");
        requireNonNull(typeName, "typeName");
    }

    /** A column of an Odoo, whose timestamps are in UTC. */
    public SourceColumn(String name, int number, String typeName, int modifier) {
        this(name, number, typeName, modifier, false);
    }

    WireType wireType() {
        return WireType.of(typeName);
    }

    /** The column as the lake keeps it. */
    public Column column() {
        return new Column(name, dataType());
    }

    private DataType dataType() {
        WireType wire = wireType();
        if (wire == WireType.TIMESTAMP && localTime) {
            return DataType.Simple.TIMESTAMP_NTZ;
        }
        if (wire != WireType.NUMERIC || modifier < MODIFIER_OFFSET) {
            return wire.dataType();
        }
        int precision = (modifier - MODIFIER_OFFSET) >> 16;
        // The scale is an 11-bit number with a sign, and may exceed the precision.
        int scale = (((modifier - MODIFIER_OFFSET) & 0x7ff) ^ 1024) - 1024;
        boolean exists = precision <= DataType.Decimal.MAX_PRECISION && scale >= 0 && scale <= precision;
        return exists ? new DataType.Decimal(precision, scale) : wire.dataType();
    }

    /** The column in a select list. */
    String selected() {
        String quoted = Sql.identifier(name);
        if (typeName.startsWith("_")) {
            return "array_to_json(" + quoted + ")::text";
        }
        return quoted + (WireType.needsCast(typeName) ? "::text" : "");
    }
}
