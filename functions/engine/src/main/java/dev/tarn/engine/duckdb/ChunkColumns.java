package dev.tarn.engine.duckdb;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tarn.engine.feed.ColumnWriter;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBWritableVector;

/** A chunk of DuckDB as a feed sees it. */
final class ChunkColumns implements ColumnWriter {

    private final List<Column> columns;
    private final DuckDBWritableVector[] vectors;
    private final int capacity;
    /** Of the decimals that travel as millionths: the values that cannot, as texts. */
    private final byte[][][] texts;

    ChunkColumns(DuckDBDataChunkWriter chunk, List<Column> columns) {
        this.columns = columns;
        this.capacity = Math.toIntExact(chunk.capacity());
        this.vectors = new DuckDBWritableVector[FeedCarrier.of(columns).size()];
        this.texts = new byte[columns.size()][][];
        Arrays.setAll(vectors, chunk::vector);
    }

    /** Ends a batch of so many rows. */
    void finish(int rows) {
        int carrier = columns.size();
        for (int column = 0; column < columns.size(); column++) {
            if (ColumnWriter.takesMillionths(columns.get(column).type())) {
                byte[][] values = texts[column] == null ? new byte[rows][] : Arrays.copyOf(texts[column], rows);
                vectors[carrier++].setStringUtf8Batch(0, values);
            }
        }
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public void setNull(int column, int row) {
        vectors[column].setNull(row);
    }

    @Override
    public void setBoolean(int column, int row, boolean value) {
        vectors[column].setBoolean(row, value);
    }

    @Override
    public void setLong(int column, int row, long value) {
        switch ((DataType.Simple) columns.get(column).type()) {
            case TINYINT -> vectors[column].setByte(row, (byte) value);
            case SMALLINT -> vectors[column].setShort(row, (short) value);
            case INT -> vectors[column].setInt(row, (int) value);
            default -> vectors[column].setLong(row, value);
        }
    }

    @Override
    public void setDouble(int column, int row, double value) {
        if (columns.get(column).type() == DataType.Simple.FLOAT) {
            vectors[column].setFloat(row, (float) value);
        } else {
            vectors[column].setDouble(row, value);
        }
    }

    @Override
    public void setDecimal(int column, int row, BigDecimal value) {
        if (!ColumnWriter.takesMillionths(columns.get(column).type())) {
            vectors[column].setBigDecimal(row, value);
            return;
        }
        if (texts[column] == null) {
            texts[column] = new byte[capacity][];
        }
        texts[column][row] = value.toPlainString().getBytes(US_ASCII);
        vectors[column].setNull(row);
    }

    @Override
    public void setLongs(int column, long[] values, boolean[] nulls, int rows) {
        DuckDBWritableVector vector = vectors[column];
        DuckDBColumnType type = vector.getType();
        for (int row = 0; row < rows; row++) {
            if (nulls[row]) {
                vector.setNull(row);
            } else if (type == DuckDBColumnType.BIGINT) {
                vector.setLong(row, values[row]);
            } else if (type == DuckDBColumnType.INTEGER) {
                vector.setInt(row, (int) values[row]);
            } else {
                setLong(column, row, values[row]);
            }
        }
    }

    @Override
    public void setDate(int column, int row, int epochDay) {
        vectors[column].setInt(row, epochDay);
    }

    @Override
    public void setTimestamp(int column, int row, long epochMicros) {
        vectors[column].setLong(row, epochMicros);
    }

    @Override
    public void setStrings(int column, byte[][] utf8, int rows) {
        vectors[column].setStringUtf8Batch(0, rows == utf8.length ? utf8 : Arrays.copyOf(utf8, rows));
    }

    @Override
    public void setBinary(int column, int row, byte[] value) {
        vectors[column].setString(row, HexFormat.of().formatHex(value));
    }
}
