package dev.tarn.engine.delta;

import io.delta.kernel.data.Row;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.types.StructType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a commit will do to a table, planned on one version of it. Its files are in the table's folder already and are no
 * part of the table yet: {@link DeltaTable#commit} makes them so, {@link DeltaTable#discard} deletes them.
 */
public final class TableChange {

    private final TableSnapshot base;
    private final Parts parts;

    /**
     * @param operation for the table's history: {@code WRITE}, {@code MERGE} ...
     * @param reads which rows the plan relies on
     * @param removed files that leave the table, be it to come back with a deletion vector
     * @param adds actions {@code add}, as rows
     * @param changeFiles actions {@code cdc}, as rows; when there is one, together they tell all that changed
     * @param own paths of all files that were written for the change, relative to the table's folder
     * @param schema that the table will have, null when it stays as it is
     * @param definition that the table will have, null when it keeps its own but for {@code schema}
     * @param dataChange whether rows change, and not only the files they are in
     * @param rows of the query that was written
     */
    record Parts(
            String operation,
            ReadScope reads,
            List<AddFile> removed,
            List<Row> adds,
            List<Row> changeFiles,
            Set<String> own,
            @Nullable StructType schema,
            @Nullable TableDefinition definition,
            boolean dataChange,
            long rows,
            RowCounts counts,
            Map<String, String> metrics) {

        Parts {
            removed = List.copyOf(removed);
            adds = List.copyOf(adds);
            changeFiles = List.copyOf(changeFiles);
            own = Set.copyOf(own);
            metrics = Map.copyOf(metrics);
        }
    }

    TableChange(TableSnapshot base, Parts parts) {
        this.base = base;
        this.parts = parts;
    }

    /** The version that the change was planned on. */
    public TableSnapshot base() {
        return base;
    }

    /** Rows of the query whose result is written; of a change without a query, rows that are added. */
    public long rows() {
        return parts.rows();
    }

    /** Rows of the table that the change touches. */
    public RowCounts counts() {
        return parts.counts();
    }

    /** Whether the table stays exactly as it is. */
    public boolean isNothing() {
        return parts.removed().isEmpty() && parts.adds().isEmpty() && parts.schema() == null;
    }

    /** Number of data files that become part of the table. */
    public int files() {
        return parts.adds().size();
    }

    /** Bytes of the data files that were written and become part of the table. */
    public long bytes() {
        return parts.adds().stream()
                .map(add -> new AddFile(add.getStruct(SingleAction.ADD_FILE_ORDINAL)))
                .filter(file -> parts.own().contains(file.getPath()))
                .mapToLong(AddFile::getSize)
                .sum();
    }

    Parts parts() {
        return parts;
    }

    Set<String> removedPaths() {
        return parts.removed().stream().map(AddFile::getPath).collect(Collectors.toSet());
    }

    Optional<StructType> newSchema() {
        return Optional.ofNullable(parts.schema());
    }

    Optional<TableDefinition> newDefinition() {
        return Optional.ofNullable(parts.definition());
    }
}
