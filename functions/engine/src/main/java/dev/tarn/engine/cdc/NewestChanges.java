package dev.tarn.engine.cdc;

import static dev.tarn.model.Effect.AutoCdc.DELETE;
import static dev.tarn.model.Effect.AutoCdc.OPERATION;
import static dev.tarn.model.Effect.AutoCdc.SEQUENCE;
import static dev.tarn.model.Effect.AutoCdc.UPSERT;

import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.Merge;
import dev.tarn.engine.delta.TableChange;
import dev.tarn.engine.delta.TableLocation;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.DuckDbTypes;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Sql;
import dev.tarn.model.TableSchema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Changes of type 1: of each key the newest decides, and is kept beside the target with its sequence, deletes as
 * tombstones until they are too old. Of an upsert and a delete with one sequence the upsert wins; of two upserts the one
 * that came last, or in one batch the same one each time. A truncation deletes what came before it, whenever that comes.
 */
final class NewestChanges {

    private static final String SEQ = Sql.identifier(SEQUENCE);
    private static final String OP = Sql.identifier(OPERATION);
    private static final String DELETED = Sql.identifier("_tarn_deleted");
    private static final String DELETED_AT = Sql.identifier("_tarn_deleted_at");
    private static final String GONE = "_tarn_gone";

    private final AppliedChanges changes;
    private final Session session;
    private final TableSnapshot base;
    private final Keys keys;
    private final TableLocation states;

    NewestChanges(AppliedChanges changes, Session session, TableSnapshot base) {
        this.changes = changes;
        this.session = session;
        this.base = base;
        this.keys = changes.keys();
        this.states = AppliedChanges.location(changes.flow().target(), "newest");
    }

    Optional<TableChange> plan(DeltaTable target, ChangeBatch batch) {
        TableSnapshot known = changes.create(states, schema(batch));
        Truncations truncations = new Truncations(changes, session);
        if (!truncations.note(batch)) {
            return Optional.empty();
        }
        try (Spool newest = Spool.of(session, truncations.left(batch.newest(keys, OP)));
                Spool stored = Spool.of(session, stored(known, newest));
                Spool applied = Spool.of(session, applied(newest, stored))) {
            TableChange kept =
                    changes.table(states).merge(session, known, ofStates(applied, obsolete(known, truncations)));
            if (!changes.commit(states, kept)) {
                return Optional.empty();
            }
            return Optional.of(target.merge(session, base, ofRows(applied, batch)));
        }
    }

    private TableSchema schema(ChangeBatch batch) {
        return new TableSchema(Stream.concat(
                        keys.names().stream()
                                .map(key -> new Column(key, batch.column(key).type())),
                        Stream.of(
                                new Column(SEQUENCE, changes.effect().sequence()),
                                new Column("_tarn_deleted", DataType.Simple.BOOLEAN),
                                new Column("_tarn_deleted_at", DataType.Simple.TIMESTAMP)))
                .toList());
    }

    /** What is known of the keys that changed. */
    private String stored(TableSnapshot known, Spool newest) {
        List<String> columns = new ArrayList<>(keys.names());
        columns.addAll(List.of(SEQUENCE, "_tarn_deleted"));
        return "SELECT " + keys.list("a") + ", a." + SEQ + ", a." + DELETED + " FROM "
                + known.scan(session, () -> Set.copyOf(columns)) + " a JOIN " + newest.from() + " s ON "
                + keys.equal("a", "s");
    }

    private String applied(Spool newest, Spool stored) {
        return "SELECT s.* FROM " + newest.from() + " s LEFT JOIN " + stored.from() + " a ON " + keys.equal("a", "s")
                + " WHERE a." + SEQ + " IS NULL OR s." + SEQ + " > a." + SEQ + " OR (s." + SEQ + " = a." + SEQ
                + " AND (s." + OP + " = " + UPSERT + " OR a." + DELETED + "))";
    }

    /** Keys of which nothing needs to be known any longer. */
    private String obsolete(TableSnapshot known, Truncations truncations) {
        Instant oldest = changes.lake()
                .clock()
                .instant()
                .minus(TombstoneRetention.of(changes.flow().dataset()).duration());
        List<String> columns = new ArrayList<>(keys.names());
        columns.add("_tarn_deleted_at");
        if (truncations.any()) {
            columns.addAll(List.of(SEQUENCE, "_tarn_deleted"));
        }
        return "SELECT " + keys.list() + " FROM " + known.scan(session, () -> Set.copyOf(columns)) + " WHERE "
                + DELETED_AT + " < " + Sql.literal(oldest.toString()) + "::TIMESTAMPTZ"
                + truncations.undoingIfAny(DELETED);
    }

    private Merge ofStates(Spool applied, String obsolete) {
        String now = Sql.literal(changes.lake().clock().instant().toString()) + "::TIMESTAMPTZ";
        String newer = "SELECT " + keys.list() + ", " + SEQ + ", " + OP + " = " + DELETE + " AS " + DELETED
                + ", CASE WHEN " + OP + " = " + DELETE + " THEN " + now + " END AS " + DELETED_AT + ", FALSE AS "
                + Sql.identifier(GONE) + " FROM " + applied.from();
        String none = "SELECT " + keys.list() + ", NULL::"
                + DuckDbTypes.sqlType(changes.effect().sequence()) + ", NULL::BOOLEAN, NULL::TIMESTAMPTZ,"
                + " TRUE FROM (" + obsolete + ") o ANTI JOIN " + applied.from() + " s USING (" + keys.list() + ")";
        return Merge.upsert(keys.names(), newer + " UNION ALL " + none).deletingWhen("s." + Sql.identifier(GONE), GONE);
    }

    /** The rows that changed and, when there was a truncation, those of which no change is known any longer. */
    private Merge ofRows(Spool applied, ChangeBatch batch) {
        List<String> columns = batch.columns();
        String changed = "SELECT " + Sql.identifiers(columns) + ", " + OP + " FROM " + applied.from();
        if (batch.truncates()) {
            TableSnapshot left = changes.table(states).snapshot().orElseThrow();
            changed += " UNION ALL BY NAME SELECT " + keys.list() + ", " + DELETE + "::TINYINT AS " + OP + " FROM "
                    + base.scan(session, () -> Set.copyOf(keys.names())) + " t WHERE NOT EXISTS (SELECT 1 FROM "
                    + left.scan(session) + " a WHERE " + keys.equal("a", "t") + " AND NOT a." + DELETED + ")"
                    + " AND NOT EXISTS (SELECT 1 FROM " + applied.from() + " s WHERE " + keys.equal("s", "t") + ")";
        }
        return Merge.upsert(keys.names(), changed).deletingWhen("s." + OP + " = " + DELETE, OPERATION);
    }
}
