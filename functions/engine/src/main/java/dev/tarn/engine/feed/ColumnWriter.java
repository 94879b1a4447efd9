package dev.tarn.engine.feed;

import dev.tarn.model.DataType;
import java.math.BigDecimal;

/**
 * Takes the values of one batch of rows. Columns count from 0 in the order of {@link RowFeed#schema()}, rows from 0. The
 * method must fit the column's type.
 */
public interface ColumnWriter {

    /** Most rows of a batch. */
    int capacity();

    /** Any type except strings, whose NULLs are null elements of {@link #setStrings}. */
    void setNull(int column, int row);

    void setBoolean(int column, int row, boolean value);

    /** TINYINT to BIGINT. */
    void setLong(int column, int row, long value);

    /** FLOAT and DOUBLE. */
    void setDouble(int column, int row, double value);

    /** DECIMAL; the value must fit precision and scale. */
    void setDecimal(int column, int row, BigDecimal value);

    /**
     * All {@code rows} values of a column at once, at a fraction of their cost one by one: whole numbers, days, microseconds,
     * and decimals in millionths where {@link #takesMillionths} holds. Where {@code nulls} is true the row is NULL, or has its
     * value from {@link #setDecimal} before.
     */
    void setLongs(int column, long[] values, boolean[] nulls, int rows);

    /** Whether every number of millionths fits a column of the type. */
    static boolean takesMillionths(DataType type) {
        return type instanceof DataType.Decimal decimal
                && decimal.scale() >= MILLIONTHS_SCALE
                && decimal.precision() - decimal.scale() >= MILLIONTHS_WHOLE_DIGITS;
    }

    /** Digits behind the point of a number of millionths. */
    int MILLIONTHS_SCALE = 6;

    /** Digits before the point that a number of millionths in 64 bits can have. */
    int MILLIONTHS_WHOLE_DIGITS = 13;

    /** DATE, as days since 1970-01-01. */
    void setDate(int column, int row, int epochDay);

    /** TIMESTAMP and TIMESTAMP_NTZ, as microseconds since 1970-01-01T00:00:00 UTC. */
    void setTimestamp(int column, int row, long epochMicros);

    /** STRING: all {@code rows} values of the column at once, in UTF-8; a null element is NULL. */
    void setStrings(int column, byte[][] utf8, int rows);

    void setBinary(int column, int row, byte[] value);
}
