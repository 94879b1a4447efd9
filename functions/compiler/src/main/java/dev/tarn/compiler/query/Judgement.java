package dev.tarn.compiler.query;

import static dev.tarn.model.ErrorCode.CONFIGURATION_INVALID;
import static dev.tarn.model.ErrorCode.SQL_UNSUPPORTED;

import dev.tarn.compiler.grammar.SparkGrammar;
import dev.tarn.compiler.project.Problems;
import dev.tarn.compiler.statement.Constraint;
import dev.tarn.compiler.statement.Surroundings;
import dev.tarn.model.Expectation;
import dev.tarn.model.TableSchema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.Trees;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExistsContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.QueryContext;

/** The expectations on the rows of one view or table, which {@code relation} names. */
public record Judgement(String relation, List<Rule> rules) {

    /** Most expectations of one view or table: the bits of a BIGINT without its sign. */
    private static final int MOST = 63;

    /** An expectation and its condition as Spark's grammar sees it. */
    record Rule(Expectation expectation, ExpressionContext condition) {}

    public Judgement {
        rules = List.copyOf(rules);
    }

    /**
     * Understands the conditions of {@code constraints}.
     *
     * @param relation its name for messages
     * @param alias its name before a column
     * @throws dev.tarn.model.TarnException with everything that is wrong
     */
    public static Judgement of(
            String relation,
            String alias,
            List<Constraint> constraints,
            Surroundings surroundings,
            TableSchema schema) {
        Problems problems = new Problems();
        Set<String> names = new HashSet<>();
        List<Rule> rules = new ArrayList<>();
        for (Constraint constraint : constraints) {
            if (!names.add(constraint.name().toLowerCase(Locale.ROOT))) {
                problems.add(
                        CONFIGURATION_INVALID,
                        constraint.position(),
                        relation + " has two expectations named " + constraint.name() + ".",
                        "Give one of them another name.");
            }
            problems.attempt(() -> rule(constraint, surroundings.grammar(), schema, relation, alias))
                    .ifPresent(rules::add);
        }
        if (constraints.size() > MOST) {
            problems.add(
                    CONFIGURATION_INVALID,
                    constraints.get(MOST).position(),
                    relation + " has " + constraints.size() + " expectations, and " + MOST
                            + " are the most there can be.",
                    "Put some of them together with AND.");
        }
        problems.refuseIfAny();
        return new Judgement(relation, rules);
    }

    private static Rule rule(
            Constraint constraint, SparkGrammar grammar, TableSchema schema, String relation, String alias) {
        ExpressionContext condition = grammar.expression(constraint.condition());
        for (ParseTree part : Trees.getDescendants(condition)) {
            if (part instanceof QueryContext || part instanceof ExistsContext) {
                throw Problems.refusal(
                        SQL_UNSUPPORTED,
                        grammar.at((ParserRuleContext) part),
                        "The expectation " + constraint.name() + " has a subquery: a row is judged by its own columns.",
                        "Join in the query, and judge the column that comes of it.");
            }
        }
        Expectation expectation = new Expectation(
                constraint.name(),
                SparkGrammar.text(constraint.condition()),
                Conditions.bind(grammar, condition, schema, relation, alias),
                constraint.onViolation(),
                constraint.position());
        return new Rule(expectation, condition);
    }

    public List<Expectation> expectations() {
        return rules.stream().map(Rule::expectation).toList();
    }
}
