package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.FilePattern;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.Column;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the log does not say about data files of other writers: their footers are opened to see, and only where it matters. */
final class ForeignFiles {

    /** Spark marks files whose dates it wrote by the Julian calendar, and by zones as they were before 1900. */
    private static final String OLD_CALENDAR_MARKS =
            "'org.apache.spark.legacyDateTime', 'org.apache.spark.legacyINT96'";

    private final TableLocation table;
    private final Session session;
    private final StructType schema;
    private final Map<String, LiveFile> files;
    private final List<Path> foreign;

    /** @param files by local path */
    ForeignFiles(TableLocation table, Session session, StructType schema, Map<String, LiveFile> files) {
        this.table = table;
        this.session = session;
        this.schema = schema;
        this.files = files;
        this.foreign = files.entrySet().stream()
                .filter(file -> !DataFileWriter.isOwn(file.getValue().file().path()))
                .map(file -> Path.of(file.getKey()))
                .toList();
    }

    /**
     * Refuses with {@link ErrorCode#LAKE_DAMAGED} files that hold a column by a type which the table's cannot stand for.
     *
     * @param columns the table's as they should be in the files, by their names there
     */
    void checkTypes(ScanFailure failure, Set<Map.Entry<String, Column>> columns) {
        if (foreign.isEmpty()) {
            return;
        }
        List<Column> stored = columns.stream()
                .map(column -> new Column(column.getKey(), column.getValue().type()))
                .toList();
        FileTypes.mismatch(session, foreign, stored).ifPresent(found -> {
            throw failure.otherType(
                    files.get(found.file()).file().path(),
                    found.column(),
                    found.inFile().toString(),
                    found.inTable().toString(),
                    null);
        });
    }

    /**
     * Local paths of those files that hold moments as INT96. Refuses files with days of the old calendar with
     * {@link ErrorCode#TABLE_FEATURE_UNSUPPORTED}.
     */
    Set<String> withInt96() {
        if (foreign.isEmpty() || !hasDays(schema)) {
            return Set.of();
        }
        checkCalendar();
        return new HashSet<>(session.query(
                "SELECT DISTINCT file_name FROM parquet_schema(" + FilePattern.list(foreign) + ") WHERE type = 'INT96'",
                row -> row.getString(1)));
    }

    private static boolean hasDays(DataType type) {
        if (type instanceof StructType struct) {
            return struct.fields().stream().map(StructField::getDataType).anyMatch(ForeignFiles::hasDays);
        }
        if (type instanceof ArrayType array) {
            return hasDays(array.getElementType());
        }
        if (type instanceof MapType map) {
            return hasDays(map.getKeyType()) || hasDays(map.getValueType());
        }
        return type instanceof DateType || type instanceof TimestampType;
    }

    private void checkCalendar() {
        List<Path> marked = session.query(
                "SELECT DISTINCT file_name FROM parquet_kv_metadata(" + FilePattern.list(foreign)
                        + ") WHERE decode(key) IN (" + OLD_CALENDAR_MARKS + ")",
                row -> Path.of(row.getString(1)));
        if (!marked.isEmpty() && hasOldDays(marked)) {
            throw new TarnException(
                    ErrorCode.TABLE_FEATURE_UNSUPPORTED,
                    table
                            + " has files in which Spark wrote days before 1900 by the old calendar (rebase mode LEGACY).",
                    "Let Spark write them anew with spark.sql.parquet.datetimeRebaseModeInWrite and"
                            + " spark.sql.parquet.int96RebaseModeInWrite set to CORRECTED.");
        }
    }

    /** Whether there may be days on which the calendars differ. Without bounds there may. */
    private boolean hasOldDays(List<Path> files) {
        return session.query(
                        "SELECT count(*) > 0 FROM parquet_metadata(" + FilePattern.list(files)
                                + ") WHERE type IN ('INT32', 'INT64', 'INT96')"
                                + " AND CASE WHEN stats_min_value IS NULL"
                                + " THEN stats_null_count IS DISTINCT FROM num_values"
                                + " ELSE coalesce(TRY_CAST(stats_min_value AS TIMESTAMP) < TIMESTAMP '1900-01-02', false) END",
                        row -> row.getBoolean(1))
                .get(0);
    }
}
