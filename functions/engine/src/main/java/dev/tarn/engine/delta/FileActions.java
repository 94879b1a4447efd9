package dev.tarn.engine.delta;

import io.delta.kernel.data.Row;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.internal.data.GenericRow;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Actions of files, as lines of a commit. */
final class FileActions {

    private static final String CDC = "cdc";

    /** Kernel knows the action's name alone (PROTOCOL.md, "Add CDC File"). */
    private static final StructType CDC_SCHEMA = new StructType()
            .add("path", StringType.STRING)
            .add("partitionValues", new MapType(StringType.STRING, StringType.STRING, true))
            .add("size", LongType.LONG)
            .add("dataChange", BooleanType.BOOLEAN);

    /** Kernel's actions, in their order, with {@code cdc} as the protocol has it. */
    static final StructType SCHEMA = new StructType(SingleAction.FULL_SCHEMA.fields().stream()
            .map(field -> field.getName().equals(CDC) ? new StructField(CDC, CDC_SCHEMA, true) : field)
            .toList());

    static final int CDC_ORDINAL = SCHEMA.indexOf(CDC);

    private FileActions() {}

    static Row add(StructType schema, NewFile file, boolean dataChange) {
        return SingleAction.createAddFileSingleAction(AddFile.createAddFileRow(
                schema,
                file.path(),
                VectorUtils.stringStringMapValue(file.partitionValues()),
                file.size(),
                file.modifiedMillis(),
                dataChange,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(file.statistics())));
    }

    /** The file with another deletion vector. Its statistics stay bounds, and are no longer tight. */
    static Row withVector(AddFile file, DeletionVectorDescriptor vector) {
        StructType schema = AddFile.SCHEMA_WITH_STATS;
        Map<Integer, Object> values = new HashMap<>();
        values.put(schema.indexOf("path"), file.getPath());
        values.put(schema.indexOf("partitionValues"), file.getPartitionValues());
        values.put(schema.indexOf("size"), file.getSize());
        values.put(schema.indexOf("modificationTime"), file.getModificationTime());
        values.put(schema.indexOf("dataChange"), true);
        values.put(schema.indexOf("deletionVector"), vector.toRow());
        file.getTags().ifPresent(tags -> values.put(schema.indexOf("tags"), tags));
        values.put(schema.indexOf("stats"), FileBounds.of(file).withoutTightBounds());
        return SingleAction.createAddFileSingleAction(new GenericRow(schema, values));
    }

    static Row changeFile(NewFile file) {
        Map<Integer, Object> values = new HashMap<>();
        values.put(CDC_SCHEMA.indexOf("path"), file.path());
        values.put(CDC_SCHEMA.indexOf("partitionValues"), VectorUtils.stringStringMapValue(file.partitionValues()));
        values.put(CDC_SCHEMA.indexOf("size"), file.size());
        values.put(CDC_SCHEMA.indexOf("dataChange"), false);
        return new GenericRow(SCHEMA, Map.of(CDC_ORDINAL, new GenericRow(CDC_SCHEMA, values)));
    }

    /** The file that a {@code cdc} names. */
    static LiveFile changeFile(LiveFiles files, Row cdc) {
        return files.uncounted(
                cdc.getString(CDC_SCHEMA.indexOf("path")),
                cdc.getLong(CDC_SCHEMA.indexOf("size")),
                cdc.getMap(CDC_SCHEMA.indexOf("partitionValues")),
                null);
    }

    static Row remove(AddFile file, boolean dataChange, long now) {
        return SingleAction.createRemoveFileSingleAction(file.toRemoveFileRow(dataChange, Optional.of(now)));
    }
}
