package dev.tarn.engine.delta;

import io.delta.kernel.data.Row;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.actions.Metadata;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.internal.tablefeatures.TableFeatures;
import io.delta.kernel.types.StructType;
import java.util.ArrayList;
import java.util.List;

/** Columns that come to a table. */
final class SchemaEvolution {

    private SchemaEvolution() {}

    /** The actions that give the table {@code schema}, and with it the features that a type of it asks for. */
    static List<Row> actions(SnapshotImpl table, StructType schema) {
        Metadata metadata = table.getMetadata().withNewSchema(schema);
        List<Row> actions = new ArrayList<>();
        TableFeatures.autoUpgradeProtocolBasedOnMetadata(metadata, List.of(), table.getProtocol())
                .ifPresent(upgrade -> actions.add(SingleAction.createProtocolSingleAction(upgrade._1.toRow())));
        actions.add(SingleAction.createMetadataSingleAction(metadata.toRow()));
        return actions;
    }
}
