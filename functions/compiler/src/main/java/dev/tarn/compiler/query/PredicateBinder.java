package dev.tarn.compiler.query;

import static dev.tarn.model.DataType.Simple.BOOLEAN;

import dev.tarn.model.DataType;
import dev.tarn.model.DataType.Simple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.ParserRuleContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ComparisonContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PredicateContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PredicatedContext;

/** Binds what compares values and yields true, false or NULL. */
final class PredicateBinder {

    private final ExpressionBinder binder;
    private final Site site;

    PredicateBinder(ExpressionBinder binder) {
        this.binder = binder;
        this.site = binder.site();
    }

    Typed comparison(ComparisonContext context) {
        String operator = context.comparisonOperator().getText();
        return compare(
                context,
                context.left,
                context.right,
                switch (operator) {
                    case "==" -> "=";
                    case "!=", "<>" -> "<>";
                    case "<=>" -> "IS NOT DISTINCT FROM";
                    case "!<" -> ">=";
                    case "!>" -> "<=";
                    default -> operator;
                });
    }

    Typed compare(ParserRuleContext where, ParserRuleContext left, ParserRuleContext right, String operator) {
        return compare(where, left, binder.bind(left), right, binder.bind(right), operator);
    }

    Typed compare(
            ParserRuleContext where,
            ParserRuleContext leftText,
            Typed left,
            ParserRuleContext rightText,
            Typed right,
            String operator) {
        Optional<DataType> type = Coercion.comparable(left, right);
        if (type.isEmpty() || !Coercion.isOrdered(type.get())) {
            throw site.mismatch(
                    where,
                    shown(leftText, left) + " and " + shown(rightText, right) + " cannot be compared.",
                    left.literal().isNull() || right.literal().isNull()
                            ? "Write IS NULL or IS NOT NULL."
                            : "Bring both to one type with CAST; write a date as DATE'2026-01-31'.");
        }
        Typed a = Coercion.to(type.get(), left);
        Typed b = Coercion.to(type.get(), right);
        return Typed.of("(" + a.sql() + " " + operator + " " + b.sql() + ")", BOOLEAN, List.of(a, b));
    }

    static String shown(ParserRuleContext text, Typed value) {
        return Site.shown(text) + (value.literal().isNull() ? "" : " (" + value.type() + ")");
    }

    /** {@code x IS NULL}, {@code x BETWEEN a AND b} and the like, NOT among them. */
    Typed predicate(PredicatedContext context) {
        PredicateContext predicate = context.predicate();
        Typed bound =
                switch (predicate.kind.getType()) {
                    case SqlBaseParser.NULL -> isNull(binder.bind(context.valueExpression()));
                    case SqlBaseParser.BETWEEN -> between(context, predicate);
                    case SqlBaseParser.IN -> in(context, predicate);
                    case SqlBaseParser.LIKE -> like(context, predicate);
                    case SqlBaseParser.DISTINCT ->
                        compare(context, context.valueExpression(), predicate.right, "IS NOT DISTINCT FROM");
                    default -> throw binder.refused(context);
                };
        boolean distinct = predicate.kind.getType() == SqlBaseParser.DISTINCT;
        boolean negated = predicate.errorCapturingNot() != null;
        return negated == distinct ? bound : not(bound);
    }

    static Typed not(Typed condition) {
        return condition.as("(NOT " + condition.sql() + ")", BOOLEAN);
    }

    private static Typed isNull(Typed value) {
        return value.as("(" + value.sql() + " IS NULL)", BOOLEAN);
    }

    private Typed between(PredicatedContext context, PredicateContext predicate) {
        Typed low = compare(context, context.valueExpression(), predicate.lower, ">=");
        Typed high = compare(context, context.valueExpression(), predicate.upper, "<=");
        return Typed.of("(" + low.sql() + " AND " + high.sql() + ")", BOOLEAN, List.of(low, high));
    }

    private Typed in(PredicatedContext context, PredicateContext predicate) {
        if (predicate.query() != null) {
            throw site.unsupported(context, "IN with a subquery", "Join the query instead.");
        }
        List<ParserRuleContext> texts = new ArrayList<>(List.of(context.valueExpression()));
        texts.addAll(predicate.expression());
        List<Typed> values =
                binder.common(context, texts, texts.stream().map(binder::bind).toList());
        binder.requireExact(context, values.get(0).type(), "IN");
        String list = values.stream().skip(1).map(Typed::sql).collect(Collectors.joining(", "));
        return Typed.of("(" + values.get(0).sql() + " IN (" + list + "))", BOOLEAN, values);
    }

    private Typed like(PredicatedContext context, PredicateContext predicate) {
        Typed value = binder.bind(context.valueExpression());
        Typed pattern = predicate.pattern == null ? Coercion.nothing() : binder.bind(predicate.pattern);
        Optional<String> text = pattern.literal().text();
        if (predicate.quantifier != null
                || predicate.escapeChar != null
                || value.type() != Simple.STRING
                || text.isEmpty()
                || text.get().contains("\\")) {
            throw site.unsupported(
                    context, "LIKE other than of a STRING and a plain pattern", "Write text LIKE 'with % and _'.");
        }
        return value.as("(" + value.sql() + " LIKE " + pattern.sql() + ")", BOOLEAN);
    }
}
