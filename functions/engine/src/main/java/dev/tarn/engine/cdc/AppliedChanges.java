package dev.tarn.engine.cdc;

import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.TableChange;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.delta.TableLocation;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Effect;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Flow;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings changes into the target of an AUTO CDC flow. What a change does depends on those that came before, so these are kept
 * beside the target: of type 1 the newest of each key ({@link NewestChanges}), else all of them ({@link ChangeLog}). That
 * table is committed first. After a crash between the two commits the changes are read again, and do the same again.
 */
public final class AppliedChanges {

    private static final List<String> PARTS = List.of("changes", "newest", "truncations");

    private final Lake lake;
    private final Flow flow;
    private final Effect.AutoCdc effect;
    private final TableDefinition definition;
    private final boolean anew;

    /**
     * @param flow whose effect is AUTO CDC
     * @param definition of the target, as it shall be
     * @param anew whether the changes are all that there are, and the target is made anew of them
     */
    public AppliedChanges(Lake lake, Flow flow, TableDefinition definition, boolean anew) {
        this.definition = definition;
        this.anew = anew;
        this.lake = lake;
        this.flow = flow;
        this.effect = (Effect.AutoCdc) flow.effect();
    }

    /** Where the changes of the table are kept: {@code part} tells apart what one table needs several of. */
    static TableLocation location(TableName target, String part) {
        if (!PARTS.contains(part)) {
            throw new IllegalStateException(part + " would stay when its table is dropped");
        }
        return new TableLocation("the " + part + " of " + target, "tarn/cdc/" + target + "/" + part);
    }

    /** All places where changes of the table may be kept, whether or not anything is there. */
    public static List<TableLocation> locations(TableName target) {
        return PARTS.stream().map(part -> location(target, part)).toList();
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

    /** What the target shall be. */
    TableDefinition definition() {
        return definition;
    }

    /** Whether nothing that is kept counts any longer, or nothing is kept. */
    boolean isFirst(TableSnapshot kept) {
        return anew || kept.numRecords() == 0;
    }

    /**
     * The table of what is kept, made where it does not exist.
     *
     * @throws TarnException SCHEMA_CHANGED when what it has of {@code keys} is of another type
     */
    TableSnapshot kept(TableLocation location, TableSchema schema, Keys keys) {
        TableSnapshot kept =
                table(location).snapshot().orElseGet(() -> table(location).create(keeping(schema)));
        for (String key : keys.names()) {
            String wanted = schema.column(key).orElseThrow().type().toString();
            boolean same = kept.schema()
                    .column(key)
                    .filter(column -> column.type().toString().equals(wanted))
                    .isPresent();
            if (!same && !anew) {
                throw new TarnException(
                        List.of(new Problem(
                                ErrorCode.SCHEMA_CHANGED,
                                flow.position(),
                                "The flow " + flow.id() + " tells changes of " + flow.target()
                                        + " apart by other KEYS or another SEQUENCE BY than those it has brought so far.",
                                "Make the table anew with tarn update " + flow.target()
                                        + " --full-refresh, or change the flow back.")),
                        null);
            }
        }
        return kept;
    }

    TableDefinition keeping(TableSchema schema) {
        return new TableDefinition(
                schema,
                List.of(),
                "Kept by Tarn to bring changes into " + flow.target(),
                Map.of("delta.enableDeletionVectors", "true"));
    }

    boolean isAnew() {
        return anew;
    }

    DeltaTable table(TableLocation location) {
        return lake.table(location);
    }

    /** Whether the change is in; not when another writer was faster. */
    boolean commit(TableLocation location, TableChange change) {
        return table(location).commitOrDiscard(change, CommitRequest.ofWork(lake.newUpdateId(), "MERGE", Map.of()));
    }
}
