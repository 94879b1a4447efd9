package dev.tarn.engine.cdc;

import static dev.tarn.model.Effect.AutoCdc.OPERATION;
import static dev.tarn.model.Effect.AutoCdc.SEQUENCE;
import static dev.tarn.model.Effect.AutoCdc.TRUNCATE;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Effect;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Flow;
import dev.tarn.model.Problem;
import dev.tarn.model.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The changes that one update reads, on disk until they are closed. */
public final class ChangeBatch implements AutoCloseable {

    private static final String SEQ = Sql.identifier(SEQUENCE);
    private static final String OP = Sql.identifier(OPERATION);

    private final Flow flow;
    private final Effect.AutoCdc effect;
    private final Spool spool;
    private final Counts counts;

    private record Counts(long truncations, List<Long> withoutKey, long withoutSequence, long twice) {}

    private ChangeBatch(Flow flow, Effect.AutoCdc effect, Spool spool, Counts counts) {
        this.flow = flow;
        this.effect = effect;
        this.spool = spool;
        this.counts = counts;
    }

    /**
     * Runs the query of the flow, whose effect is AUTO CDC, once.
     *
     * @param sql the flow's query, with its expectations
     */
    public static ChangeBatch of(Session session, Flow flow, String sql) {
        Effect.AutoCdc effect = (Effect.AutoCdc) flow.effect();
        Spool spool = Spool.of(session, sql);
        try {
            return new ChangeBatch(flow, effect, spool, count(session, effect, spool));
        } catch (RuntimeException e) {
            spool.close();
            throw e;
        }
    }

    private static Counts count(Session session, Effect.AutoCdc effect, Spool spool) {
        long twice = twice(session, effect, spool);
        String row = OP + " <> " + TRUNCATE;
        String missing = effect.keys().stream()
                .map(key -> ", count(*) FILTER (" + row + " AND " + Sql.identifier(key) + " IS NULL)")
                .collect(Collectors.joining());
        String unordered = effect.snapshots() ? "FALSE" : "(" + isMissing(SEQ, effect.sequence()) + ")";
        return session.query(
                        "SELECT count(*) FILTER (NOT " + row + "), count(*) FILTER (" + unordered + ")" + missing
                                + " FROM " + spool.from(),
                        found -> {
                            List<Long> keys = new ArrayList<>();
                            for (int key = 0; key < effect.keys().size(); key++) {
                                keys.add(found.getLong(3 + key));
                            }
                            return new Counts(found.getLong(1), keys, found.getLong(2), twice);
                        })
                .get(0);
    }

    /** Keys that occur more than once in a snapshot; changes may have any number of each. */
    private static long twice(Session session, Effect.AutoCdc effect, Spool spool) {
        if (!effect.snapshots()) {
            return 0;
        }
        return session.query(
                        "SELECT count(*) FROM (SELECT 1 FROM " + spool.from() + " GROUP BY "
                                + Sql.identifiers(effect.keys()) + " HAVING count(*) > 1)",
                        row -> row.getLong(1))
                .get(0);
    }

    /** Of a sequence of several parts, every part has to be there: what is NULL comes neither before nor after anything. */
    private static String isMissing(String sequence, DataType type) {
        String whole = sequence + " IS NULL";
        if (!(type instanceof DataType.Struct struct)) {
            return whole;
        }
        return Stream.concat(
                        Stream.of(whole),
                        struct.fields().stream()
                                .map(part -> isMissing(sequence + "." + Sql.identifier(part.name()), part.type())))
                .collect(Collectors.joining(" OR "));
    }

    /** Number of changes. */
    public long rows() {
        return spool.rows();
    }

    /** What makes it impossible to tell which row a change belongs to, or which one is newer. */
    public List<Problem> problems() {
        List<String> wrong = new ArrayList<>();
        for (int key = 0; key < effect.keys().size(); key++) {
            if (counts.withoutKey().get(key) > 0) {
                wrong.add("in " + counts.withoutKey().get(key) + " of " + rows() + " changes the key "
                        + effect.keys().get(key) + " is NULL");
            }
        }
        if (counts.withoutSequence() > 0) {
            wrong.add("in " + counts.withoutSequence() + " of " + rows()
                    + " changes the value of SEQUENCE BY, or a part of it, is NULL");
        }
        if (counts.twice() > 0) {
            wrong.add(counts.twice() + (counts.twice() == 1 ? " key (" : " keys (") + String.join(", ", effect.keys())
                    + (counts.twice() == 1 ? ") occurs" : ") occur") + " more than once in the snapshot");
        }
        if (wrong.isEmpty()) {
            return List.of();
        }
        return List.of(new Problem(
                ErrorCode.CHANGES_INVALID,
                flow.position(),
                "The flow " + flow.id() + " cannot bring changes into " + flow.target() + ": "
                        + String.join("; ", wrong) + ".",
                flow.target() + " stays as it was. Leave such rows out in the view that the flow reads, or mend the"
                        + " source."));
    }

    boolean truncates() {
        return counts.truncations() > 0;
    }

    /** Names of the target's columns that the changes have, in order. */
    List<String> columns() {
        return spool.schema().names().stream()
                .filter(name -> !name.equals(SEQUENCE) && !name.equals(OPERATION))
                .toList();
    }

    /** The column of the changes. */
    Column column(String name) {
        Optional<Column> found = spool.schema().column(name);
        return found.orElseThrow(() -> new IllegalStateException("changes without " + name));
    }

    /** A FROM-expression over the changes. */
    String from() {
        return spool.from();
    }

    /**
     * One change for each value of {@code keys}: the newest, and of several that are as new the one that {@code first} puts
     * first. Of changes that differ in nothing but their values it is always the same one, in whatever order they came.
     */
    Rows newest(Session session, Keys keys, String first) {
        try (Rows repeated = Rows.of(session, keys.repeated(from()))) {
            if (repeated.number() == 0 && !truncates()) {
                return Rows.borrowed(from(), rows());
            }
            // Few keys change often, as a rule: only their rows are worth sorting.
            return Rows.of(
                    session,
                    "SELECT b.* FROM " + from() + " b ANTI JOIN " + repeated.from() + " r ON " + keys.equal("b", "r")
                            + " WHERE " + OP + " <> " + TRUNCATE + " UNION ALL SELECT b.* FROM " + from()
                            + " b SEMI JOIN " + repeated.from() + " r ON " + keys.equal("b", "r") + " WHERE " + OP
                            + " <> " + TRUNCATE + " QUALIFY row_number() OVER (PARTITION BY " + keys.list("b")
                            + " ORDER BY " + SEQ + " DESC, " + first + ", hash(" + Sql.identifiers(columns())
                            + ")) = 1");
        }
    }

    @Override
    public void close() {
        spool.close();
    }
}
