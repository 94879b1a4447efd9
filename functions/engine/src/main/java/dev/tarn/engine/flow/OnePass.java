package dev.tarn.engine.flow;

import static java.util.stream.Collectors.joining;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import dev.tarn.engine.duckdb.ViolationCounter;
import dev.tarn.engine.event.ExpectationCount;
import dev.tarn.model.Expectation;
import dev.tarn.model.Flow;
import dev.tarn.model.JudgedView;
import dev.tarn.model.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A flow's query with its expectations in the same pass: the rows to keep come out, the broken rules are counted on the
 * way. Only rows that break a rule reach the counting function, so that good rows cost one comparison per rule.
 */
final class OnePass {

    private static final String COUNT_BROKEN = "tarn_count_broken";
    private static final String KEEP = Sql.identifier("_tarn_keep");

    private final Flow flow;
    private final ViolationCounter counter;
    private final List<ViolationCounter> ofViews;

    OnePass(Flow flow) {
        this.flow = flow;
        this.counter = counter(flow.expectations());
        this.ofViews =
                flow.views().stream().map(view -> counter(view.expectations())).toList();
    }

    private static ViolationCounter counter(List<Expectation> expectations) {
        return new ViolationCounter(Math.max(1, expectations.size()), dropMask(expectations));
    }

    /**
     * The query's rows, where they have to be stored before they are judged: to be kept aside, or because the views inside of
     * the query must be asked for all of their rows.
     */
    Optional<Spool> stored(Session session) {
        boolean judgedTwice = !flow.views().isEmpty() && !flow.expectations().isEmpty();
        if (!judgedTwice && !Quarantine.isUsedBy(flow)) {
            return Optional.empty();
        }
        countViews(session);
        return Optional.of(Spool.of(session, flow.sql()));
    }

    /** The statement that yields the rows to keep; running it counts. */
    String sql(Session session) {
        return sql(session, Optional.empty());
    }

    /** As {@link #sql(Session)}, over the query's rows as they were stored. */
    String sql(Session session, Optional<Spool> stored) {
        if (stored.isEmpty()) {
            countViews(session);
        }
        if (flow.expectations().isEmpty()) {
            return flow.sql();
        }
        session.violations(COUNT_BROKEN, counter);
        String rows = stored.map(Spool::from).orElse("(" + flow.sql() + ")");
        String allKept = flow.expectations().stream().map(OnePass::kept).collect(joining(" AND "));
        return "SELECT * EXCLUDE (" + KEEP + ") FROM (SELECT *, CASE WHEN " + allKept + " THEN TRUE ELSE "
                + Sql.identifier(COUNT_BROKEN) + "(" + mask() + ") END AS " + KEEP + " FROM " + rows
                + " AS result) AS judged WHERE " + KEEP;
    }

    private void countViews(Session session) {
        for (int view = 0; view < ofViews.size(); view++) {
            session.violations(flow.views().get(view).function(), ofViews.get(view));
        }
    }

    /** Rows that were left out. */
    long dropped() {
        return counter.dropped()
                + ofViews.stream().mapToLong(ViolationCounter::dropped).sum();
    }

    /** Counts of all expectations of the flow, in their order, when {@code kept} rows came out. */
    List<ExpectationCount> counts(long kept) {
        List<ExpectationCount> counts = new ArrayList<>(
                counts(flow.target().toString(), flow.expectations(), counter, kept + counter.dropped()));
        for (int view = 0; view < ofViews.size(); view++) {
            ViolationCounter judged = ofViews.get(view);
            JudgedView of = flow.views().get(view);
            counts.addAll(counts(of.name(), of.expectations(), judged, judged.judged()));
        }
        return counts;
    }

    private static List<ExpectationCount> counts(
            String dataset, List<Expectation> expectations, ViolationCounter counter, long rows) {
        List<ExpectationCount> counts = new ArrayList<>();
        for (int rule = 0; rule < expectations.size(); rule++) {
            counts.add(ExpectationCount.of(dataset, expectations.get(rule), rows, counter.broken(rule)));
        }
        return counts;
    }

    private String mask() {
        List<String> bits = new ArrayList<>();
        for (int rule = 0; rule < flow.expectations().size(); rule++) {
            bits.add("CASE WHEN " + kept(flow.expectations().get(rule)) + " THEN 0::BIGINT ELSE " + (1L << rule)
                    + "::BIGINT END");
        }
        return String.join(" + ", bits);
    }

    static String kept(Expectation expectation) {
        return "coalesce(" + expectation.sql() + ", FALSE)";
    }

    private static boolean leavesOut(Expectation.OnViolation action) {
        return action == Expectation.OnViolation.DROP_ROW || action == Expectation.OnViolation.QUARANTINE;
    }

    private static long dropMask(List<Expectation> expectations) {
        long mask = 0;
        for (int rule = 0; rule < expectations.size(); rule++) {
            if (leavesOut(expectations.get(rule).onViolation())) {
                mask |= 1L << rule;
            }
        }
        return mask;
    }
}
