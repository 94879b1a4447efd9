package dev.tarn.connect.odoo.api;

import dev.tarn.connect.extract.DeleteLimit;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TableSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Ids and dates of a model against those that bronze knows. Numbers of records are compared range by range; what is listed is
 * every range in which they differ, the last, and in turn some of the others, for a record may have come where another went.
 */
final class IdComparison implements AutoCloseable {

    /** One of so many ranges with equal numbers is listed each time. */
    private static final long TURNS = 16;

    private final Session session;
    private final OdooRecords records;
    private final TableSource.Table table;
    private final ModelPlan plan;
    private final TableSnapshot bronze;
    private final MissedRecords reader;

    private final List<Spool> versions = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private final List<Problem> held = new ArrayList<>();

    IdComparison(
            Session session,
            OdooRecords records,
            TableSource.Table table,
            ModelPlan plan,
            TableSnapshot bronze,
            Attachments attachments) {
        this.session = session;
        this.records = records;
        this.table = table;
        this.plan = plan;
        this.bronze = bronze;
        this.reader = new MissedRecords(session, records, plan, bronze, attachments);
    }

    /**
     * Compares.
     *
     * @param turn which of the ranges with equal numbers are listed; empty for all
     */
    void run(DeleteLimit limit, OptionalLong turn) {
        try (Spool present = Spool.of(session, ModelPlan.present(session, bronze, "true"))) {
            List<IdRange> ranges = differing(IdRange.of(session, present), turn);
            if (ranges.isEmpty()) {
                return;
            }
            try (Spool listed =
                    reader.list(new IdRange.Pages(records, plan.model(), reader.listedFields(), ranges)::next)) {
                deletes(present, listed, ranges, limit);
                missed(listed);
            }
        }
    }

    private List<IdRange> differing(List<IdRange> ranges, OptionalLong turn) {
        List<IdRange> differing = new ArrayList<>();
        for (int i = 0; i < ranges.size(); i++) {
            IdRange range = ranges.get(i);
            boolean isTurn = turn.isEmpty() || i % TURNS == Math.floorMod(turn.getAsLong(), TURNS);
            if (range.to() < 0 || isTurn || records.count(plan.model(), range.domain()) != range.known()) {
                differing.add(range);
            }
        }
        return differing;
    }

    private void deletes(Spool present, Spool listed, List<IdRange> ranges, DeleteLimit limit) {
        String within = ranges.stream().map(IdRange::condition).collect(Collectors.joining(" OR "));
        String gone = "SELECT id FROM (SELECT id FROM " + present.from() + " WHERE " + within + ") AS here ANTI JOIN "
                + listed.from() + " AS there ON here.id = there.id";
        long deletes = count(gone);
        if (!limit.allows(deletes, present.rows())) {
            held.add(held(deletes, present.rows()));
        } else if (deletes > 0) {
            String reason = plan.model() + " had no such id for "
                    + records.api().login().user() + " at "
                    + records.api().patience().clock().instant().truncatedTo(ChronoUnit.SECONDS);
            versions.add(Spool.of(session, ModelPlan.tombstones(session, bronze, gone, reason)));
        }
    }

    private void missed(Spool listed) {
        Spool missed = reader.read(listed);
        versions.add(missed);
        long rows = missed.rows();
        if (rows > 0) {
            remarks.add(rows + (rows == 1 ? " record of " : " records of ") + plan.model() + " that no look had seen "
                    + (rows == 1 ? "was" : "were")
                    + " found by comparing ids and dates and read now; a transaction took longer than "
                    + ModelLook.OVERLAP.toMinutes() + " minutes, or somebody wrote past Odoo.");
        }
    }

    private long count(String sql) {
        return session.query("SELECT count(*) FROM (" + sql + ")", row -> row.getLong(1))
                .get(0);
    }

    private Problem held(long deletes, long rows) {
        return new Problem(
                ErrorCode.DELETES_HELD,
                table.position(),
                deletes + " of " + rows + " records of " + plan.model() + " are gone from the source, or "
                        + records.api().login().user()
                        + " no longer sees them, which is more than stop_above lets pass; "
                        + table.target() + " keeps them.",
                "If it is meant: tarn odoo reconcile --table " + table.relation() + " --accept-deletes " + deletes
                        + "; if not, look at the rights and companies of "
                        + records.api().login().user() + " in Odoo.");
    }

    /** What to land. */
    List<Spool> versions() {
        return versions;
    }

    long rows() {
        return versions.stream().mapToLong(Spool::rows).sum();
    }

    /** For the user, sentences. */
    List<String> remarks() {
        return remarks;
    }

    /** Why deletes are not landed; empty when all are. */
    List<Problem> held() {
        return held;
    }

    @Override
    public void close() {
        versions.forEach(Spool::close);
    }
}
