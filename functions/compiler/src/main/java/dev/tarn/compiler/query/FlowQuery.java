package dev.tarn.compiler.query;

import static dev.tarn.model.ErrorCode.COLUMN_NOT_FOUND;
import static dev.tarn.model.ErrorCode.FLOWS_CYCLIC;
import static dev.tarn.model.ErrorCode.SQL_UNSUPPORTED;
import static dev.tarn.model.ErrorCode.TYPE_MISMATCH;

import dev.tarn.compiler.grammar.SparkGrammar;
import dev.tarn.compiler.grammar.SparkGrammar.Slice;
import dev.tarn.compiler.project.Problems;
import dev.tarn.compiler.query.BoundQuery.ResultColumn;
import dev.tarn.compiler.statement.DatasetStatement;
import dev.tarn.compiler.statement.DatasetStatement.DeclaredColumn;
import dev.tarn.compiler.statement.DatasetStatement.Kind;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Flow;
import dev.tarn.model.Nearest;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.Sql;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The query of one flow, translated.
 *
 * @param sql yields exactly the columns of {@code schema}, in order and types
 * @param inputs tables that it reads, once each
 */
public record FlowQuery(String sql, TableSchema schema, List<Flow.Input> inputs) {

    public FlowQuery {
        inputs = List.copyOf(inputs);
    }

    /** Translates the query of {@code statement}. Throws {@link dev.tarn.model.TarnException} with what is wrong. */
    public static FlowQuery translate(DatasetStatement statement, Tables tables) {
        Reading reading = new Reading(tables);
        BoundQuery query = new QueryBinder(statement.grammar(), reading)
                .bind(statement.grammar().query(statement.query()));
        if (statement.kind() == Kind.STREAMING_TABLE && !query.streaming()) {
            throw Problems.refusal(
                    SQL_UNSUPPORTED,
                    statement.position(),
                    "A streaming table that reads no stream is not supported yet.",
                    "Write FROM STREAM(table), or make it a materialized view.");
        }
        if (statement.kind() == Kind.MATERIALIZED_VIEW && reading.streams()) {
            throw Problems.refusal(
                    SQL_UNSUPPORTED,
                    statement.position(),
                    "A materialized view reads whole tables, and this one reads a stream.",
                    "Leave STREAM out, or make it a streaming table.");
        }
        List<Column> columns = statement.columns().isEmpty() ? derived(query) : declared(statement, query);
        String list = columns.stream()
                .map(column -> Coercion.cast(Sql.identifier(column.name()), column.type()) + " AS "
                        + Sql.identifier(column.name()))
                .collect(Collectors.joining(", "));
        String sql = reading.views().clause() + "SELECT " + list + "\nFROM (" + query.sql() + ") AS \"result\"";
        return new FlowQuery(sql, new TableSchema(columns), reading.inputs());
    }

    /** A condition over the columns of {@code schema}, for DuckDB. */
    public static String condition(DatasetStatement statement, Slice condition, TableSchema schema, TableName table) {
        return condition(statement.grammar(), condition, schema, table.toString(), table.table());
    }

    /**
     * As {@link #condition(DatasetStatement, Slice, TableSchema, TableName)}, of any text.
     *
     * @param table its name for messages
     * @param alias its name before a column
     */
    public static String condition(
            SparkGrammar grammar, Slice condition, TableSchema schema, String table, String alias) {
        List<Scope.ScopeColumn> columns = schema.columns().stream()
                .map(column ->
                        new Scope.ScopeColumn(column.name(), Sql.identifier(column.name()), column.type(), alias, true))
                .toList();
        Scope scope = new Scope(List.of(new Scope.Relation(alias, table, table)), columns, Set.of());
        return new ExpressionBinder(new Site(grammar), scope, Place.ROWS, Set.of())
                .bindCondition(grammar.expression(condition))
                .sql();
    }

    private static List<Column> derived(BoundQuery query) {
        return query.columns().stream()
                .map(column -> new Column(column.name(), column.type()))
                .toList();
    }

    /** The declared columns, filled by those columns of the query that have the same name. */
    private static List<Column> declared(DatasetStatement statement, BoundQuery query) {
        Problems problems = new Problems();
        Map<String, ResultColumn> results = new HashMap<>();
        query.columns().forEach(column -> results.put(key(column.name()), column));
        List<Column> columns = new ArrayList<>();
        for (DeclaredColumn declared : statement.columns()) {
            ResultColumn result = results.remove(key(declared.name()));
            if (result == null) {
                List<String> names =
                        query.columns().stream().map(ResultColumn::name).toList();
                problems.add(
                        COLUMN_NOT_FOUND,
                        declared.position(),
                        declared.name() + " is declared and the query does not yield it.",
                        Nearest.sentence(declared.name(), names, "The query yields " + String.join(", ", names) + "."));
            } else {
                columns.add(new Column(declared.name(), assigned(declared, result, problems), declared.comment()));
            }
        }
        for (ResultColumn extra : results.values()) {
            problems.add(
                    COLUMN_NOT_FOUND,
                    extra.position(),
                    extra.name() + " is not among the declared columns.",
                    Nearest.sentence(
                            extra.name(),
                            statement.columns().stream()
                                    .map(DeclaredColumn::name)
                                    .toList(),
                            "Declare it, or leave it out of the query."));
        }
        problems.refuseIfAny();
        return columns;
    }

    private static DataType assigned(DeclaredColumn declared, ResultColumn result, Problems problems) {
        Optional<DataType> wanted = declared.type();
        if (wanted.isPresent() && !Coercion.widens(result.type(), wanted.get())) {
            problems.add(
                    TYPE_MISMATCH,
                    declared.position(),
                    declared.name() + " is declared " + wanted.get() + " and the query yields " + result.type()
                            + ", which does not always fit.",
                    "Declare " + result.type() + ", or CAST in the query.");
        }
        return wanted.orElse(result.type());
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** What one flow reads, gathered while its query is bound. */
    static final class Reading {
        private final Tables tables;
        private final WithQueries views = new WithQueries();
        private final Map<TableName, Boolean> inputs = new LinkedHashMap<>();
        private final Map<String, WithQueries.View> temporary = new HashMap<>();
        private final Set<String> underWay = new HashSet<>();

        Reading(Tables tables) {
            this.tables = tables;
        }

        Tables tables() {
            return tables;
        }

        WithQueries views() {
            return views;
        }

        boolean streams() {
            return inputs.containsValue(true);
        }

        List<Flow.Input> inputs() {
            return inputs.entrySet().stream()
                    .map(input ->
                            new Flow.Input(input.getKey(), input.getValue() ? Flow.Reading.STREAM : Flow.Reading.WHOLE))
                    .toList();
        }

        TableSchema input(TableName table, boolean streaming, SourcePosition position) {
            TableSchema schema = tables.schema(table, streaming, position);
            Boolean before = inputs.putIfAbsent(table, streaming);
            if (before != null && before != streaming) {
                throw Problems.refusal(
                        SQL_UNSUPPORTED,
                        position,
                        "Reading " + table + " whole and as a stream in one query is not supported yet.",
                        "Use two tables.");
            }
            return schema;
        }

        /** The temporary view of that name, bound at its first use. */
        Optional<WithQueries.View> temporary(String name, SourcePosition position) {
            Optional<DatasetStatement> statement = tables.view(name);
            if (statement.isEmpty()) {
                return Optional.empty();
            }
            if (!temporary.containsKey(key(name))) {
                if (!underWay.add(key(name))) {
                    throw Problems.refusal(
                            FLOWS_CYCLIC,
                            position,
                            "The temporary view " + name + " reads itself.",
                            "Break the circle.");
                }
                BoundQuery query = new QueryBinder(statement.get().grammar(), this)
                        .bind(statement.get().grammar().query(statement.get().query()));
                temporary.put(key(name), views.add(name, query));
                underWay.remove(key(name));
            }
            return Optional.of(temporary.get(key(name)));
        }
    }
}
