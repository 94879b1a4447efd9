package dev.tarn.engine.delta;

import dev.tarn.engine.kernel.KernelTypes;
import dev.tarn.model.DataType;
import dev.tarn.model.DataType.Simple;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What other writers declare of a column without it being a feature of the table. */
final class ColumnFeatures {

    /** Where Spark keeps the CHAR or VARCHAR of a column that is STRING for Delta. */
    private static final String SPARK_TYPE = "__CHAR_VARCHAR_TYPE_STRING";

    private static final Pattern CHAR = Pattern.compile("\\bchar\\(");

    /** Types whose values every reader finds in a text as DuckDB writes it. */
    private static final Set<DataType> PARTITION_TYPES = Set.of(
            Simple.BOOLEAN, Simple.TINYINT, Simple.SMALLINT, Simple.INT, Simple.BIGINT, Simple.STRING, Simple.DATE);

    private ColumnFeatures() {}

    /** Refuses with {@link ErrorCode#TABLE_FEATURE_UNSUPPORTED}. */
    static void checkReadable(TableLocation table, SnapshotImpl snapshot) {
        StructType schema = schema(table, snapshot);
        for (StructField field : schema.fields()) {
            checkKnown(table, new StructType(List.of(field)), "the column " + field.getName());
            // Spark shows them with blanks up to their length, however they are stored.
            if (CHAR.matcher(sparkType(field)).find()) {
                throw unreadable(table, "has the column " + described(field));
            }
        }
        checkKnown(table, schema, "columns that cannot be told apart");
    }

    private static void checkKnown(TableLocation table, StructType schema, String what) {
        try {
            KernelTypes.fromKernel(schema);
        } catch (IllegalArgumentException e) {
            throw unreadable(table, "has " + what + ": " + e.getMessage());
        }
    }

    private static StructType schema(TableLocation table, SnapshotImpl snapshot) {
        try {
            return snapshot.getSchema();
        } catch (KernelException e) {
            throw unreadable(table, "has a column that cannot be read (" + e.getMessage() + ")");
        }
    }

    /** Refuses with {@link ErrorCode#TABLE_FEATURE_UNSUPPORTED} what a commit would break without anybody noticing. */
    static void checkWritable(TableLocation table, SnapshotImpl snapshot) {
        Set<String> partitionColumns = Set.copyOf(snapshot.getPartitionColumnNames());
        for (StructField field : snapshot.getSchema().fields()) {
            if (!sparkType(field).isEmpty()) {
                throw Features.unsupported(table, "has the column " + described(field));
            }
            if (!field.isNullable() || !mayHoldNulls(field.getDataType())) {
                throw Features.unsupported(table, "has the column " + field.getName() + " with NOT NULL");
            }
            if (partitionColumns.contains(field.getName())
                    && !canBePartition(KernelTypes.fromKernel(field.getDataType()))) {
                throw Features.unsupported(
                        table,
                        "is partitioned by " + field.getName() + ", which is a "
                                + KernelTypes.fromKernel(field.getDataType()));
            }
        }
    }

    /** Whether the values can stand in the log as texts that all readers understand. */
    static boolean canBePartition(DataType type) {
        return PARTITION_TYPES.contains(type) || type instanceof DataType.Decimal;
    }

    private static boolean mayHoldNulls(io.delta.kernel.types.DataType type) {
        if (type instanceof StructType struct) {
            return struct.fields().stream().allMatch(field -> field.isNullable() && mayHoldNulls(field.getDataType()));
        }
        if (type instanceof ArrayType array) {
            return array.containsNull() && mayHoldNulls(array.getElementType());
        }
        if (type instanceof MapType map) {
            return map.isValueContainsNull() && mayHoldNulls(map.getKeyType()) && mayHoldNulls(map.getValueType());
        }
        return true;
    }

    private static String described(StructField field) {
        return field.getName() + " of type " + sparkType(field).toUpperCase(Locale.ROOT);
    }

    private static String sparkType(StructField field) {
        return field.getMetadata().contains(SPARK_TYPE)
                ? field.getMetadata().getString(SPARK_TYPE).toLowerCase(Locale.ROOT)
                : "";
    }

    private static TarnException unreadable(TableLocation table, String why) {
        return new TarnException(
                ErrorCode.TABLE_FEATURE_UNSUPPORTED,
                table + " " + why + ".",
                "Let the table's writer leave the column out, or give it another type.");
    }
}
