package dev.tarn.engine.delta;

import dev.tarn.engine.kernel.KernelEngine;
import dev.tarn.engine.kernel.KernelTypes;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import io.delta.kernel.TableManager;
import io.delta.kernel.Transaction;
import io.delta.kernel.commit.CommitFailedException;
import io.delta.kernel.commit.CommitMetadata;
import io.delta.kernel.commit.CommitResponse;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.internal.actions.Metadata;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.internal.commit.DefaultFileSystemManagedTableOnlyCommitter;
import io.delta.kernel.transaction.CreateTableTransactionBuilder;
import io.delta.kernel.transaction.DataLayoutSpec;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Creates a table through Kernel, which knows what protocol the schema asks for. */
final class TableCreation {

    private final DeltaTable table;
    private final DeltaTables lake;
    private final TableDefinition definition;

    TableCreation(DeltaTable table, DeltaTables lake, TableDefinition definition) {
        this.table = table;
        this.lake = lake;
        this.definition = definition;
    }

    /** Refuses a definition that no table can have. */
    static void check(TableLocation table, TableDefinition definition) {
        checkNames(table, definition);
        definition.partitionBy().forEach(column -> checkPartitionColumn(table, definition, column));
    }

    TableSnapshot create() {
        check(table.location(), definition);
        Optional<TableSnapshot> existing = table.snapshot();
        if (existing.isPresent()) {
            return same(existing.get());
        }
        try {
            transaction().commit(lake.engine(), CloseableIterable.emptyIterable());
        } catch (KernelException e) {
            return same(table.snapshot().orElseThrow(() -> e));
        }
        return same(table.existingSnapshot());
    }

    private Transaction transaction() {
        Map<String, String> properties = new HashMap<>(definition.properties());
        // The progress of flows is kept there.
        properties.put("delta.feature.domainMetadata", "supported");
        CreateTableTransactionBuilder builder = TableManager.buildCreateTableTransaction(
                        KernelEngine.kernelPath(table.location().path()),
                        KernelTypes.toKernel(definition.schema()),
                        CommitFile.ENGINE)
                .withTableProperties(properties)
                .withMaxRetries(0)
                .withCommitter(this::commit);
        if (!definition.partitionBy().isEmpty()) {
            builder = builder.withDataLayoutSpec(DataLayoutSpec.partitioned(definition.partitionBy().stream()
                    .map(io.delta.kernel.expressions.Column::new)
                    .toList()));
        }
        return builder.build(lake.engine());
    }

    /** Kernel has no way to give a table a description, so it is put into the metadata on their way to the log. */
    private CommitResponse commit(Engine engine, CloseableIterator<Row> actions, CommitMetadata metadata)
            throws CommitFailedException {
        return DefaultFileSystemManagedTableOnlyCommitter.INSTANCE.commit(
                engine, actions.map(this::described), metadata);
    }

    private Row described(Row action) {
        if (definition.comment().isEmpty() || action.isNullAt(SingleAction.METADATA_ORDINAL)) {
            return action;
        }
        Metadata plain = Metadata.fromRow(action.getStruct(SingleAction.METADATA_ORDINAL));
        Metadata described = new Metadata(
                plain.getId(),
                plain.getName(),
                Optional.of(definition.comment()),
                plain.getFormat(),
                plain.getSchemaString(),
                plain.getSchema(),
                plain.getPartitionColumns(),
                plain.getCreatedTime(),
                plain.getConfigurationMapValue());
        return SingleAction.createMetadataSingleAction(described.toRow());
    }

    private static void checkNames(TableLocation table, TableDefinition definition) {
        ColumnNames.unsupported(definition.schema().columns()).ifPresent(name -> {
            throw new TarnException(
                    ErrorCode.CONFIGURATION_INVALID, table + " cannot have a column '" + name + "'.", ColumnNames.MEND);
        });
    }

    private static void checkPartitionColumn(TableLocation table, TableDefinition definition, String name) {
        DataType type = definition.schema().column(name).orElseThrow().type();
        if (!ColumnFeatures.canBePartition(type)) {
            throw new TarnException(
                    ErrorCode.CONFIGURATION_INVALID,
                    table + " cannot be partitioned by " + name + ", which is a " + type + ".",
                    "Partition by a column of type DATE, STRING, BOOLEAN, DECIMAL or an integer type, or by none.");
        }
    }

    private TableSnapshot same(TableSnapshot existing) {
        String has = describe(existing.schema(), existing.partitionBy());
        String wanted = describe(definition.schema(), definition.partitionBy());
        if (!has.equals(wanted)) {
            throw new TarnException(
                    ErrorCode.SCHEMA_CHANGED,
                    table.location() + " has the columns " + has + ", and should have " + wanted + ".",
                    "Refresh the table fully, or change the query back.");
        }
        return existing;
    }

    private static String describe(TableSchema schema, List<String> partitionBy) {
        String columns = schema.columns().stream().map(TableCreation::shape).collect(Collectors.joining(", "));
        return partitionBy.isEmpty() ? columns : columns + " partitioned by " + String.join(", ", partitionBy);
    }

    private static String shape(Column column) {
        return column.name() + " " + column.type();
    }
}
