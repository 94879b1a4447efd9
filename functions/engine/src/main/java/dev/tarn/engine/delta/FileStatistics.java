package dev.tarn.engine.delta;

import dev.tarn.model.Sql;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.statistics.DataFileStatistics;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns DuckDB's statistics of a file it wrote into Delta's: bounds that are not certain are left out. */
final class FileStatistics {

    /** Characters of a text that are kept in a bound. */
    private static final int PREFIX = 32;

    /** Greater than any character that may follow a shortened upper bound. */
    private static final String AFTER_ALL = new String(Character.toChars(0x10FFFF));

    private final Map<String, Map<String, String>> columns;
    private final Map<Column, Literal> least = new HashMap<>();
    private final Map<Column, Literal> greatest = new HashMap<>();
    private final Map<Column, Long> nulls = new HashMap<>();
    private int room;

    private FileStatistics(Map<String, Map<String, String>> columns, int room) {
        this.columns = columns;
        this.room = room;
    }

    /**
     * @param schema of the file
     * @param columns DuckDB's {@code column_statistics}: by quoted path of the column, then by name
     * @param indexed how many columns have statistics, counted from the first, as {@code delta.dataSkippingNumIndexedCols}
     */
    static DataFileStatistics of(long rows, StructType schema, Map<String, Map<String, String>> columns, int indexed) {
        FileStatistics statistics = new FileStatistics(columns, indexed);
        statistics.collect(schema, "", List.of());
        return new DataFileStatistics(rows, statistics.least, statistics.greatest, statistics.nulls, Optional.of(true));
    }

    private void collect(StructType struct, String prefix, List<String> parents) {
        for (StructField field : struct.fields()) {
            List<String> path = new ArrayList<>(parents);
            path.add(field.getName());
            String key = prefix + Sql.identifier(field.getName());
            if (field.getDataType() instanceof StructType inner) {
                collect(inner, key + ".", path);
            } else if (room-- > 0) {
                leaf(new Column(path.toArray(String[]::new)), field.getDataType(), columns.get(key));
            }
        }
    }

    private void leaf(Column column, DataType type, @Nullable Map<String, String> found) {
        if (found == null || type instanceof ArrayType || type instanceof MapType) {
            return;
        }
        String nullCount = found.get("null_count");
        if (nullCount != null) {
            nulls.put(column, Long.valueOf(nullCount));
        }
        String min = found.get("min");
        String max = found.get("max");
        if (min != null && max != null && hasUsableBounds(type, found)) {
            bounds(column, type, min, max);
        }
    }

    /** DuckDB leaves NaN out of its bounds, for Delta it is the greatest number; and it does not keep long texts whole. */
    private static boolean hasUsableBounds(DataType type, Map<String, String> found) {
        return !(type instanceof BooleanType)
                && !(type instanceof BinaryType)
                && !"true".equals(found.get("has_nan"))
                && !"false".equals(found.get("min_is_exact"))
                && !"false".equals(found.get("max_is_exact"));
    }

    private void bounds(Column column, DataType type, String min, String max) {
        if (type instanceof StringType) {
            least.put(column, Literal.ofString(prefix(min)));
            greatest.put(column, Literal.ofString(notBelow(max)));
            return;
        }
        Optional<Literal> low = Literals.parse(type, min);
        Optional<Literal> high = Literals.parse(type, max);
        if (low.isPresent() && high.isPresent()) {
            least.put(column, low.get());
            greatest.put(column, high.get());
        }
    }

    /** A short text that none of those that begin as {@code text} is behind. */
    private static String notBelow(String text) {
        String kept = prefix(text);
        while (text.startsWith(AFTER_ALL, kept.length())) {
            kept += AFTER_ALL;
        }
        return kept.equals(text) ? text : kept + AFTER_ALL;
    }

    private static String prefix(String text) {
        return text.codePointCount(0, text.length()) <= PREFIX
                ? text
                : text.substring(0, text.offsetByCodePoints(0, PREFIX));
    }
}
