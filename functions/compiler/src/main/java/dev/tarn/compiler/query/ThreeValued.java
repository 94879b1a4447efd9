package dev.tarn.compiler.query;

import dev.tarn.compiler.query.RowFacts.Value;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BinaryOperator;
import org.antlr.v4.runtime.ParserRuleContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ComparisonContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.FunctionCallContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.LogicalBinaryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.LogicalNotContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PredicateContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PredicatedContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SearchedCaseContext;

/** What a condition can be for a row of which only some things are known. What is not understood can be anything. */
final class ThreeValued {

    /** The values of a condition. */
    enum Truth {
        TRUE,
        FALSE,
        NULL
    }

    private static final Set<Truth> ANYTHING = EnumSet.allOf(Truth.class);
    private static final Set<Truth> NO_NULL = EnumSet.of(Truth.TRUE, Truth.FALSE);

    private final RowFacts facts;

    ThreeValued(RowFacts facts) {
        this.facts = facts;
    }

    /** Whether the condition is true, whatever is not known. */
    boolean isTrue(ParserRuleContext condition) {
        return can(condition).equals(Set.of(Truth.TRUE));
    }

    private Set<Truth> can(ParserRuleContext condition) {
        ParserRuleContext inner = RowFacts.inner(condition);
        if (facts.truths().contains(RowFacts.text(inner))) {
            return Set.of(Truth.TRUE);
        }
        if (inner instanceof LogicalBinaryContext both) {
            boolean and = both.operator.getType() == SqlBaseParser.AND;
            return combined(can(both.left), can(both.right), and ? ThreeValued::and : ThreeValued::or);
        }
        if (inner instanceof LogicalNotContext not) {
            return not(can(not.booleanExpression()));
        }
        if (inner instanceof ComparisonContext comparison) {
            return comparison(comparison);
        }
        if (inner instanceof PredicatedContext predicated && predicated.predicate() != null) {
            Set<Truth> plain = predicate(predicated.valueExpression(), predicated.predicate());
            return predicated.predicate().errorCapturingNot() == null ? plain : not(plain);
        }
        if (inner instanceof SearchedCaseContext cases) {
            return cases(cases);
        }
        return inner instanceof FunctionCallContext call ? call(call) : ofValue(facts.of(inner));
    }

    private static Set<Truth> ofValue(Value value) {
        return switch (value.kind()) {
            case NULL -> Set.of(Truth.NULL);
            case CONSTANT -> Set.of(Boolean.TRUE.equals(value.constant().orElseThrow()) ? Truth.TRUE : Truth.FALSE);
            case NOT_NULL -> NO_NULL;
            case ANY -> ANYTHING;
        };
    }

    private Set<Truth> comparison(ComparisonContext comparison) {
        Value left = facts.of(comparison.left);
        Value right = facts.of(comparison.right);
        return switch (comparison.comparisonOperator().getText()) {
            case "=", "==" -> equal(left, right);
            case "<>", "!=" -> not(equal(left, right));
            case "<=>" -> same(left, right);
            default -> compared(left, right);
        };
    }

    private static Set<Truth> compared(Value left, Value right) {
        if (left.isNever() || right.isNever()) {
            return Set.of(Truth.NULL);
        }
        return left.isThere() && right.isThere() ? NO_NULL : ANYTHING;
    }

    private static Set<Truth> equal(Value left, Value right) {
        boolean told = left.kind() == Value.Kind.CONSTANT
                && right.kind() == Value.Kind.CONSTANT
                && left.constant().orElseThrow().getClass()
                        == right.constant().orElseThrow().getClass();
        return told ? Set.of(left.equals(right) ? Truth.TRUE : Truth.FALSE) : compared(left, right);
    }

    /** {@code <=>}: never NULL. */
    private static Set<Truth> same(Value left, Value right) {
        if (left.isNever() && right.isNever()) {
            return Set.of(Truth.TRUE);
        }
        if (left.isNever() && right.isThere() || right.isNever() && left.isThere()) {
            return Set.of(Truth.FALSE);
        }
        return left.isThere() && right.isThere() ? equal(left, right) : NO_NULL;
    }

    private Set<Truth> predicate(ParserRuleContext valueText, PredicateContext predicate) {
        Value value = facts.of(valueText);
        switch (predicate.kind.getType()) {
            case SqlBaseParser.NULL:
                return value.isNever() ? Set.of(Truth.TRUE) : value.isThere() ? Set.of(Truth.FALSE) : NO_NULL;
            case SqlBaseParser.IN:
                Set<Truth> any = Set.of(Truth.FALSE);
                for (ExpressionContext listed : predicate.expression()) {
                    any = combined(any, equal(value, facts.of(listed)), ThreeValued::or);
                }
                return any;
            default:
                // DISTINCT has its own NOT, and patterns may not be texts: nothing is said of either.
                return ANYTHING;
        }
    }

    private Set<Truth> cases(SearchedCaseContext cases) {
        Set<Truth> can = EnumSet.noneOf(Truth.class);
        for (SqlBaseParser.WhenClauseContext when : cases.whenClause()) {
            Set<Truth> chosen = can(when.condition);
            if (chosen.contains(Truth.TRUE)) {
                can.addAll(can(when.result));
            }
            if (chosen.equals(Set.of(Truth.TRUE))) {
                return can;
            }
        }
        can.addAll(cases.elseExpression == null ? Set.of(Truth.NULL) : can(cases.elseExpression));
        return can;
    }

    private Set<Truth> call(FunctionCallContext call) {
        String name = call.functionName().getText().toLowerCase(Locale.ROOT);
        List<ExpressionContext> arguments =
                call.argument.stream().map(argument -> argument.expression()).toList();
        if (name.equals("if") && arguments.size() == 3) {
            Set<Truth> chosen = can(arguments.get(0));
            Set<Truth> can = EnumSet.noneOf(Truth.class);
            can.addAll(chosen.contains(Truth.TRUE) ? can(arguments.get(1)) : Set.of());
            can.addAll(chosen.equals(Set.of(Truth.TRUE)) ? Set.of() : can(arguments.get(2)));
            return can;
        }
        if (!List.of("coalesce", "ifnull", "nvl").contains(name)) {
            return ANYTHING;
        }
        Set<Truth> can = EnumSet.noneOf(Truth.class);
        for (ExpressionContext argument : arguments) {
            Set<Truth> next = can(argument);
            can.remove(Truth.NULL);
            can.addAll(next);
            if (!next.contains(Truth.NULL)) {
                return can;
            }
        }
        return can;
    }

    private static Set<Truth> combined(Set<Truth> left, Set<Truth> right, BinaryOperator<Truth> operator) {
        Set<Truth> can = EnumSet.noneOf(Truth.class);
        left.forEach(a -> right.forEach(b -> can.add(operator.apply(a, b))));
        return can;
    }

    private static Truth and(Truth a, Truth b) {
        if (a == Truth.FALSE || b == Truth.FALSE) {
            return Truth.FALSE;
        }
        return a == Truth.NULL || b == Truth.NULL ? Truth.NULL : Truth.TRUE;
    }

    private static Truth or(Truth a, Truth b) {
        return negated(and(negated(a), negated(b)));
    }

    private static Set<Truth> not(Set<Truth> can) {
        Set<Truth> not = EnumSet.noneOf(Truth.class);
        can.forEach(truth -> not.add(negated(truth)));
        return not;
    }

    private static Truth negated(Truth truth) {
        return truth == Truth.NULL ? Truth.NULL : truth == Truth.TRUE ? Truth.FALSE : Truth.TRUE;
    }
}
