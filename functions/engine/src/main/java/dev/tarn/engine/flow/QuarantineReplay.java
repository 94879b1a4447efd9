package dev.tarn.engine.flow;

import static java.util.stream.Collectors.joining;

import dev.tarn.engine.delta.Commit;
import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.delta.Merge;
import dev.tarn.engine.delta.RowFilter;
import dev.tarn.engine.delta.TableChange;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Effect;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Expectation;
import dev.tarn.model.Flow;
import dev.tarn.model.Problem;
import dev.tarn.model.Sql;
import dev.tarn.model.TarnException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings rows back that were kept aside and keep the expectations as they are now. Three commits: the rows are marked with
 * the number of the replay, go to the target with that number, and leave the quarantine. Whatever happens in between, the
 * next replay goes on from there, and no row comes twice.
 */
final class QuarantineReplay {

    private static final String REPLAY = Sql.identifier(Quarantine.REPLAY);

    private final Lake lake;
    private final Flow flow;
    private final Quarantine quarantine;
    private final DeltaTable target;

    QuarantineReplay(Lake lake, Flow flow) {
        this.lake = lake;
        this.flow = flow;
        this.quarantine = new Quarantine(lake, flow);
        this.target = lake.table(flow.target());
    }

    /**
     * One attempt.
     *
     * @return rows that came back; empty when another writer was faster
     * @throws TarnException REPLAY_REFUSED for a target whose rows are not appended
     */
    Optional<Long> run() {
        if (!(flow.effect() instanceof Effect.Append)) {
            throw new TarnException(
                    List.of(new Problem(
                            ErrorCode.REPLAY_REFUSED,
                            flow.dataset().position(),
                            "Rows that were kept out of " + flow.target()
                                    + " need no replay: it is a materialized view.",
                            "Its next update judges all rows anew: tarn update " + flow.target() + ".")),
                    null);
        }
        Optional<TableSnapshot> kept = quarantine.table().snapshot();
        Optional<TableSnapshot> filled = target.snapshot();
        if (kept.isEmpty() || filled.isEmpty()) {
            return Optional.of(0L);
        }
        try (Session session = lake.duckDb().session()) {
            return run(session, filled.get());
        }
    }

    private Optional<Long> run(Session session, TableSnapshot filled) {
        long last = filled.updateNumber(id()).orElse(-1);
        if (!clear(session, last)) {
            return Optional.empty();
        }
        TableSnapshot kept = quarantine.table().snapshot().orElseThrow();
        if (marked(session, kept, last + 1) == 0) {
            TableChange marks = quarantine.table().merge(session, kept, marking(session, kept, filled, last + 1));
            if (!quarantine.commit(marks, "MARK FOR REPLAY")) {
                return Optional.empty();
            }
            kept = quarantine.table().snapshot().orElseThrow();
        }
        long rows = marked(session, kept, last + 1);
        if (rows == 0) {
            return Optional.of(0L);
        }
        if (!append(session, kept, filled, last + 1)) {
            return Optional.empty();
        }
        return clear(session, last + 1) ? Optional.of(rows) : Optional.empty();
    }

    /** Numbers replays beside the flow's own updates. */
    private String id() {
        return flow.id() + ".quarantine";
    }

    /** Takes out what replays up to that number have brought back. */
    private boolean clear(Session session, long number) {
        TableSnapshot kept = quarantine.table().snapshot().orElseThrow();
        TableChange gone = quarantine
                .table()
                .delete(session, kept, RowFilter.matching(quarantine.ofFlow() + " AND " + REPLAY + " <= " + number));
        return quarantine.commit(gone, "DELETE");
    }

    private long marked(Session session, TableSnapshot kept, long number) {
        return session.query(
                        "SELECT count(*) FROM " + kept.scan(session) + " WHERE " + quarantine.ofFlow() + " AND "
                                + REPLAY + " = " + number,
                        row -> row.getLong(1))
                .get(0);
    }

    /** Rows of updates that are in the target, and that it would take now. */
    private Merge marking(Session session, TableSnapshot kept, TableSnapshot filled, long number) {
        String good = flow.expectations().stream()
                .filter(rule -> rule.onViolation() != Expectation.OnViolation.WARN)
                .map(rule -> " AND " + OnePass.kept(rule))
                .collect(joining());
        String rows = "SELECT " + Sql.identifier(Quarantine.ROW) + ", " + number + "::BIGINT AS " + REPLAY + " FROM "
                + kept.scan(session) + " WHERE " + quarantine.ofFlow() + " AND " + Sql.identifier(Quarantine.UPDATE)
                + " <= " + filled.updateNumber(flow.id()).orElse(-1) + good;
        return Merge.upsert(List.of(Quarantine.ROW), rows).withoutInserts();
    }

    private boolean append(Session session, TableSnapshot kept, TableSnapshot filled, long number) {
        TableChange change = target.append(
                session,
                filled,
                "SELECT " + Sql.identifiers(filled.schema().names()) + " FROM " + kept.scan(session) + " WHERE "
                        + quarantine.ofFlow() + " AND " + REPLAY + " = " + number);
        CommitRequest request = CommitRequest.ofFlow(
                id(),
                number,
                new FlowProgress(flow.hash(), List.of()),
                lake.newUpdateId(),
                "QUARANTINE REPLAY",
                Map.of("outputMode", "Append"),
                Map.of("numOutputRows", String.valueOf(change.rows())));
        Commit commit = target.commit(change, request);
        if (commit instanceof Commit.Overtaken || commit instanceof Commit.AlreadyCommitted) {
            target.discard(change);
        }
        return !(commit instanceof Commit.Overtaken);
    }
}
