package dev.tarn.compiler.query;

import static dev.tarn.model.DataType.Simple.BIGINT;
import static dev.tarn.model.DataType.Simple.DATE;
import static dev.tarn.model.DataType.Simple.INT;
import static dev.tarn.model.DataType.Simple.STRING;

import dev.tarn.model.DataType;
import dev.tarn.model.DataType.Decimal;
import dev.tarn.model.Nearest;
import dev.tarn.model.Sql;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.ParserRuleContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.FunctionCallContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SortItemContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.StarContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.WindowDefContext;

/** Binds calls of the functions for which Spark's answer is ensured. */
final class Functions {

    private static final List<String> AGGREGATES = List.of("count", "sum", "min", "max");
    private static final List<String> RANKS = List.of("row_number", "rank", "dense_rank");
    private static final List<String> SCALARS = List.of(
            "abs",
            "coalesce",
            "concat",
            "date_trunc",
            "day",
            "get_json_object",
            "if",
            "ifnull",
            "ltrim",
            "month",
            "nullif",
            "nvl",
            "rtrim",
            "trim",
            "trunc",
            "year");
    private static final Map<String, String> DATE_UNITS = Map.of(
            "YEAR", "year", "YYYY", "year", "YY", "year", "QUARTER", "quarter", "MONTH", "month", "MON", "month", "MM",
            "month");
    private static final Pattern JSON_PATH = Pattern.compile("\\$((?:\\.[A-Za-z_][A-Za-z0-9_]*)+)");

    private final ExpressionBinder binder;
    private final Site site;

    Functions(ExpressionBinder binder) {
        this.binder = binder;
        this.site = binder.site();
    }

    Typed bind(FunctionCallContext call) {
        String name = name(call);
        if (call.WITHIN() != null || call.nullsOption != null) {
            throw site.unsupported(call, "WITHIN GROUP, IGNORE NULLS or RESPECT NULLS", "Leave it out.");
        }
        if (call.argument.stream().anyMatch(argument -> argument.expression() == null)) {
            throw site.unsupported(call, "An argument by name", "Write the values in their order.");
        }
        if (call.windowSpec() != null || RANKS.contains(name)) {
            return rank(name, call);
        }
        if (AGGREGATES.contains(name)) {
            return aggregate(name, call);
        }
        if (!SCALARS.contains(name)) {
            throw unknown(name, call);
        }
        if (call.where != null || distinct(call)) {
            throw site.unsupported(call, "FILTER or DISTINCT at " + name, "Leave it out.");
        }
        return scalar(name, call);
    }

    private static String name(FunctionCallContext call) {
        return call.functionName().getText().toLowerCase(Locale.ROOT);
    }

    private TarnException unknown(String name, FunctionCallContext call) {
        TreeSet<String> all = new TreeSet<>(SCALARS);
        all.addAll(AGGREGATES);
        all.addAll(RANKS);
        return site.unsupported(
                call,
                "The function " + name,
                Nearest.sentence(name, all, "Supported are: " + String.join(", ", all) + "."));
    }

    private static boolean distinct(FunctionCallContext call) {
        return call.setQuantifier() != null && call.setQuantifier().DISTINCT() != null;
    }

    private static List<ExpressionContext> arguments(FunctionCallContext call) {
        return call.argument.stream().map(argument -> argument.expression()).toList();
    }

    private List<Typed> bound(FunctionCallContext call, int atLeast, int atMost) {
        List<ExpressionContext> arguments = arguments(call);
        requireCount(call, arguments.size(), atLeast, atMost);
        return arguments.stream().map(binder::bind).toList();
    }

    private void requireCount(FunctionCallContext call, int count, int atLeast, int atMost) {
        if (count < atLeast || count > atMost) {
            throw site.mismatch(
                    call,
                    name(call) + " does not take " + count + (count == 1 ? " value." : " values."),
                    "It takes " + (atLeast == atMost ? "" + atLeast : "at least " + atLeast) + ".");
        }
    }

    private Typed aggregate(String name, FunctionCallContext call) {
        if (!binder.place().aggregates()) {
            throw site.unsupported(
                    call, "The aggregate function " + name + " at this place", "Compute it in a WITH query first.");
        }
        ExpressionBinder inside = binder.inside();
        List<ExpressionContext> arguments = arguments(call);
        requireCount(call, arguments.size(), 1, 1);
        String filter = call.where == null
                ? ""
                : " FILTER (WHERE " + inside.bindCondition(call.where).sql() + ")";
        if (isStar(arguments.get(0))) {
            if (!name.equals("count") || distinct(call)) {
                throw site.unsupported(call, Site.shown(call), "Write count(*).");
            }
            return result("count(*)" + filter, BIGINT, List.of());
        }
        Typed argument = inside.bind(arguments.get(0));
        DataType type = aggregateType(name, call, argument);
        String inner = argument.sql();
        if (distinct(call)) {
            binder.requireExact(call, argument.type(), name + "(DISTINCT)");
            inner = "DISTINCT " + inner;
        }
        return result(name + "(" + inner + ")" + filter, type, List.of(argument));
    }

    private static boolean isStar(ExpressionContext argument) {
        ParserRuleContext inner = argument;
        while (inner.getChildCount() == 1 && inner.getChild(0) instanceof ParserRuleContext child) {
            inner = child;
        }
        return inner instanceof StarContext && inner.getChildCount() == 1;
    }

    private DataType aggregateType(String name, FunctionCallContext call, Typed argument) {
        if (name.equals("count")) {
            return BIGINT;
        }
        if (name.equals("sum")) {
            if (argument.type() instanceof Decimal decimal) {
                return new Decimal(Math.min(Decimal.MAX_PRECISION, decimal.precision() + 10), decimal.scale());
            }
            if (Coercion.isInteger(argument.type())) {
                return BIGINT;
            }
        } else if (Coercion.isExact(argument.type()) && !argument.literal().isNull()) {
            return argument.type();
        }
        throw site.unsupported(
                call, name + " of " + argument.type(), "Use it on integers or decimals; CAST where that is exact.");
    }

    private static Typed result(String sql, DataType type, List<Typed> arguments) {
        return Typed.of(Coercion.cast(sql, type), type, arguments).aggregated();
    }

    private Typed rank(String name, FunctionCallContext call) {
        if (!RANKS.contains(name) || !(call.windowSpec() instanceof WindowDefContext window)) {
            throw site.unsupported(
                    call,
                    call.windowSpec() == null ? name + " without OVER" : name + " OVER",
                    "Supported are row_number(), rank() and dense_rank() OVER (PARTITION BY ... ORDER BY ...).");
        }
        boolean ordered = window.ORDER() != null && (window.partition.isEmpty() || window.PARTITION() != null);
        if (!binder.place().windows() || window.windowFrame() != null || !ordered || window.CLUSTER() != null) {
            throw site.unsupported(
                    call,
                    binder.place().windows() ? "This form of OVER" : "A window function at this place",
                    "Write OVER (PARTITION BY ... ORDER BY ...) in SELECT or QUALIFY.");
        }
        requireCount(call, arguments(call).size(), 0, 0);
        List<Typed> parts = new ArrayList<>();
        StringBuilder over = new StringBuilder(name + "() OVER (");
        if (!window.partition.isEmpty()) {
            List<Typed> keys = window.partition.stream().map(binder::bind).toList();
            keys.forEach(key -> binder.requireExact(call, key.type(), "PARTITION BY"));
            parts.addAll(keys);
            over.append(keys.stream().map(Typed::sql).collect(Collectors.joining(", ", "PARTITION BY ", " ")));
        }
        List<String> order =
                window.sortItem().stream().map(item -> order(item, parts)).toList();
        over.append("ORDER BY ").append(String.join(", ", order)).append(")");
        if (parts.stream().anyMatch(Typed::window)) {
            throw site.unsupported(call, "A window function inside another", "Use a WITH query in between.");
        }
        return Typed.of(Coercion.cast(over.toString(), INT), INT, parts).windowed();
    }

    /** Spark puts NULL first when ascending and last when descending, unless told otherwise. */
    private String order(SortItemContext item, List<Typed> parts) {
        Typed key = binder.bind(item.expression());
        binder.requireExact(item, key.type(), "ORDER BY");
        parts.add(key);
        boolean descending = item.ordering != null && item.ordering.getType() == SqlBaseParser.DESC;
        boolean nullsLast = item.nullOrder == null ? descending : item.nullOrder.getType() == SqlBaseParser.LAST;
        return key.sql() + (descending ? " DESC" : " ASC") + (nullsLast ? " NULLS LAST" : " NULLS FIRST");
    }

    private Typed scalar(String name, FunctionCallContext call) {
        return switch (name) {
            case "coalesce" -> coalesce(call, bound(call, 1, Integer.MAX_VALUE));
            case "ifnull", "nvl" -> coalesce(call, bound(call, 2, 2));
            case "nullif" -> nullif(call);
            case "if" -> ifThenElse(call);
            case "concat" -> binder.concatenated(call, bound(call, 1, Integer.MAX_VALUE));
            case "abs" -> abs(call, bound(call, 1, 1).get(0));
            case "year", "month", "day" ->
                datePart(name, call, bound(call, 1, 1).get(0));
            case "trim", "ltrim", "rtrim" -> trim(name, call, bound(call, 1, 1).get(0));
            case "get_json_object" -> jsonValue(call, bound(call, 2, 2));
            case "trunc" -> trunc(call);
            default ->
                throw site.unsupported(
                        call,
                        "date_trunc, whose result is a TIMESTAMP,",
                        "Write CAST(date_trunc('MONTH', date) AS DATE).");
        };
    }

    private Typed coalesce(FunctionCallContext call, List<Typed> values) {
        List<Typed> common = binder.common(call, arguments(call), values);
        String sql = common.stream().map(Typed::sql).collect(Collectors.joining(", ", "coalesce(", ")"));
        return Typed.of(sql, common.get(0).type(), common);
    }

    private Typed nullif(FunctionCallContext call) {
        List<Typed> values = bound(call, 2, 2);
        Typed value = values.get(0);
        Typed equal = binder.predicates()
                .compare(call, arguments(call).get(0), value, arguments(call).get(1), values.get(1), "=");
        String nothing = Coercion.cast("NULL", value.type());
        return Typed.of(
                "CASE WHEN " + equal.sql() + " THEN " + nothing + " ELSE " + value.sql() + " END",
                value.type(),
                values);
    }

    private Typed ifThenElse(FunctionCallContext call) {
        requireCount(call, arguments(call).size(), 3, 3);
        Typed condition = binder.bindCondition(arguments(call).get(0));
        List<ExpressionContext> branches = arguments(call).subList(1, 3);
        List<Typed> values = binder.common(
                call, branches, branches.stream().map(binder::bind).toList());
        return Typed.of(
                "CASE WHEN " + condition.sql() + " THEN " + values.get(0).sql() + " ELSE "
                        + values.get(1).sql() + " END",
                values.get(0).type(),
                List.of(condition, values.get(0), values.get(1)));
    }

    private Typed abs(FunctionCallContext call, Typed value) {
        if (!Coercion.isNumber(value.type())) {
            throw site.unsupported(call, "abs of " + value.type(), "Use it on integers or decimals.");
        }
        return value.as(Coercion.cast("abs(" + value.sql() + ")", value.type()), value.type());
    }

    private Typed datePart(String name, FunctionCallContext call, Typed value) {
        requireType(call, value, DATE);
        return value.as(Coercion.cast(name + "(" + value.sql() + ")", INT), INT);
    }

    /** Spark takes away blanks and nothing else. */
    private Typed trim(String name, FunctionCallContext call, Typed value) {
        requireType(call, value, STRING);
        return value.as(name + "(" + value.sql() + ", ' ')", STRING);
    }

    private void requireType(FunctionCallContext call, Typed value, DataType type) {
        if (value.literal().isNull() || !value.type().equals(type)) {
            throw site.unsupported(call, name(call) + " of " + value.type(), "Use it on a value of type " + type + ".");
        }
    }

    private Typed trunc(FunctionCallContext call) {
        List<Typed> values = bound(call, 2, 2);
        return truncated(call, values.get(0), values.get(1));
    }

    private Typed truncated(ParserRuleContext call, Typed date, Typed unit) {
        String part = DATE_UNITS.get(unit.literal().text().orElse("").toUpperCase(Locale.ROOT));
        if (part == null || date.type() != DATE) {
            throw site.unsupported(
                    call,
                    "Truncating other than a DATE to its YEAR, QUARTER or MONTH",
                    "CAST the value AS DATE first.");
        }
        return date.as(Coercion.cast("date_trunc('" + part + "', " + date.sql() + ")", DATE), DATE);
    }

    /**
     * {@code date_trunc(unit, date)} where its result is cast to DATE: Spark goes through the first moment of the day
     * and back, which is the same day whatever the time zone. Empty when {@code expression} is anything else.
     */
    static Optional<Typed> truncatedDate(ExpressionBinder binder, ParserRuleContext expression) {
        ParserRuleContext inner = expression;
        while (inner.getChildCount() == 1 && inner.getChild(0) instanceof ParserRuleContext child) {
            inner = child;
        }
        if (!(inner instanceof FunctionCallContext call) || !name(call).equals("date_trunc")) {
            return Optional.empty();
        }
        Functions functions = new Functions(binder);
        List<Typed> values = functions.bound(call, 2, 2);
        return Optional.of(functions.truncated(call, values.get(1), values.get(0)));
    }

    /**
     * Texts, integers, true and false come out as in Spark, and so does NULL for what is absent or is no JSON. Spark
     * writes other numbers, objects and lists in a form of its own, and reads some broken objects: these fail the query.
     */
    private Typed jsonValue(FunctionCallContext call, List<Typed> values) {
        Typed json = values.get(0);
        requireType(call, json, STRING);
        Matcher path = JSON_PATH.matcher(values.get(1).literal().text().orElse(""));
        if (!path.matches()) {
            throw site.unsupported(
                    call, "get_json_object with this path", "Write a path of plain names: '$.name' or '$.a.b'.");
        }
        String quoted = Sql.literal("$" + path.group(1).replaceAll("\\.([^.]+)", ".\"$1\""));
        String text = json.sql();
        String kind = "json_type(" + text + ", " + quoted + ")";
        String value = "json_extract_string(" + text + ", " + quoted + ")";
        String sql = "CASE WHEN " + text + " IS NULL THEN CAST(NULL AS VARCHAR)"
                + " WHEN NOT json_valid(" + text + ") THEN CASE WHEN regexp_matches(" + text + ", '^\\s*\\{')"
                + " THEN error('get_json_object met an object that is not valid JSON') ELSE CAST(NULL AS VARCHAR) END"
                + " WHEN " + kind + " IS NULL OR " + kind + " = 'NULL' THEN CAST(NULL AS VARCHAR)"
                + " WHEN " + kind + " IN ('VARCHAR', 'BOOLEAN') THEN " + value
                + " WHEN " + kind + " IN ('BIGINT', 'UBIGINT') THEN CAST(CAST(" + value + " AS HUGEINT) AS VARCHAR)"
                + " ELSE error('get_json_object met an object, a list or a fraction where a text is expected') END";
        return json.as(sql, STRING);
    }
}
