package dev.tarn.engine.cdc;

import static dev.tarn.model.Effect.AutoCdc.OPERATION;
import static dev.tarn.model.Effect.AutoCdc.SEQUENCE;
import static dev.tarn.model.Effect.AutoCdc.TRUNCATE;
import static dev.tarn.model.Effect.AutoCdc.UPSERT;

import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.TableChange;
import dev.tarn.engine.delta.TableLocation;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.Column;
import dev.tarn.model.Sql;
import dev.tarn.model.TableSchema;
import java.util.List;
import java.util.Optional;

/** The truncations of a target, of which the newest decides about every change that came before it, also later ones. */
final class Truncations {

    private static final String SEQ = Sql.identifier(SEQUENCE);
    private static final String OP = Sql.identifier(OPERATION);

    private final AppliedChanges changes;
    private final Session session;
    private final TableLocation location;
    private Optional<String> newest = Optional.empty();

    Truncations(AppliedChanges changes, Session session) {
        this.changes = changes;
        this.session = session;
        this.location = AppliedChanges.location(changes.flow().target(), "truncations");
    }

    /** Keeps those of the batch, and finds the newest of all; whether that could be done before another writer. */
    boolean note(ChangeBatch batch) {
        DeltaTable table = changes.table(location);
        if (batch.truncates() || (changes.isAnew() && table.snapshot().isPresent())) {
            TableSchema schema = new TableSchema(
                    List.of(new Column(SEQUENCE, changes.effect().sequence())));
            TableSnapshot base = changes.kept(location, schema, new Keys(List.of(SEQUENCE)));
            String rows = "SELECT " + SEQ + " FROM " + batch.from() + " WHERE " + OP + " = " + TRUNCATE + " ORDER BY "
                    + SEQ + " DESC LIMIT 1";
            TableChange more = changes.isAnew()
                    ? table.redefine(session, base, changes.keeping(schema), rows)
                    : table.append(session, base, rows);
            if (!changes.commit(location, more)) {
                return false;
            }
        }
        newest = table.snapshot()
                .map(kept -> "(SELECT " + SEQ + " FROM " + kept.scan(session) + " ORDER BY " + SEQ + " DESC LIMIT 1)");
        return true;
    }

    boolean any() {
        return newest.isPresent();
    }

    /** Those of the changes that no truncation undoes. */
    Rows left(Rows all) {
        return newest.map(truncation -> Rows.of(
                        session,
                        "SELECT * FROM " + all.from() + " WHERE " + SEQ + " > " + truncation + " OR (" + SEQ + " = "
                                + truncation + " AND " + OP + " = " + UPSERT + ")"))
                .orElseGet(() -> Rows.borrowed(all.from(), all.number()));
    }

    /** A FROM-expression over those of the changes that are kept which no truncation undoes. */
    String left(String kept, String deleted) {
        return newest.isEmpty() ? kept : "(SELECT * FROM " + kept + " WHERE NOT (FALSE" + undoingIfAny(deleted) + "))";
    }

    /** A further alternative for a condition over what is kept: that it is undone. */
    String undoingIfAny(String deleted) {
        return newest.map(truncation -> " OR " + SEQ + " < " + truncation + " OR (" + SEQ + " = " + truncation + " AND "
                        + deleted + ")")
                .orElse("");
    }
}
