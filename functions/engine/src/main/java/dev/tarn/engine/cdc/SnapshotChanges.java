package dev.tarn.engine.cdc;

import static dev.tarn.model.Effect.AutoCdc.DELETE;
import static dev.tarn.model.Effect.AutoCdc.OPERATION;
import static dev.tarn.model.Effect.AutoCdc.SEQUENCE;
import static dev.tarn.model.Effect.AutoCdc.UPSERT;
import static java.util.stream.Collectors.joining;

import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.NewColumns;
import dev.tarn.engine.delta.RowFilter;
import dev.tarn.engine.delta.TableChange;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.DuckDbTypes;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import dev.tarn.model.Effect;
import dev.tarn.model.Sql;
import dev.tarn.model.TableSchema;
import java.util.List;
import java.util.Optional;

/**
 * Changes that are told by a snapshot of all rows there are: what is not in it was deleted. Of type 1 the target becomes the
 * snapshot; of type 2 the difference to the current versions is a batch of changes, whose sequence is the number of the
 * flow's update.
 */
final class SnapshotChanges {

    private final AppliedChanges changes;
    private final Session session;
    private final TableSnapshot base;
    private final ChangeBatch batch;
    private final Keys keys;

    SnapshotChanges(AppliedChanges changes, Session session, TableSnapshot base, ChangeBatch batch) {
        this.changes = changes;
        this.session = session;
        this.base = base;
        this.batch = batch;
        this.keys = changes.keys();
    }

    Optional<TableChange> plan(DeltaTable target) {
        String rows = "SELECT " + Sql.identifiers(batch.columns()) + " FROM " + batch.from();
        if (changes.effect().type() == Effect.ScdType.TYPE_1) {
            return Optional.of(
                    changes.isFirst(base)
                            ? target.redefine(session, base, changes.definition(), rows)
                            : target.replace(session, base, rows, NewColumns.ADD));
        }
        long number = base.updateNumber(changes.flow().id()).orElse(-1) + 1;
        ChangeLog log = new ChangeLog(changes, session, base);
        TableSchema schema = log.schema(batch);
        TableSnapshot known = changes.kept(log.location(), schema, keys.and(SEQUENCE));
        try (Spool differences = Spool.of(session, differences(number))) {
            // An attempt that ended before its commit may have left changes of that number, and of another snapshot.
            String more = log.kept(batch, differences.from());
            DeltaTable table = changes.table(log.location());
            TableChange kept = changes.isFirst(known)
                    ? table.redefine(session, known, changes.keeping(schema), more)
                    : table.replaceWhere(
                            session,
                            known,
                            RowFilter.matching(Sql.identifier(SEQUENCE) + " >= " + number),
                            more,
                            NewColumns.ADD);
            if (!changes.commit(log.location(), kept)) {
                return Optional.empty();
            }
            return Optional.of(log.target(target, differences.from(), new Truncations(changes, session)));
        }
    }

    /** The versions that have not ended, with the columns of the snapshot. */
    private String current() {
        if (changes.isAnew()) {
            return "(SELECT " + Sql.identifiers(batch.columns()) + " FROM " + batch.from() + " WHERE FALSE)";
        }
        String columns = batch.columns().stream().map(this::ofTarget).collect(joining(", "));
        return "(SELECT " + columns + " FROM " + base.scan(session) + " WHERE " + Sql.identifier(Effect.AutoCdc.END_AT)
                + " IS NULL)";
    }

    /** A column that the target is about to get is NULL in what it has. */
    private String ofTarget(String name) {
        String column = Sql.identifier(name);
        return base.schema().column(name).isPresent()
                ? column
                : "CAST(NULL AS " + DuckDbTypes.sqlType(batch.column(name).type()) + ") AS " + column;
    }

    private String differences(long number) {
        String columns = Sql.identifiers(batch.columns());
        List<String> others = keys.others(batch.columns());
        String current = current();
        String same = keys.equal("s", "t")
                + others.stream()
                        .map(name ->
                                " AND s." + Sql.identifier(name) + " IS NOT DISTINCT FROM t." + Sql.identifier(name))
                        .collect(joining());
        String sequence = number + "::BIGINT AS " + Sql.identifier(SEQUENCE);
        String operation = "::TINYINT AS " + Sql.identifier(OPERATION);
        return "SELECT " + columns + ", " + sequence + ", " + UPSERT + operation + " FROM " + batch.from()
                + " s WHERE NOT EXISTS (SELECT 1 FROM " + current + " t WHERE " + same + ") UNION ALL SELECT " + columns
                + ", " + sequence + ", " + DELETE + operation + " FROM " + current
                + " t WHERE NOT EXISTS (SELECT 1 FROM "
                + batch.from() + " s WHERE " + keys.equal("s", "t") + ")";
    }
}
