package dev.tarn.compiler;

import dev.tarn.compiler.grammar.SparkGrammar;
import dev.tarn.compiler.grammar.SparkGrammar.Slice;
import dev.tarn.compiler.project.ProjectFile;
import dev.tarn.compiler.query.Conditions;
import dev.tarn.model.TableSchema;
import java.util.List;
import org.antlr.v4.runtime.Token;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;

/** A condition of Spark SQL over the rows of one table, which somebody wrote outside of a project. */
public final class RowCondition {

    private RowCondition() {}

    /**
     * The condition for DuckDB, over columns named as those of {@code schema}.
     *
     * @param origin where the text comes from, for messages: their lines and columns count within the text
     * @param table as people know it; {@code alias}, too, may stand before a column
     * @throws dev.tarn.model.TarnException with the place of what is wrong
     */
    public static String compile(String origin, String text, TableSchema schema, String table, String alias) {
        SparkGrammar grammar = new SparkGrammar(new ProjectFile(origin, text));
        List<Token> tokens = grammar.tokens();
        for (Token token : tokens) {
            if (token.getType() == SqlBaseLexer.SEMICOLON) {
                throw grammar.syntax(token, "A condition has no semicolon.", "Remove it and what follows it.");
            }
        }
        int last = tokens.size() - 1;
        return Conditions.bind(grammar, new Slice(tokens.subList(0, last), tokens.get(last)), schema, table, alias);
    }
}
