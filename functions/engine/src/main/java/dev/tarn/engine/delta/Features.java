package dev.tarn.engine.delta;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.TableConfig;
import io.delta.kernel.internal.tablefeatures.TableFeature;
import io.delta.kernel.internal.tablefeatures.TableFeatures;
import io.delta.kernel.internal.util.ColumnMapping.ColumnMappingMode;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Which tables the commit writer may touch. It is an allow-list: a feature that is not known here could demand something
 * of a commit that nobody would miss until another reader refuses the table.
 */
final class Features {

    private static final Set<TableFeature> WRITABLE = Set.of(
            TableFeatures.APPEND_ONLY_W_FEATURE,
            TableFeatures.INVARIANTS_W_FEATURE,
            TableFeatures.CONSTRAINTS_W_FEATURE,
            TableFeatures.CHANGE_DATA_FEED_W_FEATURE,
            TableFeatures.GENERATED_COLUMNS_W_FEATURE,
            TableFeatures.DOMAIN_METADATA_W_FEATURE,
            TableFeatures.IN_COMMIT_TIMESTAMP_W_FEATURE,
            TableFeatures.TIMESTAMP_NTZ_RW_FEATURE,
            TableFeatures.DELETION_VECTORS_RW_FEATURE,
            TableFeatures.VACUUM_PROTOCOL_CHECK_RW_FEATURE);

    private Features() {}

    /** Domain in which the flow's progress is kept. */
    static String progressDomain(String flowId) {
        return "tarn.flow." + flowId;
    }

    /** Refuses a table of which a catalog, and not the log, knows the newest commits. */
    static SnapshotImpl readable(TableLocation table, Supplier<SnapshotImpl> load) {
        try {
            return load.get();
        } catch (IllegalArgumentException e) {
            // Kernel asks for what only the catalog knows, and has no exception of its own for it.
            if (String.valueOf(e.getMessage()).contains(TableFeatures.CATALOG_MANAGED_RW_FEATURE.featureName())) {
                throw unsupported(
                        table, "uses Delta's feature catalogManaged: its newest commits may not be in its log");
            }
            throw e;
        } catch (IllegalStateException e) {
            // As above: a log whose files hold neither.
            if (String.valueOf(e.getMessage()).matches("No (protocol|metadata) found at version \\d+")) {
                throw new TarnException(
                        ErrorCode.LAKE_DAMAGED,
                        "The log of " + table + " cannot be read: " + e.getMessage() + ".",
                        "Restore the files of " + table.path() + "/_delta_log from a backup.",
                        e);
            }
            throw e;
        }
    }

    /** Refuses with {@link ErrorCode#TABLE_FEATURE_UNSUPPORTED}. */
    static void checkWritable(TableLocation table, SnapshotImpl snapshot) {
        for (TableFeature feature : snapshot.getProtocol().getImplicitlyAndExplicitlySupportedFeatures()) {
            if (!WRITABLE.contains(feature)) {
                throw unsupported(table, "uses Delta's feature " + feature.featureName());
            }
        }
        try {
            // Features that a table may have as long as it does not use them: CHECK constraints, generated columns ...
            TableFeatures.validateKernelCanWriteToTable(
                    snapshot.getProtocol(), snapshot.getMetadata(), snapshot.getPath());
        } catch (KernelException e) {
            throw unsupported(table, "cannot be written (" + e.getMessage() + ")");
        }
        ColumnFeatures.checkWritable(table, snapshot);
    }

    /** Refuses a table in which a flow cannot say how far it has come. */
    static void checkKeepsProgress(TableLocation table, SnapshotImpl snapshot) {
        if (!TableFeatures.isDomainMetadataSupported(snapshot.getProtocol())) {
            throw unsupported(table, "lacks Delta's feature domainMetadata, in which the progress of flows is kept");
        }
    }

    /** Refuses to remove rows of a table that was declared to be append-only. */
    static void checkRowsMayGo(TableLocation table, SnapshotImpl snapshot) {
        if (TableConfig.APPEND_ONLY_ENABLED.fromMetadata(snapshot.getMetadata())) {
            throw unsupported(table, "has delta.appendOnly set, and rows of it would be replaced");
        }
    }

    /** Kernel alone knows how new columns are mapped to names in files. */
    static void checkUnmapped(TableLocation table, SnapshotImpl snapshot) {
        if (TableConfig.COLUMN_MAPPING_MODE.fromMetadata(snapshot.getMetadata()) != ColumnMappingMode.NONE) {
            throw unsupported(table, "maps its columns to other names, and would be made anew");
        }
    }

    static TarnException unsupported(TableLocation table, String why) {
        return new TarnException(
                ErrorCode.TABLE_FEATURE_UNSUPPORTED,
                table + " " + why + ".",
                "Let Tarn create its tables itself, and leave their features and properties as they are.");
    }
}
