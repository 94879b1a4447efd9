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
    private final Rescued rescued = new Rescued();
    private byte[][] rows = new byte[0][];
    private int[] at = new int[0];
    private byte[][] texts = new byte[0][];
    private long[] numbers = new long[0];
    private boolean[] nulls = new boolean[0];

    /** @param schema of the request */
    CopyDecoder(CopyRequest request, TableSchema schema) {
        this.columns = request.columns();
        this.next = request.next();
        this.types = columns.stream().map(SourceColumn::wireType).toArray(WireType[]::new);
        this.targets = schema.columns().stream().map(Column::type).toArray(DataType[]::new);
    }

    int read(CopyStream stream, ColumnWriter out) throws SQLException, IOException {
        if (rows.length != out.capacity()) {
            rows = new byte[out.capacity()][];
            at = new int[out.capacity()];
            texts = new byte[out.capacity()][];
            numbers = new long[out.capacity()];
            nulls = new boolean[out.capacity()];
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
        if (targets[column] == DataType.Simple.STRING) {
            decodeTexts(column, count, out);
            return;
        }
        switch (types[column]) {
            case INT2 -> decodeNumbers(column, count, Wire::int2, out);
            case INT4 -> decodeNumbers(column, count, Wire::int4, out);
            case INT8 -> decodeNumbers(column, count, Wire::int8, out);
            case DATE -> decodeDates(column, count, out);
            case TIMESTAMP, TIMESTAMPTZ -> decodeTimestamps(column, count, out);
            case NUMERIC -> {
                if (ColumnWriter.takesMillionths(targets[column])) {
                    decodeMillionths(column, count, out);
                } else {
                    decodeOthers(column, count, out);
                }
            }
            default -> decodeOthers(column, count, out);
        }
    }

    /** Goes to the value of the row's next field and returns its length, which is negative when there is none. */
    private int enter(int row) {
        int length = Wire.int4(rows[row], at[row]);
        at[row] += Integer.BYTES;
        return length;
    }

    private void decodeTexts(int column, int count, ColumnWriter out) {
        int skipped = types[column] == WireType.JSONB ? 1 : 0;
        for (int row = 0; row < count; row++) {
            int length = enter(row);
            if (length < 0) {
                texts[row] = null;
            } else {
                int value = at[row];
                at[row] = value + length;
                texts[row] = Arrays.copyOfRange(rows[row], value + skipped, value + length);
            }
        }
        out.setStrings(column, texts, count);
    }

    /** Reads a value of fixed length. */
    private interface FixedForm {
        long read(byte[] bytes, int at);
    }

    private void decodeNumbers(int column, int count, FixedForm form, ColumnWriter out) {
        readNumbers(count, form);
        out.setLongs(column, numbers, nulls, count);
    }

    private void readNumbers(int count, FixedForm form) {
        for (int row = 0; row < count; row++) {
            int length = enter(row);
            nulls[row] = length < 0;
            if (length >= 0) {
                int value = at[row];
                at[row] = value + length;
                numbers[row] = form.read(rows[row], value);
            }
        }
    }

    private void decodeDates(int column, int count, ColumnWriter out) {
        readNumbers(count, Wire::int4);
        for (int row = 0; row < count; row++) {
            int days = (int) numbers[row];
            if (WireTime.isDate(days)) {
                numbers[row] = WireTime.epochDay(days);
            } else if (!nulls[row]) {
                rescue(column, row, WireTime.dateText(days));
            }
        }
        out.setLongs(column, numbers, nulls, count);
    }

    private void decodeTimestamps(int column, int count, ColumnWriter out) {
        readNumbers(count, Wire::int8);
        for (int row = 0; row < count; row++) {
            long micros = numbers[row];
            if (WireTime.isTimestamp(micros)) {
                numbers[row] = WireTime.epochMicros(micros);
            } else if (!nulls[row]) {
                rescue(column, row, WireTime.timestampText(micros));
            }
        }
        out.setLongs(column, numbers, nulls, count);
    }

    private void decodeMillionths(int column, int count, ColumnWriter out) {
        for (int row = 0; row < count; row++) {
            int length = enter(row);
            int value = at[row];
            at[row] = value + Math.max(length, 0);
            numbers[row] = length < 0 ? Long.MIN_VALUE : Wire.millionths(rows[row], value);
            nulls[row] = numbers[row] == Long.MIN_VALUE;
            if (nulls[row] && length >= 0) {
                setDecimal(column, row, value, out);
            }
        }
        out.setLongs(column, numbers, nulls, count);
    }

    private void decodeOthers(int column, int count, ColumnWriter out) {
        for (int row = 0; row < count; row++) {
            int length = enter(row);
            int value = at[row];
            at[row] = value + Math.max(length, 0);
            if (length < 0) {
                out.setNull(column, row);
            } else {
                set(column, row, value, length, out);
            }
        }
    }

    private void set(int column, int row, int value, int length, ColumnWriter out) {
        byte[] bytes = rows[row];
        switch (types[column]) {
            case BOOL -> out.setBoolean(column, row, bytes[value] != 0);
            case FLOAT4 -> out.setDouble(column, row, Float.intBitsToFloat(Wire.int4(bytes, value)));
            case FLOAT8 -> out.setDouble(column, row, Double.longBitsToDouble(Wire.int8(bytes, value)));
            case NUMERIC -> setDecimal(column, row, value, out);
            case BYTEA -> out.setBinary(column, row, Arrays.copyOfRange(bytes, value, value + length));
            default -> throw new IllegalStateException(types[column] + " has a form of its own");
        }
    }

    private void setDecimal(int column, int row, int value, ColumnWriter out) {
        DataType.Decimal type = (DataType.Decimal) targets[column];
        BigDecimal exact = Wire.numeric(rows[row], value)
                .filter(number -> fits(number, type))
                .orElse(null);
        if (exact == null) {
            out.setNull(column, row);
            rescue(column, row, Wire.numericText(rows[row], value));
        } else {
            out.setDecimal(column, row, exact.setScale(type.scale(), RoundingMode.UNNECESSARY));
        }
    }

    private void decodeTransactions(int count, ColumnWriter out) throws IOException {
        for (int row = 0; row < count; row++) {
            if (enter(row) != Integer.BYTES) {
                throw new IOException("a transaction id of the server has not 32 bits");
            }
            numbers[row] = Wire.xid(rows[row], at[row], next);
            nulls[row] = false;
            at[row] += Integer.BYTES;
        }
        out.setLongs(types.length + 1, numbers, nulls, count);
    }

    /** Groups of four digits end in zeros that need no room. */
    private static boolean fits(BigDecimal number, DataType.Decimal type) {
        int wholeDigits = number.precision() - number.scale();
        if (number.signum() != 0 && wholeDigits > type.precision() - type.scale()) {
            return false;
        }
        return number.scale() <= type.scale() || number.stripTrailingZeros().scale() <= type.scale();
    }

    private void rescue(int column, int row, String value) {
        nulls[row] = true;
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
