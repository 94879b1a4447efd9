package dev.tarn.compiler.query;

import dev.tarn.compiler.grammar.Texts;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.BooleanLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ColumnReferenceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ComparisonContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ConstantDefaultContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DereferenceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.LogicalBinaryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.LogicalNotContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NullLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NumericLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ParenthesizedExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PredicatedContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.StringLiteralContext;

/**
 * What is known of a row: of some columns their value, or that they have one; of some conditions that they are true. Of
 * everything else nothing is known, it may be NULL or not.
 *
 * @param values by column, in lower case
 * @param truths texts of conditions, as {@link #text} gives them
 */
record RowFacts(Map<String, Value> values, Set<String> truths) {

    /** What is known of a value. {@code constant} is a text, a number, true or false. */
    record Value(Kind kind, Optional<Object> constant) {
        enum Kind {
            NULL,
            CONSTANT,
            NOT_NULL,
            ANY
        }

        static final Value NULL = new Value(Kind.NULL, Optional.empty());
        static final Value NOT_NULL = new Value(Kind.NOT_NULL, Optional.empty());
        static final Value ANY = new Value(Kind.ANY, Optional.empty());

        static Value of(Object constant) {
            return new Value(Kind.CONSTANT, Optional.of(constant));
        }

        boolean isNever() {
            return kind == Kind.NULL;
        }

        boolean isThere() {
            return kind == Kind.CONSTANT || kind == Kind.NOT_NULL;
        }
    }

    /** More alternatives than these are not told apart: nothing is known then. */
    private static final int MOST_ALTERNATIVES = 64;

    static final RowFacts NONE = new RowFacts(Map.of(), Set.of());

    /** What is known of a row of which {@code condition} is true: one of these. */
    static List<RowFacts> where(ParserRuleContext condition) {
        List<RowFacts> alternatives = alternatives(condition);
        return alternatives.size() > MOST_ALTERNATIVES ? List.of(NONE) : alternatives;
    }

    private static List<RowFacts> alternatives(ParserRuleContext condition) {
        ParserRuleContext inner = inner(condition);
        if (inner instanceof LogicalBinaryContext both) {
            List<RowFacts> left = where(both.left);
            List<RowFacts> right = where(both.right);
            if (both.operator.getType() == SqlBaseParser.OR) {
                List<RowFacts> either = new ArrayList<>(left);
                either.addAll(right);
                return either;
            }
            List<RowFacts> pairs = new ArrayList<>();
            left.forEach(a -> right.forEach(b -> pairs.add(a.and(b))));
            return pairs;
        }
        if (inner instanceof PredicatedContext in
                && in.predicate() != null
                && in.predicate().kind.getType() == SqlBaseParser.IN
                && in.predicate().errorCapturingNot() == null
                && in.predicate().query() == null) {
            return in.predicate().expression().stream()
                    .map(value -> equal(in.valueExpression(), value))
                    .toList();
        }
        return List.of(single(inner));
    }

    private static RowFacts single(ParserRuleContext condition) {
        if (condition instanceof ComparisonContext comparison) {
            String operator = comparison.comparisonOperator().getText();
            if (operator.equals("=") || operator.equals("==")) {
                RowFacts equal = equal(comparison.left, comparison.right);
                return equal.equals(NONE) ? truth(condition) : equal;
            }
        }
        if (condition instanceof LogicalNotContext not
                && column(not.booleanExpression()).isPresent()) {
            return known(column(not.booleanExpression()).get(), Value.of(false));
        }
        if (condition instanceof PredicatedContext is
                && is.predicate() != null
                && is.predicate().kind.getType() == SqlBaseParser.NULL) {
            boolean there = is.predicate().errorCapturingNot() != null;
            return column(is.valueExpression())
                    .map(name -> known(name, there ? Value.NOT_NULL : Value.NULL))
                    .orElse(truth(condition));
        }
        return column(condition).map(name -> known(name, Value.of(true))).orElse(truth(condition));
    }

    private static RowFacts equal(ParserRuleContext left, ParserRuleContext right) {
        Optional<String> name = column(left).or(() -> column(right));
        Value value = column(left).isPresent() ? literal(right) : literal(left);
        return name.isPresent() && value.kind() == Value.Kind.CONSTANT ? known(name.get(), value) : NONE;
    }

    private static RowFacts known(String column, Value value) {
        return new RowFacts(Map.of(column, value), Set.of());
    }

    private static RowFacts truth(ParserRuleContext condition) {
        return new RowFacts(Map.of(), Set.of(text(condition)));
    }

    RowFacts and(RowFacts other) {
        Map<String, Value> all = new HashMap<>(values);
        other.values.forEach(
                (column, value) -> all.merge(column, value, (a, b) -> a.kind() == Value.Kind.CONSTANT ? a : b));
        Set<String> both = new HashSet<>(truths);
        both.addAll(other.truths);
        return new RowFacts(all, both);
    }

    /**
     * The same facts of a row that shows some columns under other names. Truths are kept when no name differs.
     *
     * @param names by the name here; a column that is missing is not shown
     */
    RowFacts renamed(Map<String, String> names, Set<String> read) {
        Map<String, Value> renamed = new HashMap<>();
        values.forEach((column, value) -> {
            if (names.containsKey(column)) {
                renamed.put(names.get(column), value);
            }
        });
        boolean same = read.stream().allMatch(column -> column.equals(names.get(column)));
        return new RowFacts(renamed, same ? truths : Set.of());
    }

    Value of(ParserRuleContext expression) {
        Optional<String> column = column(expression);
        return column.isPresent() ? values.getOrDefault(column.get(), Value.ANY) : literal(expression);
    }

    /** The column that {@code expression} is, in lower case and without a qualifier; empty when it is anything else. */
    static Optional<String> column(ParserRuleContext expression) {
        ParserRuleContext inner = inner(expression);
        if (inner instanceof ColumnReferenceContext column) {
            return Optional.of(Texts.name(column).toLowerCase(Locale.ROOT));
        }
        return inner instanceof DereferenceContext column
                ? Optional.of(Texts.name(column.fieldName).toLowerCase(Locale.ROOT))
                : Optional.empty();
    }

    private static Value literal(ParserRuleContext expression) {
        if (!(inner(expression) instanceof ConstantDefaultContext constant)) {
            return Value.ANY;
        }
        if (constant.constant() instanceof NullLiteralContext) {
            return Value.NULL;
        }
        if (constant.constant() instanceof BooleanLiteralContext flag) {
            return Value.of(Boolean.parseBoolean(flag.getText()));
        }
        if (constant.constant() instanceof StringLiteralContext text) {
            return Value.of(Texts.string(text.stringLit()));
        }
        boolean plain = constant.constant() instanceof NumericLiteralContext
                && constant.getText().matches("-?[0-9]+(\\.[0-9]+)?");
        return plain ? Value.of(new BigDecimal(constant.getText()).stripTrailingZeros()) : Value.NOT_NULL;
    }

    /** The columns that are named in {@code expression}, as {@link #column} names them. */
    static Set<String> columns(ParseTree expression) {
        Set<String> columns = new HashSet<>();
        if (expression instanceof ParserRuleContext context && column(context).isPresent()) {
            columns.add(column(context).get());
            return columns;
        }
        for (int i = 0; i < expression.getChildCount(); i++) {
            columns.addAll(columns(expression.getChild(i)));
        }
        return columns;
    }

    /** A text that is the same for expressions which mean the same, whatever their case, blanks and parentheses around. */
    static String text(ParserRuleContext expression) {
        StringBuilder text = new StringBuilder();
        append(inner(expression), text);
        return text.toString();
    }

    private static void append(ParseTree tree, StringBuilder text) {
        if (tree instanceof ParserRuleContext context && column(context).isPresent()) {
            text.append('`').append(column(context).get()).append("` ");
        } else if (tree instanceof TerminalNode terminal) {
            boolean quoted = Texts.isString(terminal.getSymbol());
            text.append(quoted ? terminal.getText() : terminal.getText().toUpperCase(Locale.ROOT))
                    .append(' ');
        } else {
            for (int i = 0; i < tree.getChildCount(); i++) {
                append(tree.getChild(i), text);
            }
        }
    }

    /** The expression itself, without parentheses and the grammar's levels around it. */
    static ParserRuleContext inner(ParserRuleContext expression) {
        ParserRuleContext inner = expression;
        while (true) {
            if (inner instanceof ParenthesizedExpressionContext parentheses) {
                inner = parentheses.expression();
            } else if (inner.getChildCount() == 1
                    && inner.getChild(0) instanceof ParserRuleContext child
                    && !(inner instanceof ColumnReferenceContext)
                    && !(inner instanceof ConstantDefaultContext)) {
                inner = child;
            } else {
                return inner;
            }
        }
    }
}
