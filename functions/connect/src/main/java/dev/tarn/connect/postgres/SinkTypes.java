package dev.tarn.connect.postgres;

import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Sql;
import java.util.List;
import java.util.stream.Collectors;

/** Types of the lake as PostgreSQL knows them, and values as its CSV form takes them. */
final class SinkTypes {

    private SinkTypes() {}

    /** The type that a column made for these values would have. */
    static String declared(DataType type) {
        if (type instanceof DataType.Decimal) {
            DataType.Decimal decimal = (DataType.Decimal) type;
            return "numeric(" + decimal.precision() + ", " + decimal.scale() + ")";
        }
        if (!(type instanceof DataType.Simple)) {
            return "jsonb";
        }
        switch ((DataType.Simple) type) {
            case BOOLEAN:
                return "boolean";
            case TINYINT:
            case SMALLINT:
                return "smallint";
            case INT:
                return "integer";
            case BIGINT:
                return "bigint";
            case FLOAT:
                return "real";
            case DOUBLE:
                return "double precision";
            case BINARY:
                return "bytea";
            case DATE:
                return "date";
            case TIMESTAMP:
                return "timestamp with time zone";
            case TIMESTAMP_NTZ:
                return "timestamp";
            default:
                return "text";
        }
    }

    /** DuckDB's select list that yields the columns in a form PostgreSQL reads without loss. */
    static String select(List<Column> columns) {
        return columns.stream().map(SinkTypes::value).collect(Collectors.joining(", "));
    }

    private static String value(Column column) {
        String name = Sql.identifier(column.name());
        if (column.type() == DataType.Simple.BINARY) {
            return "'\\x' || hex(" + name + ")";
        }
        boolean nested = !(column.type() instanceof DataType.Simple || column.type() instanceof DataType.Decimal);
        return nested ? "to_json(" + name + ")" : name;
    }
}
