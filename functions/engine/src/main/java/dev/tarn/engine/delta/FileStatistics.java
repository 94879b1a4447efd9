package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.FilePattern;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.Sql;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.statistics.DataFileStatistics;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns DuckDB's statistics of a file it wrote into Delta's. A reader passes over a file by them, so a bound that is not
 * certain for every reader is left out, and each stands for itself.
 */
final class FileStatistics {

    /** Characters of a text that are kept in a bound. */
    private static final int PREFIX = 32;

    /** The greatest character there is. */
    private static final int LAST_CHARACTER = 0x10FFFF;

    /** What is shown for bytes that are no text, as a character cut in two. */
    private static final char UNREADABLE = '\uFFFD';

    private final Session session;
    private final Path file;
    private final Map<String, Map<String, String>> columns;
    private final Set<List<String>> indexed;
    private final Map<Column, Literal> least = new HashMap<>();
    private final Map<Column, Literal> greatest = new HashMap<>();
    private final Map<Column, Long> nulls = new HashMap<>();

    private FileStatistics(
            Session session, Path file, Map<String, Map<String, String>> columns, Set<List<String>> indexed) {
        this.session = session;
        this.file = file;
        this.columns = columns;
        this.indexed = indexed;
    }

    /**
     * @param file as it was written
     * @param rows of it
     * @param columns DuckDB's {@code column_statistics}: by quoted path of the column, then by name
     * @param table that the file is for
     */
    static DataFileStatistics of(
            Session session,
            Path file,
            long rows,
            Map<String, Map<String, String>> columns,
            StructType schema,
            SnapshotImpl table) {
        Set<List<String>> indexed = IndexedColumns.of(
                schema, table.getMetadata().getConfiguration(), Set.copyOf(table.getPartitionColumnNames()));
        FileStatistics statistics = new FileStatistics(session, file, columns, indexed);
        statistics.collect(schema, List.of());
        return new DataFileStatistics(rows, statistics.least, statistics.greatest, statistics.nulls, Optional.of(true));
    }

    private void collect(StructType struct, List<String> parents) {
        for (StructField field : struct.fields()) {
            List<String> path = new ArrayList<>(parents);
            path.add(field.getName());
            if (field.getDataType() instanceof StructType inner) {
                collect(inner, path);
            } else if (indexed.contains(path)) {
                leaf(path, field.getDataType(), columns.get(quoted(path)));
            }
        }
    }

    private static String quoted(List<String> path) {
        return path.stream().map(Sql::identifier).collect(Collectors.joining("."));
    }

    private void leaf(List<String> path, DataType type, @Nullable Map<String, String> found) {
        if (found == null || type instanceof ArrayType || type instanceof MapType) {
            return;
        }
        Column column = new Column(path.toArray(String[]::new));
        String nullCount = found.get("null_count");
        if (nullCount != null) {
            nulls.put(column, Long.valueOf(nullCount));
        }
        String min = found.get("min");
        String max = found.get("max");
        // DuckDB leaves NaN out of its bounds: for most readers it is the greatest number, for some also the least.
        if (min == null
                || max == null
                || type instanceof BooleanType
                || type instanceof BinaryType
                || "true".equals(found.get("has_nan"))) {
            return;
        }
        if (type instanceof StringType) {
            textBound(min, found.get("min_is_exact"), FileStatistics::atMost).ifPresent(low -> least.put(column, low));
            textBound(max, found.get("max_is_exact"), FileStatistics::atLeast)
                    .ifPresent(high -> greatest.put(column, high));
        } else {
            Literals.atMost(type, min).ifPresent(low -> least.put(column, negativeIfNeeded(path, type, low)));
            Literals.atLeast(type, max).ifPresent(high -> greatest.put(column, high));
        }
    }

    private interface Shortened {
        String of(String text);
    }

    /** Of a text that DuckDB itself shortened only what comes before its end is certain. */
    private static Optional<Literal> textBound(String text, @Nullable String isExact, Shortened shortened) {
        boolean isCertain = !"false".equals(isExact)
                || text.codePointCount(0, text.length()) > PREFIX + 1 && text.indexOf(UNREADABLE) < 0;
        return isCertain ? Optional.of(Literal.ofString(shortened.of(text))) : Optional.empty();
    }

    private static String atMost(String text) {
        return text.substring(0, prefix(text));
    }

    /** The beginning and the greatest character, unless that is what follows in the text. */
    private static String atLeast(String text) {
        int end = prefix(text);
        while (end < text.length() && text.codePointAt(end) == LAST_CHARACTER) {
            end += Character.charCount(LAST_CHARACTER);
        }
        return end == text.length() ? text : text.substring(0, end) + Character.toString(LAST_CHARACTER);
    }

    private static int prefix(String text) {
        return text.codePointCount(0, text.length()) <= PREFIX ? text.length() : text.offsetByCodePoints(0, PREFIX);
    }

    /**
     * For DuckDB the zeros are one and it reports either; for readers that compare bits the negative one is less. It is
     * rare, and in the statistics without being in the file it would be the table's smallest value for Spark.
     */
    private Literal negativeIfNeeded(List<String> path, DataType type, Literal low) {
        boolean isFraction = type instanceof DoubleType || type instanceof FloatType;
        if (!isFraction || ((Number) low.getValue()).doubleValue() != 0) {
            return low;
        }
        boolean isNegative = session.query(
                        "SELECT EXISTS (SELECT 1 FROM read_parquet(" + FilePattern.literal(file)
                                + ", hive_partitioning = false) AS f WHERE f." + quoted(path) + " = 0 AND signbit(f."
                                + quoted(path) + "))",
                        row -> row.getBoolean(1))
                .get(0);
        double zero = isNegative ? -0.0 : 0.0;
        return type instanceof DoubleType ? Literal.ofDouble(zero) : Literal.ofFloat((float) zero);
    }
}
