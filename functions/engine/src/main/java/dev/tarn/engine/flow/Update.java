package dev.tarn.engine.flow;

import dev.tarn.engine.cdc.AppliedChanges;
import dev.tarn.engine.cdc.ChangeBatch;
import dev.tarn.engine.delta.Commit;
import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.RowCounts;
import dev.tarn.engine.delta.TableChange;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import dev.tarn.engine.duckdb.SqlFailedException;
import dev.tarn.engine.event.EventLog;
import dev.tarn.engine.event.ExpectationCount;
import dev.tarn.engine.event.UpdateRecord;
import dev.tarn.engine.event.UpdateStats;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Effect;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Expectation;
import dev.tarn.model.Flow;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.UpdateId;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One update of one flow over snapshots that do not move. */
final class Update {

    private final Lake lake;
    private final ZoneId timezone;
    private final EventLog eventLog;
    private final Flow flow;
    private final FlowInputs inputs;
    private final boolean anew;
    private final Target description;
    private final DeltaTable target;
    private final UpdateId id;
    private final Instant started;

    /** Whether the event log knows that it failed. */
    private boolean told;

    /** @param anew whether the target is made anew from all rows of the sources: a full refresh */
    Update(Lake lake, ZoneId timezone, EventLog eventLog, Flow flow, FlowInputs inputs, boolean anew) {
        this.anew = anew;
        this.description = new Target(lake, flow);
        this.lake = lake;
        this.timezone = timezone;
        this.eventLog = eventLog;
        this.flow = flow;
        this.inputs = inputs;
        this.target = lake.table(flow.target());
        this.id = lake.newUpdateId();
        this.started = lake.clock().instant();
    }

    UpdateId id() {
        return id;
    }

    /**
     * Computes and commits.
     *
     * @param seen what the target has seen before
     * @return empty when another writer was faster and the update has to be planned anew
     */
    Optional<UpdateOutcome> run(Seen seen) {
        TableSnapshot base = description.snapshot();
        if (base.version() != seen.version()) {
            // A commit came since the progress was read: numbered after it, this one would bring its rows once more.
            return Optional.empty();
        }
        try (Session session = lake.duckDb().session()) {
            session.timezone(timezone);
            try {
                inputs.bind(session, lake.duckDb(), seen);
                return update(session, base, seen);
            } catch (SqlFailedException e) {
                throw failed(
                        base,
                        stats(session, seen, 0, List.of(), 0),
                        List.of(QueryFailure.problem(flow, lake.duckDb().budget(), e)),
                        e);
            } catch (TarnException e) {
                if (!told && e.code().retry() == ErrorCode.Retry.NO) {
                    throw failed(base, stats(session, seen, 0, List.of(), 0), e.problems(), e);
                }
                throw e;
            }
        }
    }

    private Optional<UpdateOutcome> update(Session session, TableSnapshot base, Seen seen) {
        if (!anew) {
            description.checkRowsCanStay(base);
        }
        OnePass pass = new OnePass(flow);
        @Nullable Spool stored = pass.stored(session).orElse(null);
        try (stored) {
            String sql = pass.sql(session, Optional.ofNullable(stored));
            return flow.effect() instanceof Effect.AutoCdc
                    ? applyChanges(session, base, seen, pass, sql)
                    : write(session, base, seen, pass, sql, stored);
        }
    }

    /** Appends or replaces: the rows go to files of the table in the one pass that judges them. */
    private Optional<UpdateOutcome> write(
            Session session, TableSnapshot base, Seen seen, OnePass pass, String sql, @Nullable Spool stored) {
        boolean remade = anew || description.needsAnew(base);
        TableChange change =
                remade ? target.redefine(session, base, description.definition(), sql) : change(session, base, sql);
        UpdateStats stats = stats(session, seen, change.rows(), pass.counts(change.rows()), pass.dropped());
        List<Problem> broken = broken(stats, base);
        if (!broken.isEmpty()) {
            target.discard(change);
            throw failed(base, stats, broken, null);
        }
        if (stored != null && Quarantine.isUsedBy(flow)) {
            if (!new Quarantine(lake, flow).keep(session, stored.from(), number(base), remade)) {
                target.discard(change);
                return Optional.empty();
            }
        }
        // Of another definition it is committed all the same: only a commit tells which one the rows are of.
        if (isView() && seen.isOfPlan(flow.hash()) && change.isNothing()) {
            target.discard(change);
            if (eventLog.lastFailed(flow.id())) {
                eventLog.record(record(base, false, stats, null));
            }
            return Optional.of(new UpdateOutcome.Unchanged(stats));
        }
        return commit(change, stats);
    }

    private TableChange change(Session session, TableSnapshot base, String sql) {
        String ordered = description.definition().ordered(sql);
        return isView()
                ? target.replace(session, base, ordered)
                : target.append(session, base, ordered, description.newColumns(base));
    }

    /** Changes by key: they are judged before anything is kept of them. */
    private Optional<UpdateOutcome> applyChanges(
            Session session, TableSnapshot base, Seen seen, OnePass pass, String sql) {
        try (ChangeBatch batch = ChangeBatch.of(session, flow, sql)) {
            UpdateStats judged = stats(session, seen, 0, pass.counts(batch.rows()), pass.dropped());
            List<Problem> wrong = Stream.concat(batch.problems().stream(), broken(judged, base).stream())
                    .toList();
            if (!wrong.isEmpty()) {
                throw failed(base, judged, wrong, null);
            }
            Optional<TableChange> change =
                    new AppliedChanges(lake, flow, description.definition(), anew).plan(session, base, batch);
            if (change.isEmpty()) {
                return Optional.empty();
            }
            RowCounts counts = change.get().counts();
            UpdateStats stats = stats(session, seen, 0, judged.expectations(), judged.rowsDropped());
            return commit(change.get(), stats.merging(counts.inserted() + counts.updated(), counts.deleted()));
        }
    }

    private Optional<UpdateOutcome> commit(TableChange change, UpdateStats stats) {
        TableSnapshot base = change.base();
        UpdateStats wrote = stats.writing(change.bytes());
        UpdateRecord told = record(base, true, wrote, null);
        eventLog.record(told);
        Commit commit = target.commit(change, request(base, stats));
        if (commit instanceof Commit.Committed) {
            return Optional.of(new UpdateOutcome.Completed(id, ((Commit.Committed) commit).version(), wrote));
        }
        target.discard(change);
        eventLog.withdraw(told);
        return Optional.empty();
    }

    private boolean isView() {
        return flow.effect() instanceof Effect.Replace;
    }

    private CommitRequest request(TableSnapshot base, UpdateStats stats) {
        return CommitRequest.ofFlow(
                flow.id(),
                number(base),
                inputs.versions().progress(),
                id,
                operation(),
                isView()
                        ? Map.of("mode", "Overwrite")
                        : Map.of("outputMode", flow.effect() instanceof Effect.AutoCdc ? "Update" : "Append"),
                Map.of("numOutputRows", String.valueOf(stats.rowsWritten())));
    }

    private long number(TableSnapshot base) {
        return base.updateNumber(flow.id()).orElse(-1) + 1;
    }

    private String operation() {
        if (isView()) {
            return "WRITE";
        }
        return flow.effect() instanceof Effect.AutoCdc ? "MERGE" : "STREAMING UPDATE";
    }

    private UpdateStats stats(Session session, Seen seen, long written, List<ExpectationCount> counts, long dropped) {
        Duration took = Duration.between(started, lake.clock().instant());
        return new UpdateStats(inputs.rows(seen), written, dropped, session.fetchedBytes(), counts, took);
    }

    private List<Problem> broken(UpdateStats stats, TableSnapshot base) {
        List<Problem> problems = new ArrayList<>();
        List<Expectation> expectations = flow.allExpectations();
        for (int rule = 0; rule < expectations.size(); rule++) {
            Expectation expectation = expectations.get(rule);
            ExpectationCount count = stats.expectations().get(rule);
            if (expectation.onViolation() == Expectation.OnViolation.FAIL_UPDATE && count.failed() > 0) {
                problems.add(new Problem(
                        ErrorCode.EXPECTATION_FAILED,
                        expectation.position(),
                        expectation.name() + " failed for " + count.failed() + " of "
                                + (count.passed() + count.failed()) + " rows of " + count.dataset() + ": not true that "
                                + expectation.condition() + ".",
                        flow.target() + " and the tables after it stay as they were (version " + base.version()
                                + "). Mend the rows in the source, or change the expectation."));
            }
        }
        return problems;
    }

    private TarnException failed(
            TableSnapshot base, UpdateStats stats, List<Problem> problems, @Nullable Throwable cause) {
        Problem first = problems.get(0);
        told = true;
        eventLog.record(record(base, false, stats, new UpdateRecord.Failure(first.code(), first.what(), first.mend())));
        return new TarnException(problems, cause);
    }

    private UpdateRecord record(
            TableSnapshot base, boolean commits, UpdateStats stats, UpdateRecord.@Nullable Failure failure) {
        UpdateRecord told = new UpdateRecord(
                id,
                UpdateRecord.Kind.UPDATE,
                flow.id(),
                flow.target(),
                base.version(),
                commits,
                started,
                stats,
                failure);
        return told.definedBy(flow.hash()).recomputedFrom(isView() ? inputs.readAsAWhole() : List.of());
    }
}
