package dev.tarn.compiler.grammar;

import static dev.tarn.model.ErrorCode.SQL_SYNTAX;
import static dev.tarn.model.ErrorCode.SQL_UNSUPPORTED;

import dev.tarn.compiler.project.Problems;
import dev.tarn.compiler.project.ProjectFile;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ListTokenSource;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.Interval;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DataTypeContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NamedExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.QueryContext;
import org.jspecify.annotations.Nullable;

/** Spark's lexer and parser over one file. Every place is a place in that file. */
public final class SparkGrammar {

    private static final int MAX_PARENTHESES = 100;

    private final ProjectFile file;

    public SparkGrammar(ProjectFile file) {
        this.file = file;
    }

    /** The tokens of the file without blanks and comments; the last one is the end of the file. */
    public List<Token> tokens() {
        SqlBaseLexer lexer = new SqlBaseLexer(new UpperCaseStream(file.text()));
        lexer.removeErrorListeners();
        CommonTokenStream stream = new CommonTokenStream(lexer);
        stream.fill();
        List<Token> tokens = new ArrayList<>();
        int open = 0;
        for (Token token : stream.getTokens()) {
            if (token.getType() == SqlBaseLexer.UNRECOGNIZED) {
                throw syntax(
                        token,
                        "'" + token.getText() + "' begins nothing that SQL knows.",
                        "Close the text or remove the character.");
            }
            if (token.getType() == SqlBaseLexer.LEFT_PAREN && ++open > MAX_PARENTHESES) {
                throw Problems.refusal(
                        SQL_UNSUPPORTED,
                        at(token),
                        "The file opens more than " + MAX_PARENTHESES + " parentheses before it closes them.",
                        "Split the query with WITH.");
            }
            open -= token.getType() == SqlBaseLexer.RIGHT_PAREN ? 1 : 0;
            if (token.getChannel() == Token.DEFAULT_CHANNEL) {
                tokens.add(token);
            }
        }
        if (lexer.has_unclosed_bracketed_comment) {
            throw syntax(tokens.get(tokens.size() - 1), "A comment is not closed.", "Write */ at its end.");
        }
        return tokens;
    }

    public QueryContext query(Slice slice) {
        return parse(slice, parser -> parser.singleQuery()).query();
    }

    public ExpressionContext expression(Slice slice) {
        NamedExpressionContext named =
                parse(slice, parser -> parser.singleExpression()).namedExpression();
        if (named.name != null || named.identifierList() != null) {
            throw syntax(named.getStart(), "A condition has no alias.", "Remove AS and the name behind it.");
        }
        return named.expression();
    }

    public DataTypeContext dataType(Slice slice) {
        return parse(slice, parser -> parser.singleDataType()).dataType();
    }

    /** {@code SELECT *} before {@code from}, the word FROM, and what stands behind it. */
    public Slice everythingFrom(Token from, Slice relation) {
        List<Token> tokens = new ArrayList<>();
        tokens.add(instead(from, SqlBaseLexer.SELECT, "SELECT"));
        tokens.add(instead(from, SqlBaseLexer.ASTERISK, "*"));
        tokens.add(from);
        tokens.addAll(relation.tokens());
        return new Slice(tokens, relation.end());
    }

    private static Token instead(Token place, int type, String text) {
        CommonToken token = new CommonToken(place);
        token.setType(type);
        token.setText(text);
        return token;
    }

    /** Where {@code token} begins. */
    public SourcePosition at(Token token) {
        return file.at(token.getLine(), token.getCharPositionInLine() + 1);
    }

    /** Where {@code context} begins. */
    public SourcePosition at(ParserRuleContext context) {
        return at(context.getStart());
    }

    /** The text of {@code slice} as the user wrote it. */
    public static String text(Slice slice) {
        Token first = slice.tokens().get(0);
        Token last = slice.tokens().get(slice.tokens().size() - 1);
        return first.getInputStream().getText(Interval.of(first.getStartIndex(), last.getStopIndex()));
    }

    /** The text of {@code context} as the user wrote it. */
    public static String text(ParserRuleContext context) {
        return context.getStart()
                .getInputStream()
                .getText(Interval.of(
                        context.getStart().getStartIndex(), context.getStop().getStopIndex()));
    }

    public TarnException syntax(Token token, String what, String mend) {
        return Problems.refusal(SQL_SYNTAX, at(token), what, mend);
    }

    /** The usual complaint about a token that does not belong where it stands. */
    public TarnException unexpected(Token token) {
        boolean end = token.getType() == Token.EOF || token.getType() == SqlBaseLexer.SEMICOLON;
        return syntax(
                token,
                end ? "The statement ends too early." : "'" + token.getText() + "' does not fit here.",
                "Check what stands before it: a comma, a parenthesis or a word is missing, misspelt or too much.");
    }

    private <T> T parse(Slice slice, Function<SqlBaseParser, T> rule) {
        try {
            SqlBaseParser parser = parser(slice);
            parser.setErrorHandler(new BailErrorStrategy());
            parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
            return rule.apply(parser);
        } catch (ParseCancellationException fastWayFailed) {
            SqlBaseParser parser = parser(slice);
            parser.getInterpreter().setPredictionMode(PredictionMode.LL);
            parser.addErrorListener(new Refusing());
            return rule.apply(parser);
        }
    }

    private static SqlBaseParser parser(Slice slice) {
        List<Token> tokens = new ArrayList<>(slice.tokens());
        CommonToken end = new CommonToken(slice.end());
        end.setType(Token.EOF);
        tokens.add(end);
        SqlBaseParser parser = new SqlBaseParser(new CommonTokenStream(new ListTokenSource(tokens)));
        parser.removeErrorListeners();
        return parser;
    }

    /** A part of a file; {@code end} is the token behind it. */
    public record Slice(List<Token> tokens, Token end) {
        public Slice {
            tokens = List.copyOf(tokens);
        }
    }

    private final class Refusing extends BaseErrorListener {
        @Override
        public void syntaxError(
                Recognizer<?, ?> recognizer,
                Object symbol,
                int line,
                int column,
                String message,
                @Nullable RecognitionException cause) {
            throw unexpected((Token) symbol);
        }
    }
}
