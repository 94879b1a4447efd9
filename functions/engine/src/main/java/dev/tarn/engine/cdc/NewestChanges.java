package dev.tarn.engine.cdc;

import static dev.tarn.model.Effect.AutoCdc.DELETE;
import static dev.tarn.model.Effect.AutoCdc.OPERATION;
import static dev.tarn.model.Effect.AutoCdc.SEQUENCE;
import static dev.tarn.model.Effect.AutoCdc.UPSERT;

import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.FoundRows;
import dev.tarn.engine.delta.Merge;
import dev.tarn.engine.delta.TableChange;
import dev.tarn.engine.delta.TableLocation;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.DuckDbTypes;
import dev.tarn.engine.duckdb.Session;
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
    private static final String IS_DELETED = "_tarn_deleted";
    private static final String WAS_DELETED_AT = "_tarn_deleted_at";
    private static final String DELETED = Sql.identifier(IS_DELETED);
    private static final String DELETED_AT = Sql.identifier(WAS_DELETED_AT);
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
        TableSchema schema = schema(batch);
        TableSnapshot known = changes.kept(states, schema, keys.and(SEQUENCE));
        Truncations truncations = new Truncations(changes, session);
        if (!truncations.note(batch)) {
            return Optional.empty();
        }
        try (Rows newest = batch.newest(session, keys, OP);
                Rows left = truncations.left(newest)) {
            if (changes.isFirst(known)) {
                DeltaTable table = changes.table(states);
                return plan(target, batch, left, table.redefine(session, known, changes.keeping(schema), states(left)));
            }
            try (Rows obsolete = Rows.of(session, obsolete(known, truncations));
                    FoundRows stored = stored(known, left, obsolete);
                    Rows applied = applied(stored, left)) {
                return plan(target, batch, applied, kept(known, applied, obsolete, stored));
            }
        }
    }

    /** @param kept the changes that apply, kept */
    private Optional<TableChange> plan(DeltaTable target, ChangeBatch batch, Rows applied, TableChange kept) {
        if (!changes.commit(states, kept)) {
            return Optional.empty();
        }
        return Optional.of(
                changes.isFirst(base)
                        ? target.redefine(session, base, changes.definition(), upserts(applied, batch))
                        : target.merge(session, base, ofRows(applied, batch)));
    }

    private TableSchema schema(ChangeBatch batch) {
        return new TableSchema(Stream.concat(
                        keys.names().stream()
                                .map(key -> new Column(key, batch.column(key).type())),
                        Stream.of(
                                new Column(SEQUENCE, changes.effect().sequence()),
                                new Column(IS_DELETED, DataType.Simple.BOOLEAN),
                                new Column(WAS_DELETED_AT, DataType.Simple.TIMESTAMP)))
                .toList());
    }

    private Set<String> keysAnd(String... columns) {
        List<String> all = new ArrayList<>(keys.names());
        all.addAll(List.of(columns));
        return Set.copyOf(all);
    }

    /** What is known of the keys that the changes have, and of those that are obsolete. */
    private FoundRows stored(TableSnapshot known, Rows newest, Rows obsolete) {
        String sought = obsolete.number() == 0
                ? newest.from()
                : "(SELECT " + keys.list() + " FROM " + newest.from() + " UNION ALL SELECT " + keys.list() + " FROM "
                        + obsolete.from() + ")";
        return known.find(session, keys.names(), sought, Set.of(SEQUENCE, IS_DELETED, WAS_DELETED_AT));
    }

    /** Changes that are not older than what is known of their keys. */
    private Rows applied(FoundRows stored, Rows newest) {
        return Rows.of(
                session,
                "SELECT s.* FROM " + newest.from() + " s LEFT JOIN " + stored.from() + " a ON " + keys.equal("a", "s")
                        + " WHERE a." + SEQ + " IS NULL OR s." + SEQ + " > a." + SEQ + " OR (s." + SEQ + " = a." + SEQ
                        + " AND (s." + OP + " = " + UPSERT + " OR a." + DELETED + "))");
    }

    private TableChange kept(TableSnapshot known, Rows applied, Rows obsolete, FoundRows stored) {
        String gone = Sql.identifier(GONE);
        String none = "SELECT " + keys.list() + ", CAST(NULL AS "
                + DuckDbTypes.sqlType(changes.effect().sequence()) + "), NULL::BOOLEAN, NULL::TIMESTAMPTZ, TRUE FROM "
                + obsolete.from() + " o ANTI JOIN " + applied.from() + " s USING (" + keys.list() + ")";
        Merge merge = Merge.upsert(
                        keys.names(),
                        "SELECT *, FALSE AS " + gone + " FROM (" + states(applied) + ") UNION ALL " + none)
                .deletingWhen("s." + gone, GONE);
        return changes.table(states).merge(session, known, merge, stored);
    }

    private String states(Rows applied) {
        String now = Sql.literal(changes.lake().clock().instant().toString()) + "::TIMESTAMPTZ";
        return "SELECT " + keys.list() + ", " + SEQ + ", " + OP + " = " + DELETE + " AS " + DELETED + ", CASE WHEN "
                + OP + " = " + DELETE + " THEN " + now + " END AS " + DELETED_AT + " FROM " + applied.from();
    }

    /** Keys of which nothing needs to be known any longer. */
    private String obsolete(TableSnapshot known, Truncations truncations) {
        Instant oldest = changes.lake()
                .clock()
                .instant()
                .minus(TombstoneRetention.of(changes.flow().dataset()).duration());
        Set<String> columns =
                truncations.any() ? keysAnd(SEQUENCE, IS_DELETED, WAS_DELETED_AT) : keysAnd(WAS_DELETED_AT);
        return "SELECT " + keys.list() + " FROM " + known.scan(session, () -> columns) + " WHERE " + DELETED_AT + " < "
                + Sql.literal(oldest.toString()) + "::TIMESTAMPTZ" + truncations.undoingIfAny(DELETED);
    }

    private static String upserts(Rows applied, ChangeBatch batch) {
        return "SELECT " + Sql.identifiers(batch.columns()) + " FROM " + applied.from() + " WHERE " + OP + " = "
                + UPSERT;
    }

    /** The rows that changed and, when there was a truncation, those of which no change is known any longer. */
    private Merge ofRows(Rows applied, ChangeBatch batch) {
        String changed = "SELECT " + Sql.identifiers(batch.columns()) + ", " + OP + " FROM " + applied.from();
        if (batch.truncates()) {
            TableSnapshot left = changes.table(states).snapshot().orElseThrow();
            changed += " UNION ALL BY NAME SELECT " + keys.list() + ", " + DELETE + "::TINYINT AS " + OP + " FROM "
                    + base.scan(session, () -> Set.copyOf(keys.names())) + " t WHERE NOT EXISTS (SELECT 1 FROM "
                    + left.scan(session) + " a WHERE " + keys.equal("a", "t") + " AND NOT a." + DELETED + ")"
                    + " AND NOT EXISTS (SELECT 1 FROM " + applied.from() + " s WHERE " + keys.equal("s", "t") + ")";
        }
        return Merge.upsert(keys.names(), changed)
                .deletingWhen("s." + OP + " = " + DELETE, OPERATION)
                .addingColumns();
    }
}
