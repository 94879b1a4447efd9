package dev.tarn.compiler.statement;

import static dev.tarn.model.ErrorCode.SQL_SYNTAX;
import static dev.tarn.model.ErrorCode.SQL_UNSUPPORTED;

import dev.tarn.compiler.grammar.SparkGrammar;
import dev.tarn.compiler.grammar.SparkGrammar.Slice;
import dev.tarn.compiler.grammar.Texts;
import dev.tarn.compiler.project.Problems;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.antlr.v4.runtime.Token;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;

/** Walks over the tokens of a file. */
final class TokenCursor {

    private static final Set<Integer> NO_NAMES = Set.of(
            Token.EOF,
            SqlBaseLexer.SEMICOLON,
            SqlBaseLexer.LEFT_PAREN,
            SqlBaseLexer.RIGHT_PAREN,
            SqlBaseLexer.COMMA,
            SqlBaseLexer.DOT,
            SqlBaseLexer.STRING_LITERAL,
            SqlBaseLexer.DOUBLEQUOTED_STRING);

    private final SparkGrammar grammar;
    private final List<Token> tokens;
    private int next;

    TokenCursor(SparkGrammar grammar) {
        this.grammar = grammar;
        this.tokens = grammar.tokens();
    }

    SparkGrammar grammar() {
        return grammar;
    }

    Token peek() {
        return tokens.get(next);
    }

    /** The token behind {@code count} others. */
    Token peek(int count) {
        return tokens.get(Math.min(next + count, tokens.size() - 1));
    }

    /** Where the next token begins. */
    SourcePosition position() {
        return grammar.at(peek());
    }

    /** The refusal of what comes next; {@code what} begins a sentence and names it. */
    TarnException unsupported(String what, String mend) {
        return unsupported(position(), what, mend);
    }

    TarnException unsupported(SourcePosition position, String what, String mend) {
        return Problems.refusal(SQL_UNSUPPORTED, position, what + " is not supported yet.", mend);
    }

    TarnException syntax(SourcePosition position, String what, String mend) {
        return Problems.refusal(SQL_SYNTAX, position, what, mend);
    }

    /** The complaint about the next token, which does not belong here. */
    TarnException unexpected() {
        return grammar.unexpected(peek());
    }

    Token take() {
        Token token = peek();
        next += token.getType() == Token.EOF ? 0 : 1;
        return token;
    }

    boolean atEnd() {
        return peek().getType() == Token.EOF;
    }

    boolean atEndOfStatement() {
        return atEnd() || peek().getType() == SqlBaseLexer.SEMICOLON;
    }

    /** Whether the next tokens are these words, whatever their case. */
    boolean sees(String... words) {
        for (int i = 0; i < words.length; i++) {
            if (next + i >= tokens.size()
                    || !words[i].equalsIgnoreCase(tokens.get(next + i).getText())) {
                return false;
            }
        }
        return true;
    }

    /** Takes these words when they come next. */
    boolean takeIf(String... words) {
        boolean seen = sees(words);
        next += seen ? words.length : 0;
        return seen;
    }

    void expect(String... words) {
        for (String word : words) {
            if (!takeIf(word)) {
                throw grammar.unexpected(peek());
            }
        }
    }

    Token takeName() {
        if (NO_NAMES.contains(peek().getType())) {
            throw grammar.unexpected(peek());
        }
        return take();
    }

    /** A name and its place. */
    Named takeNamed() {
        Token token = takeName();
        return new Named(Texts.name(token.getText()), grammar.at(token));
    }

    QualifiedName takeQualifiedName() {
        SourcePosition position = position();
        List<String> parts = new ArrayList<>();
        do {
            parts.add(Texts.name(takeName().getText()));
        } while (takeIf("."));
        return new QualifiedName(parts, position);
    }

    /** Names between commas, up to the parenthesis that closes the one just taken, which is taken too. */
    List<Named> takeNamesUntilClosed() {
        List<Named> names = new ArrayList<>();
        do {
            names.add(takeNamed());
        } while (takeIf(","));
        expect(")");
        return names;
    }

    String takeString() {
        if (!Texts.isString(peek())) {
            throw grammar.unexpected(peek());
        }
        return Texts.string(take().getText());
    }

    /** Everything up to the parenthesis that closes the one just taken, which is taken too. */
    Slice takeUntilClosed() {
        int start = next;
        for (int depth = 1; depth > 0; ) {
            Token token = take();
            if (token.getType() == Token.EOF || token.getType() == SqlBaseLexer.SEMICOLON) {
                throw grammar.unexpected(token);
            }
            depth += step(token);
        }
        if (next - 1 == start) {
            throw grammar.unexpected(tokens.get(start));
        }
        return slice(start, next - 1);
    }

    /** Everything up to one of these words, a comma, or the parenthesis that closes, none of which is taken. */
    Slice takeUntil(Set<String> words) {
        int start = next;
        for (int depth = 0; depth > 0 || !ends(words); ) {
            if (peek().getType() == Token.EOF || peek().getType() == SqlBaseLexer.SEMICOLON) {
                throw grammar.unexpected(peek());
            }
            int angle = peek().getType() == SqlBaseLexer.LT ? 1 : peek().getType() == SqlBaseLexer.GT ? -1 : 0;
            depth += step(take()) + angle;
        }
        return slice(start, next);
    }

    /** Everything up to the end of the statement, or up to where {@code ends} outside of parentheses: at least something. */
    Slice takeUntil(BooleanSupplier ends) {
        int start = next;
        for (int depth = 0; !atEndOfStatement() && (depth > 0 || !ends.getAsBoolean()); ) {
            depth += step(take());
        }
        if (start == next) {
            throw unexpected();
        }
        return slice(start, next);
    }

    /** Everything up to the end of the statement. */
    Slice takeStatement() {
        int start = next;
        while (!atEndOfStatement()) {
            next++;
        }
        if (start == next) {
            throw grammar.unexpected(peek());
        }
        return slice(start, next);
    }

    /** Goes behind the end of a statement that cannot be read. */
    void skipStatement() {
        while (!atEnd() && take().getType() != SqlBaseLexer.SEMICOLON) {
            continue;
        }
    }

    private boolean ends(Set<String> words) {
        int type = peek().getType();
        return type == SqlBaseLexer.COMMA
                || type == SqlBaseLexer.RIGHT_PAREN
                || words.contains(peek().getText().toUpperCase(Locale.ROOT));
    }

    private static int step(Token token) {
        return token.getType() == SqlBaseLexer.LEFT_PAREN ? 1 : token.getType() == SqlBaseLexer.RIGHT_PAREN ? -1 : 0;
    }

    private Slice slice(int from, int to) {
        return new Slice(tokens.subList(from, to), tokens.get(to));
    }
}
