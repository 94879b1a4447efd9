package dev.tarn.connect.postgres;

import dev.tarn.engine.feed.ColumnWriter;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.TableSchema;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/** Decodes batches of rows column by column. For one thread. */
final class CopyDecoder {

    private final List<SourceColumn> columns;
    private final long next;
    private final WireType[] types;
    private final DataType[] targets;
    private final boolean[] millionths;
    private final Rescued rescued = new Rescued();
    private byte[][] rows = new byte[0][];
    private int[] at = new int[0];
    private byte[][] texts = new byte[0][];

    /** @param schema of the request */
    CopyDecoder(CopyRequest request, TableSchema schema) {
        this.columns = request.columns();
        this.next = request.next();
        this.types = columns.stream().map(SourceColumn::wireType).toArray(WireType[]::new);
        this.targets = schema.columns().stream().map(Column::type).toArray(DataType[]::new);
        this.millionths = new boolean[targets.length];
        for (int column = 0; column < targets.length; column++) {
            millionths[column] = ColumnWriter.takesMillionths(targets[column]);
        }
    }

    int read(CopyStream stream, ColumnWriter out) throws SQLException, IOException {
        if (rows.length != out.capacity()) {
            rows = new byte[out.capacity()][];
            at = new int[out.capacity()];
            texts = new byte[out.capacity()][];
        }
        int count = stream.take(rows, at);
        if (count == 0) {
            return 0;
        }
        rescued.clear();
        for (int column = 0; column < types.length; column++) {
            decode(column, count, out);
        }
        decodeTransactions(count, out);
        requireWholeRows(count);
        out.setStrings(types.length, rescued.utf8(texts, count), count);
        return count;
    }

    private void decode(int column, int count, ColumnWriter out) {
        boolean text = targets[column] == DataType.Simple.STRING;
        int skipped = types[column] == WireType.JSONB ? 1 : 0;
        for (int row = 0; row < count; row++) {
            byte[] bytes = rows[row];
            int length = Wire.int4(bytes, at[row]);
            int value = at[row] + Integer.BYTES;
            if (text) {
                texts[row] = length < 0 ? null : Arrays.copyOfRange(bytes, value + skipped, value + length);
            } else if (length < 0) {
                out.setNull(column, row);
            } else {
                set(column, row, bytes, value, length, out);
            }
            at[row] = value + Math.max(length, 0);
        }
        if (text) {
            out.setStrings(column, texts, count);
        }
    }

    private void decodeTransactions(int count, ColumnWriter out) throws IOException {
        for (int row = 0; row < count; row++) {
            if (Wire.int4(rows[row], at[row]) != Integer.BYTES) {
                throw new IOException("a transaction id of the server has not 32 bits");
            }
            int value = at[row] + Integer.BYTES;
            out.setLong(types.length + 1, row, Wire.xid(rows[row], value, next));
            at[row] = value + Integer.BYTES;
        }
    }

    private void set(int column, int row, byte[] bytes, int value, int length, ColumnWriter out) {
        switch (types[column]) {
            case BOOL:
                out.setBoolean(column, row, bytes[value] != 0);
                break;
            case INT2:
                out.setLong(column, row, Wire.int2(bytes, value));
                break;
            case INT4:
                out.setLong(column, row, Wire.int4(bytes, value));
                break;
            case INT8:
                out.setLong(column, row, Wire.int8(bytes, value));
                break;
            case FLOAT4:
                out.setDouble(column, row, Float.intBitsToFloat(Wire.int4(bytes, value)));
                break;
            case FLOAT8:
                out.setDouble(column, row, Double.longBitsToDouble(Wire.int8(bytes, value)));
                break;
            case NUMERIC:
                setDecimal(column, row, bytes, value, out);
                break;
            case DATE:
                setDate(column, row, Wire.int4(bytes, value), out);
                break;
            case TIMESTAMP:
            case TIMESTAMPTZ:
                setTimestamp(column, row, Wire.int8(bytes, value), out);
                break;
            case BYTEA:
                out.setBinary(column, row, Arrays.copyOfRange(bytes, value, value + length));
                break;
            default:
                throw new IllegalStateException(types[column] + " is a text");
        }
    }

    private void setDecimal(int column, int row, byte[] bytes, int value, ColumnWriter out) {
        if (millionths[column]) {
            long exact = Wire.millionths(bytes, value);
            if (exact != Long.MIN_VALUE) {
                out.setMillionths(column, row, exact);
                return;
            }
        }
        DataType.Decimal type = (DataType.Decimal) targets[column];
        BigDecimal exact =
                Wire.numeric(bytes, value).filter(number -> fits(number, type)).orElse(null);
        if (exact == null) {
            rescue(column, row, Wire.numericText(bytes, value), out);
        } else {
            out.setDecimal(column, row, exact.setScale(type.scale(), RoundingMode.UNNECESSARY));
        }
    }

    /** Groups of four digits end in zeros that need no room. */
    private static boolean fits(BigDecimal number, DataType.Decimal type) {
        int wholeDigits = number.precision() - number.scale();
        if (number.signum() != 0 && wholeDigits > type.precision() - type.scale()) {
            return false;
        }
        return number.scale() <= type.scale() || number.stripTrailingZeros().scale() <= type.scale();
    }

    private void setDate(int column, int row, int days, ColumnWriter out) {
        if (WireTime.isDate(days)) {
            out.setDate(column, row, WireTime.epochDay(days));
        } else {
            rescue(column, row, WireTime.dateText(days), out);
        }
    }

    private void setTimestamp(int column, int row, long micros, ColumnWriter out) {
        if (WireTime.isTimestamp(micros)) {
            out.setTimestamp(column, row, WireTime.epochMicros(micros));
        } else {
            rescue(column, row, WireTime.timestampText(micros), out);
        }
    }

    private void rescue(int column, int row, String value, ColumnWriter out) {
        out.setNull(column, row);
        rescued.add(row, columns.get(column).name(), value);
    }

    private void requireWholeRows(int count) throws IOException {
        for (int row = 0; row < count; row++) {
            if (at[row] != rows[row].length) {
                throw new IOException("a message of the server does not end with its row");
            }
        }
    }
}
