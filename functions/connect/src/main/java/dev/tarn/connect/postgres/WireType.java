package dev.tarn.connect.postgres;

import dev.tarn.model.DataType;
import java.util.Arrays;

/** How a type of PostgreSQL looks in a binary COPY. Types without a form here are read as their text. */
public enum WireType {
    BOOL("bool", DataType.Simple.BOOLEAN),
    INT2("int2", DataType.Simple.SMALLINT),
    INT4("int4", DataType.Simple.INT),
    INT8("int8", DataType.Simple.BIGINT),
    FLOAT4("float4", DataType.Simple.FLOAT),
    FLOAT8("float8", DataType.Simple.DOUBLE),
    /** Kept with 38 digits, 18 of them behind the point, unless the column declares fewer. */
    NUMERIC("numeric", new DataType.Decimal(DataType.Decimal.MAX_PRECISION, 18)),
    DATE("date", DataType.Simple.DATE),
    /** Odoo keeps UTC in it, so it becomes a moment. */
    TIMESTAMP("timestamp", DataType.Simple.TIMESTAMP),
    TIMESTAMPTZ("timestamptz", DataType.Simple.TIMESTAMP),
    BYTEA("bytea", DataType.Simple.BINARY),
    VARCHAR("varchar", DataType.Simple.STRING),
    BPCHAR("bpchar", DataType.Simple.STRING),
    JSON("json", DataType.Simple.STRING),
    /** Its text follows a byte with the version of the form. */
    JSONB("jsonb", DataType.Simple.STRING),
    /** Also every type not named here, cast by the server. */
    TEXT("text", DataType.Simple.STRING);

    private final String typeName;
    private final DataType dataType;

    WireType(String typeName, DataType dataType) {
        this.typeName = typeName;
        this.dataType = dataType;
    }

    /** The type that {@code pg_type.typname} means. */
    public static WireType of(String typeName) {
        return Arrays.stream(values())
                .filter(type -> type.typeName.equals(typeName))
                .findFirst()
                .orElse(TEXT);
    }

    /** Whether {@code typeName} has to be cast to text by the server. */
    static boolean needsCast(String typeName) {
        return Arrays.stream(values()).noneMatch(type -> type.typeName.equals(typeName));
    }

    /** What a column of the type becomes in the lake, unless it declares digits of its own. */
    public DataType dataType() {
        return dataType;
    }
}
