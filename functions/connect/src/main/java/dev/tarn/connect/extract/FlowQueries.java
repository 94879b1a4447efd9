package dev.tarn.connect.extract;

import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import dev.tarn.engine.duckdb.SqlFailedException;
import dev.tarn.engine.duckdb.ViolationCounter;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Effect;
import dev.tarn.model.Expectation;
import dev.tarn.model.Expectation.OnViolation;
import dev.tarn.model.Flow;
import dev.tarn.model.JudgedView;
import dev.tarn.model.Plan;
import dev.tarn.model.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Asks the project's own queries what they make of rows of bronze, so that a row which a condition or an expectation keeps
 * out of silver is not taken for a lost one.
 */
final class FlowQueries {

    private final Lake lake;
    private final Plan plan;
    private final TableName from;
    private final TableName into;

    /** Of the flows that read {@code from} and fill {@code into}. */
    FlowQueries(Lake lake, Plan plan, TableName from, TableName into) {
        this.lake = lake;
        this.plan = plan;
        this.from = from;
        this.into = into;
    }

    private List<Flow> flows() {
        return plan.flows().stream()
                .filter(flow -> flow.target().equals(into) && flow.reads(from))
                .toList();
    }

    /** Those of the keys whose newest row in bronze no flow yields; none where that cannot be asked. */
    Spool leftOut(Session session, Spool asked, TableSnapshot bronze, ColumnPlan columns) {
        Keys keys = columns.key();
        List<Spool> yielded = new ArrayList<>();
        boolean told = asked.rows() > 0 && !flows().isEmpty();
        try {
            if (told) {
                flows().forEach(flow -> yielded.add(yielded(flow, asked, bronze, columns)));
            }
        } catch (SqlFailedException notAnswered) {
            told = false;
        }
        try {
            String all = "SELECT mine.* FROM " + asked.from() + " AS mine";
            return Spool.of(
                    session,
                    told
                            ? all + " ANTI JOIN ("
                                    + yielded.stream()
                                            .map(spool -> "SELECT * FROM " + spool.from())
                                            .collect(Collectors.joining(" UNION ALL "))
                                    + ") AS others ON " + keys.same("mine", "others")
                            : all + " WHERE false");
        } finally {
            yielded.forEach(Spool::close);
        }
    }

    /** Keys of what the flow yields of the newest rows of these keys. */
    private Spool yielded(Flow flow, Spool asked, TableSnapshot bronze, ColumnPlan columns) {
        Keys keys = columns.key();
        try (Session session = lake.duckDb().session()) {
            session.timezone(plan.timezone());
            for (Flow.Input input : flow.inputs()) {
                session.view(
                        input.table().toString(),
                        input.table().equals(from)
                                ? "SELECT mine.* FROM (" + new Known(session, bronze, columns).newest()
                                        + ") AS mine SEMI JOIN " + asked.from() + " AS asked ON "
                                        + keys.same("mine", "asked")
                                : all(session, input.table()));
            }
            for (JudgedView view : flow.views()) {
                session.violations(view.function(), counter(view.expectations()));
            }
            try (Spool rows = Spool.of(session, flow.sql())) {
                return Spool.of(session, "SELECT " + keys + " FROM " + rows.from() + " WHERE " + kept(flow));
            }
        }
    }

    private String all(Session session, TableName table) {
        Optional<TableSnapshot> snapshot = lake.table(table).snapshot();
        return "SELECT * FROM "
                + snapshot.orElseThrow(() -> new IllegalStateException(into + " was filled without " + table))
                        .scan(session);
    }

    private static ViolationCounter counter(List<Expectation> expectations) {
        long mask = 0;
        for (int rule = 0; rule < expectations.size(); rule++) {
            mask |= drops(expectations.get(rule)) ? 1L << rule : 0;
        }
        return new ViolationCounter(expectations.size(), mask);
    }

    private static boolean drops(Expectation expectation) {
        return expectation.onViolation() == OnViolation.DROP_ROW || expectation.onViolation() == OnViolation.QUARANTINE;
    }

    private static String kept(Flow flow) {
        List<String> conditions = new ArrayList<>(List.of("true"));
        flow.expectations().stream()
                .filter(FlowQueries::drops)
                .forEach(rule -> conditions.add("(" + rule.sql() + ") IS TRUE"));
        if (flow.effect() instanceof Effect.AutoCdc) {
            conditions.add(Effect.AutoCdc.OPERATION + " = " + Effect.AutoCdc.UPSERT);
        }
        return String.join(" AND ", conditions);
    }
}
