package dev.tarn.compiler.query;

import static dev.tarn.model.ErrorCode.COLUMN_NOT_FOUND;
import static dev.tarn.model.ErrorCode.TYPE_MISMATCH;

import dev.tarn.compiler.grammar.Texts;
import dev.tarn.compiler.project.Problems;
import dev.tarn.compiler.query.Scope.Relation;
import dev.tarn.compiler.query.Scope.ScopeColumn;
import dev.tarn.model.BronzeSchema;
import dev.tarn.model.DataType;
import dev.tarn.model.Flow;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.Sql;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.antlr.v4.runtime.ParserRuleContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.AliasedQueryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.AliasedRelationContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.FromClauseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IdentifierContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.JoinRelationContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.JoinTypeContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.MultipartIdentifierContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.RelationContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.RelationExtensionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.RelationPrimaryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.StreamRelationContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.StreamRelationPrimaryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.StreamTableNameContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.StreamTableValuedFunctionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TableAliasContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TableFunctionCallContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TableFunctionCallWithTrailingClausesContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TableNameContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TableValuedFunctionContext;
import org.jspecify.annotations.Nullable;

/** Binds the FROM clause of one SELECT. */
final class RelationBinder {

    private static final String READ_FILES = "read_files";

    /** A FROM clause that is understood: its DuckDB text and its columns. */
    record Bound(String sql, Scope scope, boolean streaming) {}

    private final Site site;
    private final QueryBinder queries;
    private final StreamClauses streams;
    private final List<String> aliases = new ArrayList<>();

    RelationBinder(Site site, QueryBinder queries) {
        this.site = site;
        this.queries = queries;
        this.streams = new StreamClauses(site);
    }

    Bound bind(FromClauseContext from) {
        if (!from.lateralView().isEmpty()) {
            throw site.unsupported(from.lateralView(0), "LATERAL VIEW", "Keep lists out of the query.");
        }
        if (from.pivotClause() != null || from.unpivotClause() != null) {
            throw site.unsupported(from, "PIVOT and UNPIVOT", "Write sum(...) FILTER (WHERE ...) for each column.");
        }
        Bound bound = bind(from.relation(0));
        for (RelationContext next : from.relation().subList(1, from.relation().size())) {
            Bound right = bind(next);
            requireStatic(next, right);
            bound = new Bound(bound.sql + " CROSS JOIN " + right.sql, bound.scope.and(right.scope), bound.streaming);
        }
        return bound;
    }

    private Bound bind(RelationContext relation) {
        if (relation.LATERAL() != null) {
            throw site.unsupported(relation, "LATERAL", "Join without it.");
        }
        Bound bound = bind(relation.relationPrimary());
        for (RelationExtensionContext extension : relation.relationExtension()) {
            if (extension.joinRelation() == null) {
                throw site.unsupported(
                        extension, "PIVOT and UNPIVOT", "Write sum(...) FILTER (WHERE ...) for each column.");
            }
            bound = join(bound, extension.joinRelation());
        }
        return bound;
    }

    private Bound bind(RelationPrimaryContext primary) {
        if (primary instanceof TableNameContext table) {
            boolean plain = table.temporalClause() == null
                    && table.sample() == null
                    && table.watermarkClause() == null
                    && table.optionsClause() == null
                    && table.identifierReference().multipartIdentifier() != null;
            if (plain) {
                return table(table.identifierReference().multipartIdentifier(), table.tableAlias(), Flow.Reading.WHOLE);
            }
        } else if (primary instanceof StreamRelationContext stream) {
            return stream(stream.streamRelationPrimary());
        } else if (primary instanceof TableValuedFunctionContext function) {
            throw function(
                    primary, function.tableFunctionCallWithTrailingClauses().tableFunctionCall());
        } else if (primary instanceof AliasedQueryContext query
                && query.sample() == null
                && query.watermarkClause() == null) {
            return subquery(query);
        } else if (primary instanceof AliasedRelationContext relation
                && relation.sample() == null
                && relation.watermarkClause() == null
                && alias(relation.tableAlias()).isEmpty()) {
            Bound inner = bind(relation.relation());
            return new Bound("(" + inner.sql + ")", inner.scope, inner.streaming);
        }
        throw other(primary);
    }

    private TarnException other(ParserRuleContext primary) {
        return site.unsupported(
                primary,
                "'" + Site.shown(primary) + "' in FROM",
                "Read a table, STREAM(table) or a query in parentheses.");
    }

    private TarnException function(ParserRuleContext where, TableFunctionCallContext call) {
        String name = call.funcName.getText().toLowerCase(Locale.ROOT);
        if (name.equals(READ_FILES)) {
            return site.unsupported(
                    where,
                    "read_files without STREAM",
                    "Write FROM STREAM read_files(...) in a streaming table, and read that one here.");
        }
        return name.equals("cloud_files")
                ? site.unsupported(where, name, "Write STREAM read_files('/landing/folder/', format => 'csv', ...).")
                : other(where);
    }

    private Bound function(StreamTableValuedFunctionContext stream) {
        TableFunctionCallWithTrailingClausesContext trailing = stream.tableFunctionCallWithTrailingClauses();
        TableFunctionCallContext call = trailing == null ? stream.tableFunctionCall() : trailing.tableFunctionCall();
        boolean plain = trailing == null
                ? stream.identifiedByClause() == null && stream.watermarkClause() == null
                : trailing.identifiedByClause() == null && trailing.watermarkClause() == null;
        if (!plain || !call.funcName.getText().equalsIgnoreCase(READ_FILES)) {
            throw function(stream, call);
        }
        Optional<String> alias = alias(trailing == null ? stream.tableAlias() : trailing.tableAlias());
        return files(new ReadFilesBinder(site, call).bind(call), alias.orElse(READ_FILES));
    }

    /** The rows of files as Databricks shows them: of what Tarn adds, only the rescued values are there. */
    private Bound files(ReadFiles files, String alias) {
        TableName table = queries.reading().tables().files(files);
        TableSchema schema = queries.reading().input(table, Flow.Reading.STREAM, files.position());
        List<ResultColumn> columns = schema.columns().stream()
                .filter(column -> BronzeSchema.isNameOfSource(column.name())
                        || files.rescued() && column.equals(BronzeSchema.RESCUED_DATA))
                .map(column ->
                        new ResultColumn(column.name(), column.type(), files.position(), Set.of()).of(table.toString()))
                .toList();
        Bound rows = relation(Sql.identifier(table.toString()), alias, READ_FILES, "", columns, true);
        String owner = rows.scope.relations().get(0).alias();
        return new Bound(rows.sql, rows.scope.and(FileMetadata.of(owner)), true);
    }

    private Bound stream(StreamRelationPrimaryContext primary) {
        if (primary instanceof StreamTableValuedFunctionContext function) {
            return function(function);
        }
        if (!(primary instanceof StreamTableNameContext table)
                || table.streamChangesClause() != null
                || table.identifiedByClause() != null) {
            throw other(primary);
        }
        Flow.Reading reading =
                table.optionsClause() == null ? Flow.Reading.STREAM : streams.reading(table.optionsClause());
        Bound bound = table(table.multipartIdentifier(), table.tableAlias(), reading);
        if (table.watermarkClause() != null) {
            streams.checkWatermark(table.watermarkClause(), bound.scope);
        }
        return bound;
    }

    private Bound subquery(AliasedQueryContext context) {
        BoundQuery query = queries.inner(context.query());
        String name = alias(context.tableAlias()).orElse("subquery");
        return relation("(" + query.sql() + ")", name, "the query " + name, "", query.columns(), query.streaming());
    }

    private Optional<String> alias(@Nullable TableAliasContext context) {
        if (context == null || context.strictIdentifier() == null) {
            return Optional.empty();
        }
        if (context.identifierList() != null) {
            throw site.unsupported(context, "Renaming columns behind a table's alias", "Rename them in its SELECT.");
        }
        return Optional.of(Texts.name(context.strictIdentifier()));
    }

    private Bound table(
            MultipartIdentifierContext name, @Nullable TableAliasContext aliasContext, Flow.Reading reading) {
        List<String> parts = site.names().plain(Texts.names(name.errorCapturingIdentifier()));
        SourcePosition position = site.grammar().at(name);
        Optional<String> alias = alias(aliasContext);
        Optional<WithQueries.View> named = parts.size() == 1 ? queries.view(parts.get(0), position) : Optional.empty();
        Optional<WithQueries.View> view =
                named.isPresent() ? named : site.names().table(parts).flatMap(table -> queries.view(table, position));
        if (view.isPresent()) {
            requireSameStreaming(name, view.get(), reading);
            return relation(
                    Sql.identifier(view.get().name()),
                    alias.orElse(parts.get(parts.size() - 1)),
                    String.join(".", parts),
                    alias.isPresent() || parts.size() == 1 ? "" : String.join(".", parts),
                    view.get().columns(),
                    view.get().streaming());
        }
        TableName table = site.names()
                .table(parts)
                .orElseThrow(() -> queries.reading().tables().unknown(String.join(".", parts), position));
        return table(table, alias, reading, position);
    }

    private Bound table(TableName table, Optional<String> alias, Flow.Reading reading, SourcePosition position) {
        boolean streaming = reading != Flow.Reading.WHOLE;
        TableSchema schema = queries.reading().input(table, reading, position);
        Lineage lineage = streaming ? queries.reading().lineage(table) : Lineage.none();
        List<ResultColumn> columns = schema.columns().stream()
                .map(column -> new ResultColumn(column.name(), column.type(), position, lineage.of(column.name())))
                .map(column -> streaming ? column.of(table.toString()) : column)
                .toList();
        return relation(
                Sql.identifier(table.toString()),
                alias.orElse(table.table()),
                table.toString(),
                alias.isPresent() ? "" : table.toString(),
                columns,
                streaming);
    }

    private void requireSameStreaming(MultipartIdentifierContext name, WithQueries.View view, Flow.Reading reading) {
        boolean stream = reading != Flow.Reading.WHOLE;
        if (view.streaming() != stream) {
            throw site.unsupported(
                    name,
                    stream ? "STREAM of a view that reads no stream" : "Reading a stream's view without STREAM",
                    stream ? "Leave STREAM out." : "Write STREAM(" + Site.shown(name) + ").");
        }
        if (reading == Flow.Reading.STREAM_WITHOUT_CHANGES) {
            throw site.unsupported(
                    name,
                    "skipChangeCommits of a view",
                    "Write it where the view reads its table: STREAM table WITH ('skipChangeCommits' = 'true').");
        }
    }

    private Bound relation(
            String sql, String alias, String shown, String full, List<ResultColumn> columns, boolean streaming) {
        String unique = alias;
        for (int i = 2; aliases.contains(unique.toLowerCase(Locale.ROOT)); i++) {
            unique = alias + "_" + i;
        }
        aliases.add(unique.toLowerCase(Locale.ROOT));
        String qualifier = Sql.identifier(unique);
        String owner = unique;
        List<ScopeColumn> scopeColumns = columns.stream()
                .map(column -> new ScopeColumn(
                        column.name(),
                        qualifier + "." + Sql.identifier(column.name()),
                        column.type(),
                        owner,
                        true,
                        column.origins()))
                .toList();
        Scope scope = new Scope(List.of(new Relation(owner, shown, full)), scopeColumns, Set.of());
        return new Bound(sql + " AS " + qualifier, scope, streaming);
    }

    private Bound join(Bound left, JoinRelationContext join) {
        JoinTypeContext type = join.joinType();
        if (join.NATURAL() != null
                || join.LATERAL() != null
                || join.nearestByClause() != null
                || type.SEMI() != null
                || type.ANTI() != null) {
            throw site.unsupported(
                    join, "This kind of join", "Use INNER, LEFT, RIGHT, FULL or CROSS JOIN with ON or USING.");
        }
        Bound right = bind(join.right);
        String word =
                type.LEFT() != null ? "LEFT" : type.RIGHT() != null ? "RIGHT" : type.FULL() != null ? "FULL" : "INNER";
        requireStatic(join, right);
        if (left.streaming && (word.equals("RIGHT") || word.equals("FULL"))) {
            throw site.unsupported(join, word + " JOIN of a stream", "Use INNER or LEFT JOIN.");
        }
        Scope both = left.scope.and(right.scope);
        if (join.joinCriteria() == null) {
            if (!word.equals("INNER")) {
                throw site.unsupported(join, word + " JOIN without ON", "Write ON and the condition.");
            }
            return new Bound(left.sql + " CROSS JOIN " + right.sql, both, left.streaming);
        }
        String start = left.sql + "\n" + word + " JOIN " + right.sql + " ON ";
        if (join.joinCriteria().booleanExpression() != null) {
            Typed condition = new ExpressionBinder(site, both, Place.ROWS, Set.of())
                    .bindCondition(join.joinCriteria().booleanExpression());
            return new Bound(start + condition.sql(), both, left.streaming);
        }
        return using(start, word, left, right, join);
    }

    private Bound using(String start, String word, Bound left, Bound right, JoinRelationContext join) {
        List<ScopeColumn> merged = new ArrayList<>();
        List<String> conditions = new ArrayList<>();
        for (IdentifierContext name : names(join)) {
            ScopeColumn a = one(left, name);
            ScopeColumn b = one(right, name);
            requireSameType(name, a, b);
            conditions.add(a.sql() + " = " + b.sql());
            String value = word.equals("RIGHT")
                    ? b.sql()
                    : word.equals("FULL") ? "coalesce(" + a.sql() + ", " + b.sql() + ")" : a.sql();
            merged.add(new ScopeColumn(a.name(), value, a.type(), "", true, left.scope.origins(value)));
        }
        List<String> mergedNames = merged.stream()
                .map(column -> column.name().toLowerCase(Locale.ROOT))
                .toList();
        Scope both = left.scope.and(right.scope);
        List<ScopeColumn> columns = Stream.concat(
                        merged.stream(),
                        both.columns().stream()
                                .map(column ->
                                        mergedNames.contains(column.name().toLowerCase(Locale.ROOT))
                                                ? new ScopeColumn(
                                                        column.name(),
                                                        column.sql(),
                                                        column.type(),
                                                        column.alias(),
                                                        false,
                                                        column.origins())
                                                : column))
                .toList();
        return new Bound(
                start + String.join(" AND ", conditions),
                new Scope(both.relations(), columns, Set.of()),
                left.streaming);
    }

    private static List<IdentifierContext> names(JoinRelationContext join) {
        return join.joinCriteria().identifierList().identifierSeq().ident.stream()
                .map(identifier -> identifier.identifier())
                .toList();
    }

    private ScopeColumn one(Bound side, IdentifierContext context) {
        String name = Texts.name(context);
        Typed resolved =
                side.scope.resolve(List.of(name), List.of(site.grammar().at(context)));
        return side.scope.columns().stream()
                .filter(column -> column.bare() && column.sql().equals(resolved.sql()))
                .findFirst()
                .orElseThrow(() -> Problems.refusal(
                        COLUMN_NOT_FOUND,
                        site.grammar().at(context),
                        name + " is not a column of both tables.",
                        "Join with ON."));
    }

    private void requireSameType(ParserRuleContext context, ScopeColumn a, ScopeColumn b) {
        DataType type = a.type();
        if (!type.equals(b.type()) || !Coercion.isExact(type)) {
            throw Problems.refusal(
                    TYPE_MISMATCH,
                    site.grammar().at(context),
                    a.name() + " is " + type + " on one side and " + b.type() + " on the other.",
                    "Join with ON and CAST.");
        }
    }

    private void requireStatic(ParserRuleContext context, Bound right) {
        if (right.streaming) {
            throw site.unsupported(
                    context, "A stream on the right side of a join", "Put the stream first, and join tables to it.");
        }
    }
}
