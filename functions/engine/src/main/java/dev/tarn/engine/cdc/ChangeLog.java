package dev.tarn.engine.cdc;

import static dev.tarn.model.Effect.AutoCdc.DELETE;
import static dev.tarn.model.Effect.AutoCdc.OPERATION;
import static dev.tarn.model.Effect.AutoCdc.SEQUENCE;

import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.FoundRows;
import dev.tarn.engine.delta.Merge;
import dev.tarn.engine.delta.TableChange;
import dev.tarn.engine.delta.TableLocation;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Effect;
import dev.tarn.model.Sql;
import dev.tarn.model.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Changes of which each counts, not the newest alone: for type 2, and where NULLs leave what there was. All are kept beside
 * the target, and the rows of those keys that changed are made anew from all their changes.
 *
 * <p>Of an upsert and a delete with one sequence the delete wins in type 2 and the upsert in type 1, as in Spark; of two
 * upserts the one that came last, or in one batch the same one each time.
 */
final class ChangeLog {

    static final String DELETED = "_tarn_deleted";

    private static final String SEQ = Sql.identifier(SEQUENCE);
    private static final String OP = Sql.identifier(OPERATION);
    private static final String GONE = "_tarn_gone";

    private final AppliedChanges changes;
    private final Session session;
    private final TableSnapshot base;
    private final Keys keys;
    private final TableLocation log;
    private final boolean versions;

    ChangeLog(AppliedChanges changes, Session session, TableSnapshot base) {
        this.changes = changes;
        this.session = session;
        this.base = base;
        this.keys = changes.keys();
        this.log = AppliedChanges.location(changes.flow().target(), "changes");
        this.versions = changes.effect().type() == Effect.ScdType.TYPE_2;
    }

    Optional<TableChange> plan(DeltaTable target, ChangeBatch batch) {
        TableSchema schema = schema(batch);
        TableSnapshot known = changes.kept(log, schema, keys.and(SEQUENCE));
        Truncations truncations = new Truncations(changes, session);
        if (!truncations.note(batch)) {
            return Optional.empty();
        }
        Keys each = keys.and(SEQUENCE);
        try (Rows newest = batch.newest(session, each, versions ? OP + " DESC" : OP)) {
            String more = kept(batch, newest.from());
            DeltaTable table = changes.table(log);
            TableChange kept = changes.isFirst(known)
                    ? table.redefine(session, known, changes.keeping(schema), more)
                    : table.merge(session, known, added(each, more));
            if (!changes.commit(log, kept)) {
                return Optional.empty();
            }
        }
        // A truncation is about all keys.
        TableSnapshot all = changes.table(log).snapshot().orElseThrow();
        return Optional.of(target(target, batch.truncates() ? all.scan(session) : batch.from(), truncations));
    }

    TableSchema schema(ChangeBatch batch) {
        List<Column> columns = new ArrayList<>();
        keys.names()
                .forEach(key -> columns.add(new Column(key, batch.column(key).type())));
        columns.add(new Column(SEQUENCE, changes.effect().sequence()));
        columns.add(new Column(DELETED, DataType.Simple.BOOLEAN));
        keys.others(batch.columns())
                .forEach(name -> columns.add(new Column(name, batch.column(name).type())));
        return new TableSchema(columns);
    }

    TableLocation location() {
        return log;
    }

    /** Changes in the form in which they are kept. */
    String kept(ChangeBatch batch, String from) {
        List<String> columns =
                new ArrayList<>(List.of(keys.list(), SEQ, OP + " = " + DELETE + " AS " + Sql.identifier(DELETED)));
        for (String name : keys.others(batch.columns())) {
            columns.add("CASE WHEN " + OP + " <> " + DELETE + " THEN " + Sql.identifier(name) + " END AS "
                    + Sql.identifier(name));
        }
        return "SELECT " + String.join(", ", columns) + " FROM " + from;
    }

    private Merge added(Keys each, String more) {
        String deleted = Sql.identifier(DELETED);
        String wins = versions ? "s." + deleted + " OR NOT t." + deleted : "NOT s." + deleted + " OR t." + deleted;
        return Merge.upsert(each.names(), more).updatingWhen(wins).addingColumns();
    }

    /** What becomes of the target's rows of all keys in {@code touched}. */
    TableChange target(DeltaTable target, String touched, Truncations truncations) {
        TableSnapshot all = changes.table(log).snapshot().orElseThrow();
        if (changes.isFirst(base)) {
            return first(target, truncations.left(all.scan(session), Sql.identifier(DELETED)));
        }
        try (Rows affected = Rows.of(session, "SELECT DISTINCT " + keys.list() + " FROM " + touched);
                Rows history = history(all, affected, truncations);
                Rows rows = Rows.of(session, timeline(history.from()));
                FoundRows before = base.find(
                        session,
                        keys.names(),
                        affected.from(),
                        versions ? Set.of(Effect.AutoCdc.START_AT) : Set.of())) {
            return target.merge(session, base, versions ? versions(before, rows) : newest(affected, rows), before);
        }
    }

    /** All changes that count of keys. */
    private Rows history(TableSnapshot all, Rows affected, Truncations truncations) {
        try (FoundRows found = all.find(session, keys.names(), affected.from(), Set.of())) {
            return Rows.of(session, "SELECT * FROM " + truncations.left(found.whole(), Sql.identifier(DELETED)));
        }
    }

    /** A target without rows shows what all changes make; those of keys that changed once need no order. */
    private TableChange first(DeltaTable target, String from) {
        try (Rows repeated = Rows.of(session, keys.repeated(from))) {
            String sql = timeline()
                    .once("(SELECT e.* FROM " + from + " e ANTI JOIN " + repeated.from() + " r ON "
                            + keys.equal("e", "r") + ")");
            if (repeated.number() > 0) {
                String often = timeline("(SELECT e.* FROM " + from + " e SEMI JOIN " + repeated.from() + " r ON "
                        + keys.equal("e", "r") + ")");
                sql += " UNION ALL BY NAME "
                        + (versions
                                ? often
                                : "SELECT * EXCLUDE (" + Sql.identifier(DELETED) + ") FROM (" + often + ") WHERE NOT "
                                        + Sql.identifier(DELETED));
            }
            return target.redefine(session, base, changes.definition(), sql);
        }
    }

    private String timeline(String history) {
        return versions ? timeline().versions(history) : timeline().newest(history);
    }

    private Timeline timeline() {
        List<String> others = keys.others(changes.definition().schema().names()).stream()
                .filter(name -> !name.equals(Effect.AutoCdc.START_AT) && !name.equals(Effect.AutoCdc.END_AT))
                .toList();
        return new Timeline(keys, others, changes.effect());
    }

    /** The newest row of each key that changed, and no row for keys of which a truncation left no change. */
    private Merge newest(Rows affected, Rows rows) {
        String source = "SELECT * FROM " + rows.from() + " UNION ALL BY NAME SELECT " + keys.list("k") + ", TRUE AS "
                + Sql.identifier(DELETED) + " FROM " + affected.from() + " k ANTI JOIN " + rows.from() + " s ON "
                + keys.equal("k", "s");
        return Merge.upsert(keys.names(), source)
                .deletingWhen("s." + Sql.identifier(DELETED), DELETED)
                .addingColumns();
    }

    /** The versions of the keys that changed, and those that the target has and shall not have any longer. */
    private Merge versions(FoundRows before, Rows rows) {
        Keys each = keys.and(Effect.AutoCdc.START_AT);
        String gone = Sql.identifier(GONE);
        String source = "SELECT *, FALSE AS " + gone + " FROM " + rows.from() + " UNION ALL BY NAME SELECT "
                + each.list() + ", TRUE AS " + gone + " FROM " + before.from() + " b WHERE NOT EXISTS (SELECT 1 FROM "
                + rows.from() + " s WHERE " + each.equal("s", "b") + ")";
        return Merge.upsert(each.names(), source)
                .deletingWhen("s." + gone, GONE)
                .addingColumns();
    }
}
