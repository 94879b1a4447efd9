package dev.tarn.compiler.query;

import static dev.tarn.model.ErrorCode.SQL_SYNTAX;

import dev.tarn.compiler.grammar.Texts;
import dev.tarn.compiler.project.Problems;
import dev.tarn.compiler.query.Scope.ScopeColumn;
import dev.tarn.compiler.query.Typed.Reference;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.Sql;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.Trees;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.AggregationClauseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ColumnReferenceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ConstantDefaultContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DereferenceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NamedExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.RegularQuerySpecificationContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.StarContext;
import org.jspecify.annotations.Nullable;

/** Binds one SELECT. */
final class SelectBinder {

    /** One column to be: its name, given by AS or its own, and how it is bound once the groups are known. */
    private record Item(
            String name, boolean named, SourcePosition position, Function<ExpressionBinder, Typed> binding) {}

    private final Site site;
    private final QueryBinder queries;
    private final Problems problems = new Problems();

    SelectBinder(Site site, QueryBinder queries) {
        this.site = site;
        this.queries = queries;
    }

    BoundQuery bind(RegularQuerySpecificationContext select) {
        refuse(select);
        RelationBinder.Bound from = select.fromClause() == null
                ? new RelationBinder.Bound("", Scope.empty(), false)
                : new RelationBinder(site, queries).bind(select.fromClause());
        List<Item> items = items(select, from.scope());
        Scope scope = from.scope()
                .withAliases(items.stream().filter(Item::named).map(Item::name).toList());
        Optional<String> where = select.whereClause() == null
                ? Optional.empty()
                : problems.attempt(() -> new ExpressionBinder(site, scope, Place.ROWS, Set.of())
                        .bindCondition(select.whereClause().booleanExpression())
                        .sql());
        Set<String> groups = groups(select.aggregationClause(), items, scope);
        ExpressionBinder results = new ExpressionBinder(site, scope, Place.RESULT, groups);
        List<Optional<Typed>> columns = items.stream()
                .map(item -> problems.attempt(() -> item.binding().apply(results)))
                .toList();
        Optional<Typed> having = having(select, items, scope, groups);
        Optional<Typed> qualify = select.qualifyClause() == null
                ? Optional.empty()
                : problems.attempt(
                        () -> results.bindCondition(select.qualifyClause().booleanExpression()));
        problems.refuseIfAny();
        List<Typed> values = columns.stream().map(Optional::orElseThrow).toList();
        boolean grouped = select.aggregationClause() != null
                || having.isPresent()
                || values.stream().anyMatch(Typed::aggregate);
        check(select, from, grouped, values, having, qualify);
        return assemble(select, from, items, values, where, groups, having, qualify);
    }

    private void refuse(RegularQuerySpecificationContext select) {
        if (!select.selectClause().hints.isEmpty()) {
            throw site.unsupported(select.selectClause(), "A hint", "Remove it.");
        }
        if (!select.lateralView().isEmpty()) {
            throw site.unsupported(select.lateralView(0), "LATERAL VIEW", "Keep lists out of the query.");
        }
        if (select.windowClause() != null) {
            throw site.unsupported(select.windowClause(), "WINDOW", "Write OVER (...) at the function.");
        }
        if (select.qualifyClause() != null && (select.aggregationClause() != null || distinct(select))) {
            throw site.unsupported(
                    select.qualifyClause(), "QUALIFY beside GROUP BY or DISTINCT", "Group in a WITH query first.");
        }
    }

    private static boolean distinct(RegularQuerySpecificationContext select) {
        return select.selectClause().setQuantifier() != null
                && select.selectClause().setQuantifier().DISTINCT() != null;
    }

    private List<Item> items(RegularQuerySpecificationContext select, Scope scope) {
        List<Item> items = new ArrayList<>();
        for (NamedExpressionContext named :
                select.selectClause().namedExpressionSeq().namedExpression()) {
            ParserRuleContext inner = inner(named.expression());
            if (inner instanceof StarContext star) {
                problems.attempt(() -> star(star, scope)).ifPresent(items::addAll);
            } else {
                problems.attempt(() -> item(named, inner)).ifPresent(items::add);
            }
        }
        Set<String> seen = new HashSet<>();
        for (Item item : items) {
            if (!seen.add(item.name().toLowerCase(Locale.ROOT))) {
                problems.add(
                        SQL_SYNTAX,
                        item.position(),
                        "The result has two columns named " + item.name() + ".",
                        "Give one of them another name with AS.");
            }
        }
        return items;
    }

    private Item item(NamedExpressionContext named, ParserRuleContext inner) {
        SourcePosition position = site.grammar().at(named);
        if (named.identifierList() != null) {
            throw site.unsupported(named, "Several names for one expression", "Give one name with AS.");
        }
        String name;
        if (named.name != null) {
            name = Texts.name(named.name);
        } else if (inner instanceof ColumnReferenceContext column) {
            name = Texts.name(column);
        } else if (inner instanceof DereferenceContext column) {
            name = Texts.name(column.fieldName);
        } else {
            throw site.unsupported(
                    named, "The expression " + Site.shown(named) + " without a name", "Name it with AS.");
        }
        return new Item(name, named.name != null, position, binder -> value(named, binder));
    }

    private Typed value(NamedExpressionContext named, ExpressionBinder binder) {
        Typed value = binder.bind(named.expression());
        if (value.literal().isNull()) {
            throw site.mismatch(named, "NULL alone has no type.", "Write CAST(NULL AS type).");
        }
        return value;
    }

    private List<Item> star(StarContext star, Scope scope) {
        if (star.exceptClause() != null) {
            throw site.unsupported(star, "* EXCEPT", "Name the columns.");
        }
        SourcePosition position = site.grammar().at(star);
        List<ScopeColumn> columns = star.qualifiedName() == null
                ? scope.star()
                : scope.star(
                        Texts.names(star.qualifiedName().identifier()),
                        star.qualifiedName().identifier().stream()
                                .map(site.grammar()::at)
                                .toList());
        return columns.stream()
                .map(column -> new Item(column.name(), false, position, binder -> binder.resolved(column, position)))
                .toList();
    }

    /** DuckDB texts of what GROUP BY names: ordinals, aliases and ALL stand for items of the SELECT. */
    private Set<String> groups(@Nullable AggregationClauseContext clause, List<Item> items, Scope scope) {
        Set<String> groups = new LinkedHashSet<>();
        if (clause == null) {
            return groups;
        }
        boolean plain = clause.kind == null
                && clause.GROUPING() == null
                && clause.groupingExpressionsWithGroupingAnalytics.stream()
                        .allMatch(group -> group.groupingAnalytics() == null)
                && clause.groupingExpressions.stream().allMatch(group -> group.name == null);
        if (!plain) {
            throw site.unsupported(
                    clause, "ROLLUP, CUBE and GROUPING SETS", "Write one query for each grouping and UNION ALL them.");
        }
        List<ParserRuleContext> expressions = new ArrayList<>();
        clause.groupingExpressionsWithGroupingAnalytics.forEach(group -> expressions.add(group.expression()));
        clause.groupingExpressions.forEach(group -> expressions.add(group.expression()));
        ExpressionBinder rows = new ExpressionBinder(site, scope, Place.ROWS, Set.of());
        if (expressions.size() == 1 && expressions.get(0).getText().equalsIgnoreCase("ALL")) {
            ExpressionBinder any = new ExpressionBinder(site, scope, Place.RESULT, Set.of());
            for (Item item : items) {
                problems.attempt(() -> item.binding().apply(any))
                        .filter(value -> !value.aggregate() && !value.window())
                        .ifPresent(value -> add(groups, clause, value, rows));
            }
            return groups;
        }
        for (ParserRuleContext expression : expressions) {
            problems.attempt(() -> group(expression, items, scope, rows))
                    .ifPresent(value -> add(groups, expression, value, rows));
        }
        return groups;
    }

    private void add(Set<String> groups, ParserRuleContext where, Typed value, ExpressionBinder rows) {
        problems.attempt(() -> {
            rows.requireExact(where, value.type(), "GROUP BY");
            return groups.add(value.sql());
        });
    }

    private Typed group(ParserRuleContext expression, List<Item> items, Scope scope, ExpressionBinder rows) {
        ParserRuleContext inner = inner(expression);
        if (inner instanceof ConstantDefaultContext constant
                && constant.getText().matches("-?[0-9]+")) {
            String ordinal = constant.getText();
            if (!ordinal.matches("[1-9][0-9]{0,3}") || Integer.parseInt(ordinal) > items.size()) {
                throw Problems.refusal(
                        SQL_SYNTAX,
                        site.grammar().at(expression),
                        "GROUP BY " + ordinal + " names no column: the SELECT has " + items.size() + ".",
                        "Write a number from 1 to " + items.size() + ", or the column.");
            }
            return items.get(Integer.parseInt(ordinal) - 1).binding().apply(rows);
        }
        if (inner instanceof ColumnReferenceContext column) {
            String name = Texts.name(column);
            Optional<Item> alias = items.stream()
                    .filter(item -> item.name().equalsIgnoreCase(name))
                    .findFirst();
            boolean known = scope.star().stream().anyMatch(found -> found.name().equalsIgnoreCase(name));
            if (!known && alias.isPresent()) {
                return alias.get().binding().apply(rows);
            }
        }
        return rows.bind(expression);
    }

    /** Spark looks names of HAVING up among the results first: a result's name that means anything else is refused. */
    private Optional<Typed> having(
            RegularQuerySpecificationContext select, List<Item> items, Scope scope, Set<String> groups) {
        if (select.havingClause() == null) {
            return Optional.empty();
        }
        ParserRuleContext condition = select.havingClause().booleanExpression();
        Optional<Typed> having = problems.attempt(
                () -> new ExpressionBinder(site, scope, Place.GROUPS, groups).bindCondition(condition));
        List<String> read = Trees.getDescendants(condition).stream()
                .filter(ColumnReferenceContext.class::isInstance)
                .map(tree -> Texts.name((ColumnReferenceContext) tree))
                .toList();
        for (Item item : items) {
            if (read.stream().anyMatch(item.name()::equalsIgnoreCase)
                    && scope.star().stream()
                            .noneMatch(column ->
                                    column.name().equalsIgnoreCase(item.name()) && groups.contains(column.sql()))) {
                throw site.unsupported(
                        condition,
                        "HAVING with " + item.name() + ", which the SELECT also defines,",
                        "Filter in an outer query, or give the result another name.");
            }
        }
        return having;
    }

    private void check(
            RegularQuerySpecificationContext select,
            RelationBinder.Bound from,
            boolean grouped,
            List<Typed> values,
            Optional<Typed> having,
            Optional<Typed> qualify) {
        ExpressionBinder exact = new ExpressionBinder(site, from.scope(), Place.ROWS, Set.of());
        if (distinct(select)) {
            values.forEach(value -> exact.requireExact(select.selectClause(), value.type(), "SELECT DISTINCT"));
        }
        if (qualify.isPresent() && (grouped || qualify.get().aggregate())) {
            throw site.unsupported(
                    select.qualifyClause(), "QUALIFY beside an aggregate function", "Group in a WITH query first.");
        }
        if (qualify.isPresent() && !qualify.get().window() && values.stream().noneMatch(Typed::window)) {
            throw Problems.refusal(
                    SQL_SYNTAX,
                    site.grammar().at(select.qualifyClause()),
                    "QUALIFY without a window function.",
                    "Write WHERE, or compare row_number() OVER (...) there.");
        }
        if (grouped) {
            values.forEach(this::requireGrouped);
            having.ifPresent(this::requireGrouped);
            problems.refuseIfAny();
        }
        boolean windows = qualify.isPresent() || values.stream().anyMatch(Typed::window);
        if (from.streaming() && (grouped || windows || distinct(select))) {
            throw site.unsupported(
                    select, "Grouping, DISTINCT or window functions over a stream", "Make it a materialized view.");
        }
    }

    private void requireGrouped(Typed value) {
        for (Reference reference : value.references()) {
            problems.add(
                    SQL_SYNTAX,
                    reference.position(),
                    reference.name() + " is neither in GROUP BY nor inside an aggregate function.",
                    "Add it to GROUP BY, or write min(" + reference.name() + ").");
        }
    }

    private static BoundQuery assemble(
            RegularQuerySpecificationContext select,
            RelationBinder.Bound from,
            List<Item> items,
            List<Typed> values,
            Optional<String> where,
            Set<String> groups,
            Optional<Typed> having,
            Optional<Typed> qualify) {
        List<ResultColumn> columns = new ArrayList<>();
        List<String> list = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            Typed value = values.get(i);
            columns.add(new ResultColumn(
                    item.name(), value.type(), item.position(), from.scope().origins(value.sql())));
            list.add(value.sql() + " AS " + Sql.identifier(item.name()));
        }
        StringBuilder sql = new StringBuilder(distinct(select) ? "SELECT DISTINCT " : "SELECT ");
        sql.append(String.join(", ", list));
        sql.append(from.sql().isEmpty() ? "" : "\nFROM " + from.sql());
        where.ifPresent(condition -> sql.append("\nWHERE ").append(condition));
        sql.append(groups.isEmpty() ? "" : groups.stream().collect(Collectors.joining(", ", "\nGROUP BY ", "")));
        having.ifPresent(condition -> sql.append("\nHAVING ").append(condition.sql()));
        qualify.ifPresent(condition -> sql.append("\nQUALIFY ").append(condition.sql()));
        return new BoundQuery(sql.toString(), columns, from.streaming());
    }

    /** The expression itself, without the grammar's levels around it. */
    private static ParserRuleContext inner(ParserRuleContext expression) {
        ParserRuleContext inner = expression;
        while (inner.getChildCount() == 1
                && inner.getChild(0) instanceof ParserRuleContext child
                && !(inner instanceof ColumnReferenceContext)
                && !(inner instanceof ConstantDefaultContext)) {
            inner = child;
        }
        return inner;
    }
}
