package dev.tarn.engine.duckdb;

import dev.tarn.engine.feed.ColumnWriter;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Sql;
import java.util.ArrayList;
import java.util.List;

/**
 * A column of the table function behind a feed. Dates, times, bytes and wide decimals travel in the form that costs least to
 * write (days, microseconds, hexadecimal digits, millionths in 64 bits); DuckDB turns them into their types. A decimal of
 * which the millionths are not the whole value travels as its text, in a column of its own behind all others.
 */
record FeedCarrier(String name, DataType type) {

    static List<FeedCarrier> of(List<Column> columns) {
        List<FeedCarrier> carriers = new ArrayList<>();
        columns.forEach(column -> carriers.add(new FeedCarrier(column.name(), carried(column.type()))));
        columns.stream()
                .filter(column -> ColumnWriter.takesMillionths(column.type()))
                .forEach(column -> carriers.add(new FeedCarrier(text(column), DataType.Simple.STRING)));
        return carriers;
    }

    private static String text(Column column) {
        return "text of " + column.name();
    }

    private static DataType carried(DataType type) {
        if (ColumnWriter.takesMillionths(type)) {
            return DataType.Simple.BIGINT;
        }
        if (!(type instanceof DataType.Simple simple)) {
            return type;
        }
        return switch (simple) {
            case DATE -> DataType.Simple.INT;
            case TIMESTAMP, TIMESTAMP_NTZ -> DataType.Simple.BIGINT;
            case BINARY -> DataType.Simple.STRING;
            default -> type;
        };
    }

    /** The column in its own type, from its carriers. */
    static String typed(Column column) {
        String name = Sql.identifier(column.name());
        if (ColumnWriter.takesMillionths(column.type())) {
            String type = DuckDbTypes.sqlType(column.type());
            String text = Sql.identifier(text(column));
            return "CASE WHEN " + text + " IS NULL THEN CAST(" + name + "::DECIMAL(19,0) * 0.000001::DECIMAL(7,6) AS "
                    + type + ") ELSE CAST(" + text + " AS " + type + ") END AS " + name;
        }
        if (!(column.type() instanceof DataType.Simple simple)) {
            return name;
        }
        return switch (simple) {
            case DATE -> "DATE '1970-01-01' + " + name + " AS " + name;
            case TIMESTAMP -> "make_timestamptz(" + name + ") AS " + name;
            case TIMESTAMP_NTZ -> "make_timestamp(" + name + ") AS " + name;
            case BINARY -> "unhex(" + name + ") AS " + name;
            default -> name;
        };
    }
}
