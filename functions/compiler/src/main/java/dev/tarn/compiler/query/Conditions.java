package dev.tarn.compiler.query;

import dev.tarn.compiler.grammar.SparkGrammar;
import dev.tarn.compiler.grammar.SparkGrammar.Slice;
import dev.tarn.compiler.statement.Names;
import dev.tarn.compiler.statement.Surroundings;
import dev.tarn.model.Sql;
import dev.tarn.model.TableSchema;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExpressionContext;

/** Translates conditions over the rows of one table. */
public final class Conditions {

    private Conditions() {}

    /**
     * The condition for DuckDB, over columns named as those of {@code schema}.
     *
     * @param table its name for messages
     * @param alias its name before a column
     * @throws dev.tarn.model.TarnException with the place of what is wrong
     */
    public static String bind(SparkGrammar grammar, Slice condition, TableSchema schema, String table, String alias) {
        return bind(grammar, grammar.expression(condition), schema, table, alias);
    }

    static String bind(
            SparkGrammar grammar, ExpressionContext condition, TableSchema schema, String table, String alias) {
        List<Scope.ScopeColumn> columns = schema.columns().stream()
                .map(column -> new Scope.ScopeColumn(
                        column.name(), Sql.identifier(column.name()), column.type(), alias, true, Set.of()))
                .toList();
        Scope scope = new Scope(List.of(new Scope.Relation(alias, table, table)), columns, Set.of());
        Site site = new Site(new Surroundings(grammar, new Names(Optional.empty(), Optional.empty())));
        return new ExpressionBinder(site, scope, Place.ROWS, Set.of())
                .bindCondition(condition)
                .sql();
    }
}
