package dev.tarn.compiler.export;

import dev.tarn.compiler.grammar.SparkGrammar;
import dev.tarn.compiler.project.ProjectFile;
import dev.tarn.compiler.statement.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.Interval;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;

/** A file of SQL, cut into its statements. */
record SourceFile(String path, String text, List<Part> parts) {

    /**
     * A statement and what stands before it.
     *
     * @param before blanks and comments
     * @param statement empty when the part is a setting of the file
     */
    record Part(String before, List<Token> tokens, Optional<Statement> statement) {
        Part {
            tokens = List.copyOf(tokens);
        }
    }

    SourceFile {
        parts = List.copyOf(parts);
    }

    static SourceFile of(ProjectFile file, List<Statement> statements) {
        SparkGrammar grammar = new SparkGrammar(file);
        List<Part> parts = new ArrayList<>();
        List<Token> tokens = new ArrayList<>();
        int end = 0;
        for (Token token : grammar.tokens()) {
            if (token.getType() != SqlBaseLexer.SEMICOLON && token.getType() != Token.EOF) {
                tokens.add(token);
                continue;
            }
            if (!tokens.isEmpty()) {
                Token first = tokens.get(0);
                String before = first.getStartIndex() == end
                        ? ""
                        : first.getInputStream().getText(Interval.of(end, first.getStartIndex() - 1));
                Optional<Statement> statement = statements.stream()
                        .filter(one -> one.position().equals(grammar.at(first)))
                        .findFirst();
                parts.add(new Part(before, tokens, statement));
                tokens = new ArrayList<>();
            }
            end = token.getStopIndex() + 1;
        }
        return new SourceFile(file.path(), file.text(), parts);
    }
}
