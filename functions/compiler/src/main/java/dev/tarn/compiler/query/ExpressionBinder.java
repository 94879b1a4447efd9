package dev.tarn.compiler.query;

import static dev.tarn.model.DataType.Simple.BOOLEAN;

import dev.tarn.compiler.grammar.Texts;
import dev.tarn.compiler.grammar.Types;
import dev.tarn.compiler.query.Typed.Literal;
import dev.tarn.model.DataType;
import dev.tarn.model.DataType.Decimal;
import dev.tarn.model.DataType.Simple;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.RuleNode;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ArithmeticBinaryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ArithmeticUnaryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CastByColonContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CastContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ColumnReferenceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ComparisonContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ConstantDefaultContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DataTypeContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DereferenceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExistsContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.FunctionCallContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.LogicalBinaryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.LogicalNotContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ParenthesizedExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PredicatedContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PrimaryExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SearchedCaseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SimpleCaseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.StarContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SubqueryExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.WhenClauseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParserBaseVisitor;
import org.jspecify.annotations.Nullable;

/** Binds expressions over one scope. Whatever has no method here is refused. */
final class ExpressionBinder extends SqlBaseParserBaseVisitor<Typed> {

    private static final int MAX_DEPTH = 300;
    private static final String SIMPLER = "Rewrite it with constructs that the SQL reference lists.";

    private final Site site;
    private final Scope scope;
    private final Place place;
    private final Set<String> groupings;
    private final Literals literals;
    private final PredicateBinder predicates;
    private int depth;

    /** {@code groupings}: DuckDB texts of the grouping expressions, which are the same for all rows of a group. */
    ExpressionBinder(Site site, Scope scope, Place place, Set<String> groupings) {
        this.site = site;
        this.scope = scope;
        this.place = place;
        this.groupings = Set.copyOf(groupings);
        this.literals = new Literals(site);
        this.predicates = new PredicateBinder(this);
    }

    Place place() {
        return place;
    }

    Site site() {
        return site;
    }

    PredicateBinder predicates() {
        return predicates;
    }

    /** A binder for the arguments of an aggregate function. */
    ExpressionBinder inside() {
        return new ExpressionBinder(site, scope, Place.ROWS, Set.of());
    }

    Typed bind(ParserRuleContext expression) {
        return visit(expression);
    }

    /** A column that {@code *} stands for. */
    Typed resolved(Scope.ScopeColumn column, SourcePosition position) {
        Typed value = Typed.column(column.sql(), column.type(), new Typed.Reference(column.name(), position));
        return groupings.contains(value.sql()) ? value.grouped() : value;
    }

    Typed bindCondition(ParserRuleContext expression) {
        Typed condition = visit(expression);
        if (condition.type() != BOOLEAN) {
            throw site.mismatch(
                    expression,
                    Site.shown(expression) + " is " + condition.type() + " and stands where a condition is needed.",
                    "Compare it with something.");
        }
        return condition;
    }

    @Override
    public Typed visit(ParseTree tree) {
        if (++depth > MAX_DEPTH && tree instanceof ParserRuleContext context) {
            throw site.unsupported(
                    context,
                    "An expression that is nested more than " + MAX_DEPTH + " levels deep",
                    "Split it with WITH queries.");
        }
        Typed bound = super.visit(tree);
        depth--;
        return groupings.contains(bound.sql()) ? bound.grouped() : bound;
    }

    @Override
    public Typed visitChildren(RuleNode node) {
        if (node.getChildCount() == 1) {
            return visit(node.getChild(0));
        }
        throw refused((ParserRuleContext) node);
    }

    @Override
    public Typed visitTerminal(TerminalNode node) {
        throw refused((ParserRuleContext) node.getParent());
    }

    TarnException refused(ParserRuleContext context) {
        if (context instanceof SubqueryExpressionContext || context instanceof ExistsContext) {
            return site.unsupported(context, "A subquery inside an expression", "Join the query instead.");
        }
        return site.unsupported(context, Site.shown(context), SIMPLER);
    }

    @Override
    public Typed visitParenthesizedExpression(ParenthesizedExpressionContext context) {
        return visit(context.expression());
    }

    @Override
    public Typed visitColumnReference(ColumnReferenceContext context) {
        return scope.resolve(
                List.of(Texts.name(context)), List.of(site.grammar().at(context)));
    }

    @Override
    public Typed visitDereference(DereferenceContext context) {
        List<String> parts = new ArrayList<>();
        List<SourcePosition> positions = new ArrayList<>();
        PrimaryExpressionContext base = context;
        while (base instanceof DereferenceContext dereference) {
            parts.add(0, Texts.name(dereference.fieldName));
            positions.add(0, site.grammar().at(dereference.fieldName));
            base = dereference.base;
        }
        if (!(base instanceof ColumnReferenceContext)) {
            throw refused(context);
        }
        parts.add(0, Texts.name(base));
        positions.add(0, site.grammar().at(base));
        return scope.resolve(parts, positions);
    }

    @Override
    public Typed visitConstantDefault(ConstantDefaultContext context) {
        return literals.bind(context.constant());
    }

    @Override
    public Typed visitLogicalBinary(LogicalBinaryContext context) {
        Typed left = bindCondition(context.left);
        Typed right = bindCondition(context.right);
        String word = context.operator.getType() == SqlBaseParser.AND ? " AND " : " OR ";
        return Typed.of("(" + left.sql() + word + right.sql() + ")", BOOLEAN, List.of(left, right));
    }

    @Override
    public Typed visitLogicalNot(LogicalNotContext context) {
        return PredicateBinder.not(bindCondition(context.booleanExpression()));
    }

    @Override
    public Typed visitComparison(ComparisonContext context) {
        return predicates.comparison(context);
    }

    @Override
    public Typed visitPredicated(PredicatedContext context) {
        return context.predicate() == null ? visit(context.valueExpression()) : predicates.predicate(context);
    }

    @Override
    public Typed visitArithmeticUnary(ArithmeticUnaryContext context) {
        Typed value = visit(context.valueExpression());
        if (!Coercion.isNumber(value.type()) || context.operator.getType() == SqlBaseParser.TILDE) {
            throw refused(context);
        }
        return context.operator.getType() == SqlBaseParser.PLUS
                ? value
                : value.as(Coercion.cast("-" + value.sql(), value.type()), value.type());
    }

    @Override
    public Typed visitArithmeticBinary(ArithmeticBinaryContext context) {
        Typed left = visit(context.left);
        Typed right = visit(context.right);
        return switch (context.operator.getType()) {
            case SqlBaseParser.PLUS, SqlBaseParser.MINUS, SqlBaseParser.ASTERISK -> arithmetic(context, left, right);
            case SqlBaseParser.CONCAT_PIPE -> concatenated(context, List.of(left, right));
            case SqlBaseParser.SLASH ->
                throw site.unsupported(context, "Division", "Keep both numbers and divide where they are shown.");
            default -> throw site.unsupported(context, "The operator " + context.operator.getText(), SIMPLER);
        };
    }

    private Typed arithmetic(ArithmeticBinaryContext context, Typed left, Typed right) {
        boolean numbers = Coercion.isNumber(left.type()) && Coercion.isNumber(right.type());
        if (!numbers || left.literal().isNull() || right.literal().isNull()) {
            throw site.unsupported(
                    context,
                    context.operator.getText() + " of " + PredicateBinder.shown(context.left, left) + " and "
                            + PredicateBinder.shown(context.right, right),
                    "Use integers and decimals.");
        }
        String operator = " " + context.operator.getText() + " ";
        if (Coercion.isInteger(left.type()) && Coercion.isInteger(right.type())) {
            DataType type = Coercion.common(left.type(), right.type()).orElseThrow();
            return computed(Coercion.to(type, left), operator, Coercion.to(type, right), type);
        }
        boolean product = context.operator.getType() == SqlBaseParser.ASTERISK;
        Decimal a = Coercion.decimal(left, true);
        Decimal b = Coercion.decimal(right, true);
        Decimal type = (product ? Coercion.product(a, b) : Coercion.sum(a, b))
                .orElseThrow(() -> site.unsupported(
                        context,
                        "A result of more than 38 digits, from " + a + operator + b + ",",
                        "CAST the numbers to fewer digits first."));
        return product
                ? computed(Coercion.to(a, left), operator, Coercion.to(b, right), type)
                : computed(Coercion.to(type, left), operator, Coercion.to(type, right), type);
    }

    private static Typed computed(Typed left, String operator, Typed right, DataType type) {
        return Typed.of(
                Coercion.cast("(" + left.sql() + operator + right.sql() + ")", type), type, List.of(left, right));
    }

    /** Texts put together; NULL when one of them is NULL. */
    Typed concatenated(ParserRuleContext context, List<Typed> texts) {
        if (texts.stream().anyMatch(text -> text.type() != Simple.STRING)) {
            throw site.mismatch(
                    context,
                    Site.shown(context) + " puts together what is not all STRING.",
                    "CAST the other values AS STRING.");
        }
        List<Typed> strings =
                texts.stream().map(text -> Coercion.to(Simple.STRING, text)).toList();
        String sql = strings.stream().map(Typed::sql).collect(Collectors.joining(" || ", "(", ")"));
        return Typed.of(sql, Simple.STRING, strings);
    }

    @Override
    public Typed visitSearchedCase(SearchedCaseContext context) {
        List<Typed> conditions = context.whenClause().stream()
                .map(when -> bindCondition(when.condition))
                .toList();
        return caseOf(context, conditions, context.whenClause(), context.elseExpression);
    }

    @Override
    public Typed visitSimpleCase(SimpleCaseContext context) {
        List<Typed> conditions = context.whenClause().stream()
                .map(when -> predicates.compare(when, context.value, when.condition, "="))
                .toList();
        return caseOf(context, conditions, context.whenClause(), context.elseExpression);
    }

    private Typed caseOf(
            ParserRuleContext context,
            List<Typed> conditions,
            List<WhenClauseContext> branches,
            @Nullable ExpressionContext otherwise) {
        List<ParserRuleContext> texts = new ArrayList<>();
        branches.forEach(branch -> texts.add(branch.result));
        if (otherwise != null) {
            texts.add(otherwise);
        }
        List<Typed> results =
                common(context, texts, texts.stream().map(this::visit).toList());
        StringBuilder sql = new StringBuilder("CASE");
        for (int i = 0; i < conditions.size(); i++) {
            sql.append(" WHEN ").append(conditions.get(i).sql());
            sql.append(" THEN ").append(results.get(i).sql());
        }
        if (otherwise != null) {
            sql.append(" ELSE ").append(results.get(results.size() - 1).sql());
        }
        List<Typed> parts = new ArrayList<>(conditions);
        parts.addAll(results);
        return Typed.of(sql.append(" END").toString(), results.get(0).type(), parts);
    }

    /** The values, brought to the type that Spark gives them together. */
    List<Typed> common(ParserRuleContext context, List<? extends ParserRuleContext> texts, List<Typed> values) {
        Typed so = values.get(0);
        for (int i = 1; i < values.size(); i++) {
            Typed next = values.get(i);
            Typed before = so;
            String where = Site.shown(texts.get(i));
            DataType type = Coercion.common(before, next)
                    .orElseThrow(() -> site.mismatch(
                            context,
                            where + " is " + next.type() + " beside " + before.type() + ".",
                            "Bring all values to one type with CAST."));
            so = new Typed("", type, both(before, next), List.of(), false, false);
        }
        DataType type = so.type();
        if (so.literal().isNull()) {
            throw site.mismatch(
                    context, Site.shown(context) + " is always NULL and has no type.", "Write CAST(NULL AS type).");
        }
        return values.stream().map(value -> Coercion.to(type, value)).toList();
    }

    private static Literal both(Typed a, Typed b) {
        return a.literal().isNull() && b.literal().isNull() ? Literal.NULL : Literal.NONE;
    }

    void requireExact(ParserRuleContext context, DataType type, String where) {
        if (!Coercion.isExact(type)) {
            throw site.unsupported(context, type + " in " + where, "CAST it to a type with exact values.");
        }
    }

    @Override
    public Typed visitCast(CastContext context) {
        if (context.name.getType() == SqlBaseParser.TRY_CAST) {
            throw site.unsupported(context, "TRY_CAST", "Write CAST, which fails on what does not fit.");
        }
        return cast(context, context.expression(), context.dataType());
    }

    @Override
    public Typed visitCastByColon(CastByColonContext context) {
        return cast(context, context.primaryExpression(), context.dataType());
    }

    private Typed cast(ParserRuleContext context, ParserRuleContext expression, DataTypeContext dataType) {
        DataType type = new Types(site.grammar()).read(dataType);
        Optional<Typed> truncated = type == Simple.DATE ? Functions.truncatedDate(this, expression) : Optional.empty();
        if (truncated.isPresent()) {
            return truncated.get();
        }
        Typed value = visit(expression);
        if (value.literal().isNull()) {
            return Coercion.to(type, value);
        }
        return Casts.cast(value, type)
                .orElseThrow(() -> site.unsupported(
                        context, "CAST of " + PredicateBinder.shown(expression, value) + " AS " + type, Casts.MEND));
    }

    @Override
    public Typed visitFunctionCall(FunctionCallContext context) {
        return new Functions(this).bind(context);
    }

    @Override
    public Typed visitStar(StarContext context) {
        throw site.unsupported(context, "* inside an expression", "Name the columns.");
    }
}
