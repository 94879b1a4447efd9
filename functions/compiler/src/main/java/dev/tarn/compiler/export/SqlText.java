package dev.tarn.compiler.export;

import dev.tarn.compiler.grammar.SparkGrammar.Slice;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.Interval;

/**
 * Writes down a part of the user's SQL, blanks and comments included.
 *
 * @param batch whether streams are read as the tables they are of
 * @param renamed views that have another name when they are read so, by their names in lower case
 */
record SqlText(boolean batch, Map<String, String> renamed) {

    SqlText {
        renamed = Map.copyOf(renamed);
    }

    /** As it was written, but for words of older pipelines. */
    static SqlText asWritten() {
        return new SqlText(false, Map.of());
    }

    String of(Slice slice) {
        return of(slice.tokens());
    }

    String of(List<Token> tokens) {
        Set<Integer> left = leftOut(tokens);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < tokens.size(); i++) {
            if (i > 0 && !left.contains(i - 1)) {
                text.append(gap(tokens.get(i - 1), tokens.get(i)));
            }
            if (!left.contains(i)) {
                text.append(word(tokens, i));
            }
        }
        return text.toString();
    }

    /** What stands between two tokens. */
    static String gap(Token before, Token after) {
        int from = before.getStopIndex() + 1;
        int to = after.getStartIndex() - 1;
        return from > to ? "" : after.getInputStream().getText(Interval.of(from, to));
    }

    private String word(List<Token> tokens, int i) {
        String word = tokens.get(i).getText();
        boolean table = isTable(tokens, i) && !is(tokens, i + 1, ".");
        return table ? renamed.getOrDefault(word.toLowerCase(Locale.ROOT), word) : word;
    }

    private Set<Integer> leftOut(List<Token> tokens) {
        Set<Integer> left = new HashSet<>();
        for (int i = 0; i < tokens.size(); i++) {
            if (is(tokens, i, "LIVE") && is(tokens, i + 1, ".")) {
                left.add(i);
                left.add(i + 1);
            } else if (batch && isStream(tokens, i)) {
                left.add(i);
                if (is(tokens, i + 1, "(")) {
                    left.add(i + 1);
                    left.add(closing(tokens, i + 1));
                }
            }
        }
        return left;
    }

    private static int closing(List<Token> tokens, int open) {
        int next = open + 1;
        while (next < tokens.size() && !is(tokens, next, ")")) {
            next++;
        }
        return next;
    }

    private static boolean isTable(List<Token> tokens, int i) {
        return follows(tokens, i) || isStream(tokens, i - 1) || (is(tokens, i - 1, "(") && isStream(tokens, i - 2));
    }

    private static boolean isStream(List<Token> tokens, int i) {
        return is(tokens, i, "STREAM") && (follows(tokens, i) || (is(tokens, i - 1, ",") && is(tokens, i + 1, "(")));
    }

    private static boolean follows(List<Token> tokens, int i) {
        return is(tokens, i - 1, "FROM") || is(tokens, i - 1, "JOIN");
    }

    private static boolean is(List<Token> tokens, int i, String word) {
        return i >= 0
                && i < tokens.size()
                && word.equalsIgnoreCase(tokens.get(i).getText());
    }

    /** A name as a query may write it. */
    static String name(String name) {
        return name.matches("[A-Za-z_][A-Za-z0-9_]*") ? name : "`" + name.replace("`", "``") + "`";
    }

    /** A text as a query may write it. */
    static String literal(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'";
    }
}
