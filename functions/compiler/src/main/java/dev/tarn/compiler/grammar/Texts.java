package dev.tarn.compiler.grammar;

import java.util.List;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;

/** Names and string literals as Spark reads them. */
public final class Texts {

    private Texts() {}

    /** A name without its backquotes. */
    public static String name(String written) {
        return written.startsWith("`")
                ? written.substring(1, written.length() - 1).replace("``", "`")
                : written;
    }

    public static String name(ParserRuleContext identifier) {
        return name(identifier.getText());
    }

    public static List<String> names(List<? extends ParserRuleContext> identifiers) {
        return identifiers.stream().map(Texts::name).collect(Collectors.toList());
    }

    /** Whether the token is a text in single or double quotes. */
    public static boolean isString(Token token) {
        return token.getType() == SqlBaseLexer.STRING_LITERAL || token.getType() == SqlBaseLexer.DOUBLEQUOTED_STRING;
    }

    /** The value of a string literal, which may be written in several adjacent pieces. */
    public static String string(ParseTree literal) {
        StringBuilder value = new StringBuilder();
        append(literal, value);
        return value.toString();
    }

    private static void append(ParseTree tree, StringBuilder value) {
        if (tree instanceof TerminalNode terminal) {
            value.append(string(terminal.getText()));
        }
        for (int i = 0; i < tree.getChildCount(); i++) {
            append(tree.getChild(i), value);
        }
    }

    /** The value of one piece with its quotes: {@code 'it''s'}, {@code "a"}, {@code r'\d'}. */
    public static String string(String written) {
        if (written.charAt(0) == 'r' || written.charAt(0) == 'R') {
            return written.substring(2, written.length() - 1);
        }
        char quote = written.charAt(0);
        String body = written.substring(1, written.length() - 1);
        StringBuilder value = new StringBuilder(body.length());
        for (int i = 0; i < body.length(); i++) {
            char letter = body.charAt(i);
            boolean more = i + 1 < body.length();
            if (letter == quote && more && body.charAt(i + 1) == quote) {
                value.append(quote);
                i++;
            } else if (letter == '\\' && more) {
                i += escape(body, i + 1, value);
            } else {
                value.append(letter);
            }
        }
        return value.toString();
    }

    /** Appends what the escape at {@code i}, behind its backslash, stands for; returns its length. */
    private static int escape(String body, int i, StringBuilder value) {
        char letter = body.charAt(i);
        if (letter == 'u' && isHex(body, i + 1, 4)) {
            value.append((char) Integer.parseInt(body.substring(i + 1, i + 5), 16));
            return 5;
        }
        if (letter == 'U' && isHex(body, i + 1, 8)) {
            value.appendCodePoint(Integer.parseUnsignedInt(body.substring(i + 1, i + 9), 16));
            return 9;
        }
        if (letter >= '0' && letter <= '1' && isOctal(body, i, 3)) {
            value.append((char) Integer.parseInt(body.substring(i, i + 3), 8));
            return 3;
        }
        switch (letter) {
            case '0' -> value.append('\0');
            case 'b' -> value.append('\b');
            case 'n' -> value.append('\n');
            case 'r' -> value.append('\r');
            case 't' -> value.append('\t');
            case 'Z' -> value.append('\u001A');
            case '%', '_' -> value.append('\\').append(letter);
            default -> value.append(letter);
        }
        return 1;
    }

    private static boolean isHex(String body, int from, int length) {
        return body.length() >= from + length
                && body.substring(from, from + length).chars().allMatch(c -> Character.digit(c, 16) >= 0);
    }

    private static boolean isOctal(String body, int from, int length) {
        return body.length() >= from + length
                && body.substring(from, from + length).chars().allMatch(c -> c >= '0' && c <= '7');
    }
}
