package dev.tarn.engine.delta;

import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.actions.DomainMetadata;
import io.delta.kernel.internal.actions.SetTransaction;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What flows have left in the log of a table: number and progress of their last commits. Kernel reads the log back to its
 * beginning for an answer; here one is kept for the next version, which needs to look at its own commits only.
 */
final class FlowMarks {

    /** The actions that are looked at, and the two which say that a table is no longer as it was. */
    static final StructType SCHEMA = new StructType()
            .add("txn", SetTransaction.FULL_SCHEMA)
            .add("domainMetadata", DomainMetadata.FULL_SCHEMA)
            .add("metaData", new StructType().add("id", StringType.STRING))
            .add("protocol", new StructType().add("minReaderVersion", IntegerType.INTEGER));

    private static final int TXN = SCHEMA.indexOf("txn");
    private static final int DOMAIN = SCHEMA.indexOf("domainMetadata");
    private static final int METADATA = SCHEMA.indexOf("metaData");
    private static final int PROTOCOL = SCHEMA.indexOf("protocol");

    private final Map<String, Optional<Long>> numbers = new ConcurrentHashMap<>();
    private final Map<String, Optional<String>> domains = new ConcurrentHashMap<>();
    private boolean definitionChanged;

    FlowMarks() {}

    /** What {@code before} knows. */
    FlowMarks(FlowMarks before) {
        numbers.putAll(before.numbers);
        domains.putAll(before.domains);
    }

    /** An action, by {@link #SCHEMA}, of a commit that is later than all before. */
    void look(Row action) {
        if (!action.isNullAt(TXN)) {
            SetTransaction number = SetTransaction.fromRow(action.getStruct(TXN));
            numbers.put(number.getAppId(), Optional.of(number.getVersion()));
        }
        if (!action.isNullAt(DOMAIN)) {
            DomainMetadata domain = DomainMetadata.fromRow(action.getStruct(DOMAIN));
            domains.put(
                    domain.getDomain(), domain.isRemoved() ? Optional.empty() : Optional.of(domain.getConfiguration()));
        }
        definitionChanged |= !action.isNullAt(METADATA) || !action.isNullAt(PROTOCOL);
    }

    /** Whether a commit that was looked at says what the table's columns, properties or features are. */
    boolean definitionChanged() {
        return definitionChanged;
    }

    /** The flow's progress, when a commit that was looked at tells. */
    Optional<FlowProgress> told(String flowId) {
        return domains.getOrDefault(Features.progressDomain(flowId), Optional.empty())
                .map(FlowProgress::parse);
    }

    Optional<FlowProgress> progress(String flowId, SnapshotImpl kernel) {
        return domains.computeIfAbsent(Features.progressDomain(flowId), kernel::getDomainMetadata)
                .map(FlowProgress::parse);
    }

    Optional<Long> number(String flowId, SnapshotImpl kernel, Engine engine) {
        return numbers.computeIfAbsent(flowId, id -> kernel.getLatestTransactionVersion(engine, id));
    }
}
