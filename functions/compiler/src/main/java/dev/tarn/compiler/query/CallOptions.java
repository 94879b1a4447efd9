package dev.tarn.compiler.query;

import static dev.tarn.model.ErrorCode.CONFIGURATION_INVALID;

import dev.tarn.compiler.grammar.Texts;
import dev.tarn.compiler.project.Problems;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TarnException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.antlr.v4.runtime.tree.ParseTree;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ConstantContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.FunctionTableArgumentContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NamedArgumentExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.StringLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TableFunctionCallContext;

/** The options of a table function, {@code key => value}, whose keys do not differ by case and whose values are written out. */
final class CallOptions {

    /** An option; its key as the user wrote it. */
    private record Option(String key, String value, SourcePosition position) {}

    private final Site site;
    private final SourcePosition position;
    private final Map<String, Option> options = new LinkedHashMap<>();

    /** {@code first}: the key of an argument that stands first and without one. */
    CallOptions(Site site, TableFunctionCallContext call, String first) {
        this.site = site;
        this.position = site.grammar().at(call);
        for (FunctionTableArgumentContext argument : call.functionTableArgument()) {
            add(argument, first);
        }
    }

    private void add(FunctionTableArgumentContext argument, String first) {
        NamedArgumentExpressionContext named = argument.functionArgument() == null
                ? null
                : argument.functionArgument().namedArgumentExpression();
        boolean unnamed = argument.functionArgument() != null && named == null;
        if (named == null && !(unnamed && options.isEmpty())) {
            throw site.unsupported(
                    argument, "The argument " + Site.shown(argument), "Write options behind the path as key => value.");
        }
        String key = named == null ? first : Texts.name(named.key);
        ExpressionContext value = named == null ? argument.functionArgument().expression() : named.value;
        SourcePosition at = site.grammar().at(argument);
        if (options.putIfAbsent(key.toLowerCase(Locale.ROOT), new Option(key, value(key, value), at)) != null) {
            throw Problems.refusal(CONFIGURATION_INVALID, at, key + " is there twice.", "Keep one.");
        }
    }

    private String value(String key, ExpressionContext expression) {
        ParseTree inner = expression;
        while (!(inner instanceof ConstantContext) && inner.getChildCount() == 1) {
            inner = inner.getChild(0);
        }
        if (!(inner instanceof ConstantContext)) {
            throw site.unsupported(
                    expression,
                    "A computed value of " + key,
                    "Write it out: a text in quotes, a number, true or false.");
        }
        return inner instanceof StringLiteralContext text ? Texts.string(text.stringLit()) : inner.getText();
    }

    /** The value of an option; empty when it is not there. */
    Optional<String> text(String key) {
        Option option = options.get(key.toLowerCase(Locale.ROOT));
        return Optional.ofNullable(option).map(Option::value);
    }

    boolean flag(String key, boolean usual) {
        return text(key)
                .map(text -> {
                    if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
                        throw refusal(key, key + " is neither true nor false.", "Write true or false.");
                    }
                    return text.equalsIgnoreCase("true");
                })
                .orElse(usual);
    }

    /** {@code mend} says what to write instead. */
    TarnException refusal(String key, String what, String mend) {
        Option option = options.get(key.toLowerCase(Locale.ROOT));
        return Problems.refusal(CONFIGURATION_INVALID, option == null ? position : option.position(), what, mend);
    }

    /** Refuses those that are none of {@code known}. */
    void requireOnly(Collection<String> known, String mend) {
        for (Option option : options.values()) {
            if (known.stream().noneMatch(option.key()::equalsIgnoreCase)) {
                throw refusal(option.key(), "The option " + option.key() + " is not read here.", mend);
            }
        }
    }
}
