package dev.tarn.engine.delta;

import io.delta.kernel.data.Row;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.types.StructType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects what a change consists of while its files are written. */
final class TableChangeBuilder {

    private final DeltaTables lake;
    private final TableSnapshot base;
    private final String operation;
    private final List<AddFile> removed = new ArrayList<>();
    private final List<Row> adds = new ArrayList<>();
    private final List<Row> changeFiles = new ArrayList<>();
    private final Set<String> own = new LinkedHashSet<>();
    private final Map<String, String> metrics = new LinkedHashMap<>();
    private ReadScope reads = ReadScope.NOTHING;
    private RowCounts counts = RowCounts.NONE;
    private @Nullable StructType schema;
    private @Nullable TableDefinition definition;
    private boolean dataChange = true;
    private long rows;

    /** Refuses a table that must not be written, before anything is. */
    TableChangeBuilder(DeltaTables lake, TableSnapshot base, String operation) {
        Features.checkWritable(base.table(), base.kernel());
        this.lake = lake;
        this.base = base;
        this.operation = operation;
    }

    TableSnapshot base() {
        return base;
    }

    /** The table's columns once the change is committed. */
    StructType schema() {
        return schema == null ? base.kernel().getSchema() : schema;
    }

    TableChangeBuilder reads(ReadScope scope) {
        reads = scope;
        return this;
    }

    TableChangeBuilder newSchema(StructType evolved) {
        schema = evolved;
        return this;
    }

    /** The table becomes what {@code anew} says; its {@code schema} is that of {@code anew}. */
    TableChangeBuilder newDefinition(TableDefinition anew, StructType evolved) {
        definition = anew;
        schema = evolved;
        return this;
    }

    TableChangeBuilder rearranges() {
        dataChange = false;
        return this;
    }

    TableChangeBuilder rows(long written, RowCounts touched) {
        rows = written;
        counts = touched;
        return this;
    }

    TableChangeBuilder metric(String name, long value) {
        metrics.put(name, Long.toString(value));
        return this;
    }

    void remove(AddFile file) {
        removed.add(file);
    }

    /** Whatever becomes of the change, the file at {@code path}, relative to the table's folder, was made for it. */
    void owns(String path) {
        own.add(path);
    }

    void add(List<NewFile> files) {
        for (NewFile file : files) {
            own.add(file.path());
            adds.add(FileActions.add(schema(), file, dataChange));
        }
    }

    /** The file stays, with {@code vector} in place of the deletion vector that it had. */
    void replaceVector(AddFile file, DeletionVectorDescriptor vector) {
        removed.add(file);
        adds.add(FileActions.withVector(file, vector));
    }

    void addChangeFiles(List<NewFile> files) {
        for (NewFile file : files) {
            own.add(file.path());
            changeFiles.add(FileActions.changeFile(file));
        }
    }

    int filesRemoved() {
        return removed.size();
    }

    int filesAdded() {
        return adds.size();
    }

    TableChange build() {
        return new TableChange(
                base,
                new TableChange.Parts(
                        operation,
                        reads,
                        removed,
                        adds,
                        changeFiles,
                        own,
                        schema,
                        definition,
                        dataChange,
                        rows,
                        counts,
                        metrics));
    }

    /** Deletes what was written so far, because of {@code failure}. */
    void discard(Exception failure) {
        for (String path : own) {
            try {
                lake.storage().delete(base.table().path() + "/" + path);
            } catch (IOException | RuntimeException e) {
                failure.addSuppressed(e);
            }
        }
    }
}
