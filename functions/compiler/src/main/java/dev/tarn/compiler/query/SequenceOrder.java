package dev.tarn.compiler.query;

import dev.tarn.compiler.grammar.Texts;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Sql;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.antlr.v4.runtime.ParserRuleContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NamedExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.StructContext;

/** Understands what SEQUENCE BY orders changes by: one value, or several in a STRUCT. */
final class SequenceOrder {

    private SequenceOrder() {}

    static Typed bind(Site site, ExpressionBinder binder, ExpressionContext expression) {
        return RowFacts.inner(expression) instanceof StructContext struct
                ? struct(site, binder, struct)
                : single(site, binder, expression);
    }

    private static Typed single(Site site, ExpressionBinder binder, ParserRuleContext expression) {
        Typed value = binder.bind(expression);
        if (value.literal().isNull() || !Coercion.isOrdered(value.type())) {
            throw site.mismatch(
                    expression,
                    "SEQUENCE BY " + PredicateBinder.shown(expression, value) + ", whose values have no order.",
                    "Order by a number, a text, a day or a moment, or by STRUCT(a, b) of those.");
        }
        return value;
    }

    /** A struct with a NULL in it has no place in an order that Spark and DuckDB share: it is none at all. */
    private static Typed struct(Site site, ExpressionBinder binder, StructContext struct) {
        List<Typed> values = new ArrayList<>();
        List<Column> fields = new ArrayList<>();
        List<String> packed = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (NamedExpressionContext argument : struct.argument) {
            Typed value = single(site, binder, argument.expression());
            String name = argument.name != null
                    ? Texts.name(argument.name)
                    : RowFacts.column(argument.expression())
                            .map(column ->
                                    Texts.name(argument.expression().getStop().getText()))
                            .orElse("col" + (fields.size() + 1));
            if (!names.add(name.toLowerCase(Locale.ROOT))) {
                throw site.mismatch(
                        argument,
                        "The STRUCT has two fields named " + name + ".",
                        "Give one of them another name with AS.");
            }
            values.add(value);
            fields.add(new Column(name, value.type()));
            packed.add(Sql.identifier(name) + " := " + value.sql());
            missing.add(value.sql() + " IS NULL");
        }
        if (fields.isEmpty()) {
            throw site.mismatch(struct, "SEQUENCE BY an empty STRUCT.", "Name what orders the changes.");
        }
        DataType type = new DataType.Struct(fields);
        String sql = "CASE WHEN " + String.join(" OR ", missing) + " THEN " + Coercion.cast("NULL", type) + " ELSE "
                + Coercion.cast("struct_pack(" + String.join(", ", packed) + ")", type) + " END";
        return Typed.of(sql, type, values);
    }
}
