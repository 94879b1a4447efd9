package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.kernel.KernelTypes;
import io.delta.kernel.internal.actions.Metadata;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Plans to make a table anew, in one commit: its columns, partitions, comment and properties as well as its rows. The former
 * version can be read until the commit, and afterwards by its number.
 */
final class TableRedefinition {

    private final DeltaTables lake;
    private final Session session;
    private final TableSnapshot base;

    TableRedefinition(DeltaTables lake, Session session, TableSnapshot base) {
        this.lake = lake;
        this.session = session;
        this.base = base;
    }

    TableChange of(TableDefinition definition, String sql) {
        Features.checkRowsMayGo(base.table(), base.kernel());
        Features.checkUnmapped(base.table(), base.kernel());
        TableCreation.check(base.table(), definition);
        StructType schema = KernelTypes.toKernel(definition.schema());
        TableChangeBuilder change = new TableChangeBuilder(lake, base, "CREATE OR REPLACE TABLE AS SELECT")
                .reads(ReadScope.WHOLE_TABLE)
                .newDefinition(definition, schema);
        try {
            List<NewFile> files = new DataFileWriter(lake, session, base, schema, definition.partitionBy())
                    .write(definition.ordered(sql));
            base.forEachFile(change::remove);
            change.add(files);
            long rows = files.stream().mapToLong(NewFile::records).sum();
            return change.rows(rows, new RowCounts(rows, 0, base.numRecords())).build();
        } catch (RuntimeException e) {
            change.discard(e);
            throw e;
        }
    }

    /** The table's metadata by a new definition. Properties that others have set stay. */
    static Metadata metadata(Metadata before, TableDefinition definition) {
        Map<String, String> properties = new HashMap<>(before.getConfiguration());
        properties.putAll(definition.properties());
        return new Metadata(
                before.getId(),
                before.getName(),
                definition.comment().isEmpty() ? Optional.empty() : Optional.of(definition.comment()),
                before.getFormat(),
                before.getSchemaString(),
                before.getSchema(),
                VectorUtils.buildArrayValue(List.copyOf(definition.partitionBy()), StringType.STRING),
                before.getCreatedTime(),
                VectorUtils.stringStringMapValue(properties));
    }
}
