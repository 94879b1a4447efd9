package dev.tarn.compiler.query;

import static dev.tarn.model.ErrorCode.CHANGES_HELD_BACK;

import dev.tarn.compiler.grammar.SparkGrammar;
import dev.tarn.compiler.query.Judgement.Rule;
import dev.tarn.compiler.query.RowFacts.Value;
import dev.tarn.model.Expectation;
import dev.tarn.model.Expectation.OnViolation;
import dev.tarn.model.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.ParserRuleContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.LogicalBinaryContext;

/**
 * Finds the expectations that keep changes from a table which follows them. A delete has its key and may have nothing
 * else, a truncate may have nothing at all: an expectation that is not known to be true of them leaves rows in the table
 * for ever.
 */
final class HeldBackChanges {

    private final String target;
    private final List<ResultColumn> columns;
    private final Set<String> keys;
    private final List<Problem> refused = new ArrayList<>();
    private final List<Problem> warned = new ArrayList<>();

    /**
     * @param target the table, for messages
     * @param columns of the changes
     * @param keys in lower case
     */
    HeldBackChanges(String target, List<ResultColumn> columns, Set<String> keys) {
        this.target = target;
        this.columns = columns;
        this.keys = keys;
    }

    /** Problems of expectations that may hold back deletes or truncates. */
    List<Problem> refused() {
        return refused;
    }

    /** Of expectations that leave former versions of rows in place. */
    List<Problem> warned() {
        return warned;
    }

    /** Looks at the rules of one view or table that the changes went through. */
    void look(Judgement judgement, Optional<ExpressionContext> deleteWhen, Optional<ExpressionContext> truncateWhen) {
        Map<String, String> names = names(judgement.relation());
        Set<String> ownKeys = new HashSet<>();
        keys.stream().filter(names::containsKey).forEach(key -> ownKeys.add(names.get(key)));
        for (Rule rule : judgement.rules()) {
            Expectation expectation = rule.expectation();
            if (expectation.onViolation() == OnViolation.WARN) {
                continue;
            }
            // What reads keys alone says the same of every change of a row: none of them comes through, or all do.
            boolean ofKeys = ownKeys.containsAll(RowFacts.columns(rule.condition()));
            if (expectation.onViolation() != OnViolation.FAIL_UPDATE && !ofKeys) {
                warned.add(warning(expectation));
            }
            deleteWhen
                    .filter(delete -> !passes(rule, delete, names, ownKeys, true))
                    .ifPresent(delete -> refused.add(refusal(
                            judgement,
                            expectation,
                            delete,
                            names,
                            "delete",
                            "a delete has its key and may have nothing else")));
            truncateWhen
                    .filter(truncate -> !passes(rule, truncate, names, ownKeys, false))
                    .ifPresent(truncate -> refused.add(refusal(
                            judgement,
                            expectation,
                            truncate,
                            names,
                            "truncate",
                            "a truncate may have no values at all")));
        }
    }

    /** Looks at the rules of a view whose rows are all there are: what is kept back is missing. */
    void lookAtSnapshot(Judgement judgement) {
        for (Rule rule : judgement.rules()) {
            if (rule.expectation().onViolation() == OnViolation.DROP_ROW) {
                warned.add(new Problem(
                        CHANGES_HELD_BACK,
                        rule.expectation().position(),
                        "The expectation " + rule.expectation().name()
                                + " keeps rows out of snapshots: a row that it keeps back counts as deleted.",
                        "Keep back only what shall be deleted; ON VIOLATION FAIL UPDATE stops the update instead."));
            }
        }
    }

    /** Columns of {@code relation} by the names under which the changes show them as they are. */
    private Map<String, String> names(String relation) {
        Map<String, String> names = new HashMap<>();
        for (ResultColumn column : columns) {
            column.origins().stream()
                    .filter(origin -> origin.relation().equals(relation))
                    .forEach(origin -> names.put(column.name().toLowerCase(Locale.ROOT), origin.column()));
        }
        return names;
    }

    private static boolean passes(
            Rule rule, ExpressionContext when, Map<String, String> names, Set<String> ownKeys, boolean withKeys) {
        RowFacts keys = RowFacts.NONE;
        if (withKeys) {
            Map<String, Value> there = new HashMap<>();
            ownKeys.forEach(key -> there.put(key, Value.NOT_NULL));
            keys = new RowFacts(there, Set.of());
        }
        List<ParserRuleContext> parts = new ArrayList<>();
        conjuncts(rule.condition(), parts);
        for (RowFacts alternative : RowFacts.where(when)) {
            RowFacts facts = alternative.renamed(names, RowFacts.columns(when)).and(keys);
            ThreeValued values = new ThreeValued(facts);
            for (ParserRuleContext part : parts) {
                boolean ofKeys = withKeys && ownKeys.containsAll(RowFacts.columns(part));
                if (!ofKeys && !values.isTrue(part)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static void conjuncts(ParserRuleContext condition, List<ParserRuleContext> parts) {
        ParserRuleContext inner = RowFacts.inner(condition);
        if (inner instanceof LogicalBinaryContext both && both.operator.getType() == SqlBaseParser.AND) {
            conjuncts(both.left, parts);
            conjuncts(both.right, parts);
        } else {
            parts.add(inner);
        }
    }

    private Problem refusal(
            Judgement judgement,
            Expectation expectation,
            ExpressionContext when,
            Map<String, String> names,
            String change,
            String why) {
        String does = expectation.onViolation() == OnViolation.FAIL_UPDATE ? "fail on " : "keep back ";
        String condition = shown(expectation.condition());
        boolean shows = names.keySet().containsAll(RowFacts.columns(when));
        return new Problem(
                CHANGES_HELD_BACK,
                expectation.position(),
                "The expectation " + expectation.name() + " may " + does + change + "s on their way to " + target + ": "
                        + why + ", and then " + condition + " is not known to be true.",
                (shows
                                ? ""
                                : "Let " + judgement.relation() + " and what reads it show the columns of APPLY AS "
                                        + change.toUpperCase(Locale.ROOT) + " WHEN as they are, and write ")
                        + (shows ? "Write " : "") + "EXPECT (" + shown(SparkGrammar.text(when))
                        + " OR " + condition + ").");
    }

    private static String shown(String text) {
        return text.replaceAll("\\s+", " ");
    }

    private static Problem warning(Expectation expectation) {
        return new Problem(
                CHANGES_HELD_BACK,
                expectation.position(),
                "The expectation " + expectation.name()
                        + " keeps rows from a table that follows changes: when it keeps back"
                        + " an update, the former version of the row stays current.",
                "Keep back only what can never become valid; ON VIOLATION FAIL UPDATE stops the update instead.");
    }
}
