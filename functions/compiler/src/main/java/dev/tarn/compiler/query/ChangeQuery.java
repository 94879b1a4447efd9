package dev.tarn.compiler.query;

import static dev.tarn.model.ErrorCode.COLUMN_NOT_FOUND;
import static dev.tarn.model.ErrorCode.SQL_UNSUPPORTED;

import dev.tarn.compiler.project.Problems;
import dev.tarn.compiler.statement.ColumnChoice;
import dev.tarn.compiler.statement.FlowStatement.Changes;
import dev.tarn.compiler.statement.Named;
import dev.tarn.compiler.statement.Surroundings;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.DataType.Simple;
import dev.tarn.model.Effect.AutoCdc;
import dev.tarn.model.Effect.ScdType;
import dev.tarn.model.Nearest;
import dev.tarn.model.Problem;
import dev.tarn.model.Sql;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExpressionContext;

/** The changes of one AUTO CDC flow, understood. How they fit their table is asked of them later. */
public final class ChangeQuery {

    private static final String SOURCE = "source";

    private final Changes changes;
    private final String target;
    private final FlowQuery source;
    private final Site site;
    private final Problems problems = new Problems();
    private final List<ResultColumn> keys;
    private final List<ResultColumn> columns;
    private final Typed sequence;
    private final Optional<ExpressionContext> deleteWhen;
    private final Optional<ExpressionContext> truncateWhen;
    private final String operation;
    private final HeldBackChanges heldBack;

    private ChangeQuery(Surroundings surroundings, Changes changes, Tables tables, String target) {
        this.changes = changes;
        this.target = target;
        this.source = FlowQuery.bind(surroundings, changes.source(), tables);
        this.site = new Site(surroundings);
        ExpressionBinder binder = new ExpressionBinder(site, scope(), Place.ROWS, Set.of());
        this.keys = changes.keys().stream()
                .flatMap(key -> problems.attempt(() -> key(key)).stream())
                .toList();
        this.columns = chosen(changes.columns(), source.columns());
        this.sequence = problems.attempt(() -> changes.sequence()
                        .map(slice -> SequenceOrder.bind(
                                site, binder, surroundings.grammar().expression(slice)))
                        .orElse(Typed.literal("CAST(NULL AS BIGINT)", Simple.BIGINT, Typed.Literal.NULL)))
                .orElse(Coercion.nothing());
        this.deleteWhen = changes.deleteWhen()
                .flatMap(slice -> problems.attempt(() -> site.grammar().expression(slice)));
        this.truncateWhen = changes.truncateWhen()
                .flatMap(slice -> problems.attempt(() -> site.grammar().expression(slice)));
        this.operation = operation(binder);
        this.heldBack = new HeldBackChanges(target, source.columns(), names(keys));
        check();
    }

    /**
     * Understands the changes.
     *
     * @param target the table that follows them, for messages
     * @throws dev.tarn.model.TarnException with everything that is wrong
     */
    public static ChangeQuery bind(Surroundings surroundings, Changes changes, Tables tables, String target) {
        return new ChangeQuery(surroundings, changes, tables, target);
    }

    private Scope scope() {
        List<Scope.ScopeColumn> visible = source.columns().stream()
                .map(column -> new Scope.ScopeColumn(
                        column.name(),
                        Sql.identifier(SOURCE) + "." + Sql.identifier(column.name()),
                        column.type(),
                        SOURCE,
                        true,
                        column.origins()))
                .toList();
        return new Scope(List.of(new Scope.Relation(SOURCE, "what the flow reads", "")), visible, Set.of());
    }

    private ResultColumn key(Named key) {
        ResultColumn column = one(key, source.columns(), "what the flow reads");
        if (!Coercion.isExact(column.type())) {
            throw Problems.refusal(
                    SQL_UNSUPPORTED,
                    key.position(),
                    "The key " + column.name() + " of type " + column.type() + " is not supported yet.",
                    "Use keys that are whole numbers, decimals, texts, days, moments or booleans.");
        }
        return column;
    }

    private String operation(ExpressionBinder binder) {
        StringBuilder cases = new StringBuilder();
        truncateWhen
                .flatMap(condition -> problems.attempt(() -> binder.bindCondition(condition)))
                .ifPresent(truncate -> cases.append(when(truncate, AutoCdc.TRUNCATE)));
        deleteWhen
                .flatMap(condition -> problems.attempt(() -> binder.bindCondition(condition)))
                .ifPresent(delete -> cases.append(when(delete, AutoCdc.DELETE)));
        String value = cases.isEmpty() ? "" + AutoCdc.UPSERT : "CASE" + cases + " ELSE " + AutoCdc.UPSERT + " END";
        return Coercion.cast(value, Simple.TINYINT);
    }

    private static String when(Typed condition, int operation) {
        return " WHEN coalesce(" + condition.sql() + ", FALSE) THEN " + operation;
    }

    private void check() {
        if (changes.snapshots() || changes.once()) {
            if (source.readsStream()) {
                problems.add(
                        SQL_UNSUPPORTED,
                        site.grammar().at(changes.source().tokens().get(2)),
                        (changes.snapshots()
                                        ? "A snapshot is all rows there are"
                                        : "A flow that runs once reads whole tables")
                                + ", and this one is read from a stream.",
                        "Leave STREAM out.");
            }
        } else if (!source.streaming()) {
            problems.add(
                    SQL_UNSUPPORTED,
                    site.grammar().at(changes.source().tokens().get(2)),
                    "AUTO CDC from what is no stream is not supported yet.",
                    "Write FROM STREAM(table); FROM SNAPSHOT table where each update finds all rows there are.");
        }
        Set<String> kept = names(columns);
        for (Named key : changes.keys()) {
            if (names(keys).contains(FlowQuery.key(key.name())) && !kept.contains(FlowQuery.key(key.name()))) {
                problems.add(
                        COLUMN_NOT_FOUND,
                        key.position(),
                        "The key " + key.name() + " is not among the COLUMNS of the flow.",
                        "Add it to COLUMNS, or take it out of EXCEPT: rows of " + target + " are found by it.");
            }
        }
        source.lineage().judgements().forEach(judgement -> heldBack.look(judgement, deleteWhen, truncateWhen));
        // Without a stream, rows come from views whose keys they show; others are only looked up.
        source.ofWholeViews().stream()
                .filter(judgement -> keys.stream().anyMatch(key -> key.shows(judgement.relation())))
                .forEach(judgement -> {
                    if (changes.snapshots()) {
                        heldBack.lookAtSnapshot(judgement);
                    } else if (changes.once()) {
                        heldBack.look(judgement, deleteWhen, truncateWhen);
                    }
                });
        problems.addAll(heldBack.refused());
        problems.refuseIfAny();
    }

    /** Expectations that leave former versions of rows in place. */
    public List<Problem> warnings() {
        return heldBack.warned();
    }

    /** What the changes are read from. */
    public FlowQuery source() {
        return source;
    }

    /** The columns that the table gets of the changes, in order, without those that tell how long a version held. */
    public List<ResultColumn> columns() {
        return columns;
    }

    /** Type of what orders the changes. */
    public DataType sequence() {
        return sequence.type();
    }

    /**
     * What becomes of the changes.
     *
     * @param values the table's columns that they fill
     * @throws dev.tarn.model.TarnException with everything that is wrong
     */
    public AutoCdc effect(List<Column> values) {
        Problems found = new Problems();
        List<ResultColumn> all = values.stream()
                .map(column -> columns.stream()
                        .filter(result -> result.name().equalsIgnoreCase(column.name()))
                        .findFirst()
                        .map(result -> new ResultColumn(column.name(), column.type(), result.position(), Set.of()))
                        .orElseThrow())
                .toList();
        Set<String> keyNames = names(keys);
        List<String> keysInOrder = changes.keys().stream()
                .flatMap(key -> all.stream().filter(column -> column.name().equalsIgnoreCase(key.name())))
                .map(ResultColumn::name)
                .distinct()
                .toList();
        List<String> tracked = changes.type() == ScdType.TYPE_1
                ? List.of()
                : withoutKeys(chosen(changes.tracked().orElse(ColumnChoice.all()), all, found), keyNames);
        List<String> ignoreNulls = changes.ignoreNulls()
                .map(choice -> withoutKeys(chosen(choice, all, found), keyNames))
                .orElse(List.of());
        found.refuseIfAny();
        return new AutoCdc(
                keysInOrder,
                sequence.type(),
                changes.type(),
                tracked,
                new LinkedHashSet<>(ignoreNulls),
                changes.snapshots(),
                changes.once());
    }

    /** The query for DuckDB: {@code values}, then what orders the changes and what each of them does. */
    public String sql(List<Column> values) {
        List<String> items = new ArrayList<>();
        for (Column column : values) {
            ResultColumn result = columns.stream()
                    .filter(candidate -> candidate.name().equalsIgnoreCase(column.name()))
                    .findFirst()
                    .orElseThrow();
            String value = Sql.identifier(SOURCE) + "." + Sql.identifier(result.name());
            items.add(Coercion.cast(value, column.type()) + " AS " + Sql.identifier(column.name()));
        }
        items.add(sequence.sql() + " AS " + Sql.identifier(AutoCdc.SEQUENCE));
        items.add(operation + " AS " + Sql.identifier(AutoCdc.OPERATION));
        List<Column> yielded = new ArrayList<>(values);
        yielded.add(new Column(AutoCdc.SEQUENCE, sequence.type()));
        yielded.add(new Column(AutoCdc.OPERATION, Simple.TINYINT));
        return source.select(items, SOURCE, yielded);
    }

    private static List<String> withoutKeys(List<ResultColumn> columns, Set<String> keys) {
        return columns.stream()
                .map(ResultColumn::name)
                .filter(name -> !keys.contains(FlowQuery.key(name)))
                .toList();
    }

    private static Set<String> names(List<ResultColumn> columns) {
        Set<String> names = new HashSet<>();
        columns.forEach(column -> names.add(FlowQuery.key(column.name())));
        return names;
    }

    private List<ResultColumn> chosen(ColumnChoice choice, List<ResultColumn> from) {
        return chosen(choice, from, problems);
    }

    private List<ResultColumn> chosen(ColumnChoice choice, List<ResultColumn> from, Problems found) {
        String owner = from == source.columns() ? "what the flow reads" : target;
        Set<String> named = new HashSet<>();
        for (Named name : choice.names()) {
            found.attempt(() -> one(name, from, owner)).ifPresent(column -> named.add(FlowQuery.key(column.name())));
        }
        return from.stream()
                .filter(column -> named.contains(FlowQuery.key(column.name())) != choice.except())
                .toList();
    }

    private static ResultColumn one(Named name, List<ResultColumn> columns, String owner) {
        List<String> names = columns.stream().map(ResultColumn::name).toList();
        return columns.stream()
                .filter(column -> column.name().equalsIgnoreCase(name.name()))
                .findFirst()
                .orElseThrow(() -> Problems.refusal(
                        COLUMN_NOT_FOUND,
                        name.position(),
                        name.name() + " is not a column of " + owner + ".",
                        Nearest.sentence(name.name(), names, "Its columns: " + String.join(", ", names) + ".")));
    }
}
