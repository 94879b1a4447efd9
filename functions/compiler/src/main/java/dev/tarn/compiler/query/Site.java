package dev.tarn.compiler.query;

import static dev.tarn.model.ErrorCode.SQL_UNSUPPORTED;
import static dev.tarn.model.ErrorCode.TYPE_MISMATCH;

import dev.tarn.compiler.grammar.SparkGrammar;
import dev.tarn.compiler.project.Problems;
import dev.tarn.compiler.statement.Names;
import dev.tarn.compiler.statement.Surroundings;
import dev.tarn.model.TarnException;
import org.antlr.v4.runtime.ParserRuleContext;

/** Words refusals with the place and the user's own text. */
final class Site {

    private static final int MAX_TEXT = 60;

    private final SparkGrammar grammar;
    private final Names names;

    Site(Surroundings surroundings) {
        this.grammar = surroundings.grammar();
        this.names = surroundings.names();
    }

    /** What names of tables mean here. */
    Names names() {
        return names;
    }

    SparkGrammar grammar() {
        return grammar;
    }

    /** {@code what} begins a sentence and names a construct. */
    TarnException unsupported(ParserRuleContext where, String what, String mend) {
        return Problems.refusal(SQL_UNSUPPORTED, grammar.at(where), what + " is not supported yet.", mend);
    }

    TarnException mismatch(ParserRuleContext where, String what, String mend) {
        return Problems.refusal(TYPE_MISMATCH, grammar.at(where), what, mend);
    }

    /** The user's text, shortened, on one line. */
    static String shown(ParserRuleContext context) {
        String text = SparkGrammar.text(context).replaceAll("\\s+", " ");
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "...";
    }
}
