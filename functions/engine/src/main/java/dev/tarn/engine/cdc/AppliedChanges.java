package dev.tarn.engine.cdc;

import dev.tarn.engine.delta.Commit;
import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.TableChange;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.delta.TableLocation;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Effect;
import dev.tarn.model.Flow;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings changes into the target of an AUTO CDC flow. What a change does depends on those that came before, so these are kept
 * beside the target: of type 1 the newest of each key ({@link NewestChanges}), else all of them ({@link ChangeLog}). That
 * table is committed first. After a crash between the two commits the changes are read again, and do the same again.
 */
public final class AppliedChanges {

    private final Lake lake;
    private final Flow flow;
    private final Effect.AutoCdc effect;

    /** Of a flow whose effect is AUTO CDC. */
    public AppliedChanges(Lake lake, Flow flow) {
        this.lake = lake;
        this.flow = flow;
        this.effect = (Effect.AutoCdc) flow.effect();
    }

    /** Where the changes of the table are kept: {@code part} tells apart what one table needs several of. */
    static TableLocation location(TableName target, String part) {
        return new TableLocation("the " + part + " of " + target, "tarn/cdc/" + target + "/" + part);
    }

    /**
     * What the changes do to the target. Empty when another writer was faster and all has to be planned anew.
     *
     * @param base the target as it is now
     */
    public Optional<TableChange> plan(Session session, TableSnapshot base, ChangeBatch batch) {
        DeltaTable target = lake.table(flow.target());
        if (effect.snapshots()) {
            return new SnapshotChanges(this, session, base, batch).plan(target);
        }
        return isLogged()
                ? new ChangeLog(this, session, base).plan(target, batch)
                : new NewestChanges(this, session, base).plan(target, batch);
    }

    /** Whether the newest change of a key does not say all. */
    private boolean isLogged() {
        return effect.type() == Effect.ScdType.TYPE_2 || !effect.ignoreNulls().isEmpty();
    }

    Lake lake() {
        return lake;
    }

    Flow flow() {
        return flow;
    }

    Effect.AutoCdc effect() {
        return effect;
    }

    Keys keys() {
        return new Keys(effect.keys());
    }

    /** Makes the table of what is kept where it does not exist. */
    TableSnapshot create(TableLocation location, TableSchema schema) {
        return table(location)
                .create(new TableDefinition(
                        schema,
                        List.of(),
                        "Kept by Tarn to bring changes into " + flow.target(),
                        Map.of("delta.enableDeletionVectors", "true")));
    }

    DeltaTable table(TableLocation location) {
        return lake.table(location);
    }

    /** Whether the change is in; not when another writer was faster. */
    boolean commit(TableLocation location, TableChange change) {
        DeltaTable table = table(location);
        if (change.isNothing()) {
            table.discard(change);
            return true;
        }
        CommitRequest request = CommitRequest.ofWork(lake.newUpdateId(), "MERGE", Map.of());
        if (table.commit(change, request) instanceof Commit.Committed) {
            return true;
        }
        table.discard(change);
        return false;
    }
}
