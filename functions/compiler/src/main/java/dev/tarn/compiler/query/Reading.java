package dev.tarn.compiler.query;

import static dev.tarn.model.ErrorCode.FLOWS_CYCLIC;
import static dev.tarn.model.ErrorCode.SQL_UNSUPPORTED;

import dev.tarn.compiler.project.Problems;
import dev.tarn.compiler.statement.Constraint;
import dev.tarn.compiler.statement.Named;
import dev.tarn.compiler.statement.QualifiedName;
import dev.tarn.compiler.statement.ViewStatement;
import dev.tarn.model.Column;
import dev.tarn.model.Expectation.OnViolation;
import dev.tarn.model.Flow;
import dev.tarn.model.JudgedView;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one flow reads, gathered while its query is bound. */
final class Reading {

    private final Tables tables;
    private final WithQueries views = new WithQueries();
    private final Map<TableName, Flow.Reading> inputs = new LinkedHashMap<>();
    private final Map<SourcePosition, WithQueries.View> bound = new HashMap<>();
    private final Set<SourcePosition> underWay = new HashSet<>();
    private final List<JudgedView> judged = new ArrayList<>();
    private final List<Judgement> judgements = new ArrayList<>();
    private final List<Judgement> ofWholeViews = new ArrayList<>();

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
        return inputs.values().stream().anyMatch(reading -> reading != Flow.Reading.WHOLE);
    }

    List<Flow.Input> inputs() {
        return inputs.entrySet().stream()
                .map(input -> new Flow.Input(input.getKey(), input.getValue()))
                .toList();
    }

    /** Views whose rows are judged, each after those it reads. */
    List<JudgedView> judged() {
        return judged;
    }

    /** Of the views and tables through which streamed rows came. */
    List<Judgement> judgements() {
        return judgements;
    }

    /** Of the views that read no stream. */
    List<Judgement> ofWholeViews() {
        return ofWholeViews;
    }

    TableSchema input(TableName table, Flow.Reading how, SourcePosition position) {
        TableSchema schema = tables.schema(table, how, position);
        Flow.Reading before = inputs.putIfAbsent(table, how);
        if (before != null && before != how) {
            throw Problems.refusal(
                    SQL_UNSUPPORTED,
                    position,
                    "Reading " + table + " in two ways in one query is not supported yet.",
                    "Read it the same way everywhere: whole, as a stream, or as a stream with the same options. Or use two tables.");
        }
        return schema;
    }

    /** What streamed rows of the table went through. */
    Lineage lineage(TableName table) {
        Lineage lineage = tables.lineage(table);
        lineage.judgements().stream()
                .filter(judgement -> !judgements.contains(judgement))
                .forEach(judgements::add);
        return lineage;
    }

    /** The view, bound at its first use. {@code position}: where it is read. */
    WithQueries.View view(ViewStatement statement, SourcePosition position) {
        SourcePosition id = statement.position();
        if (!bound.containsKey(id)) {
            String name = name(statement);
            if (!underWay.add(id)) {
                throw Problems.refusal(
                        FLOWS_CYCLIC, position, "The view " + name + " reads itself.", "Break the circle.");
            }
            BoundQuery query = new QueryBinder(new Site(statement.surroundings()), this)
                    .bind(statement.surroundings().grammar().query(statement.query()));
            requireNames(statement, query);
            bound.put(id, statement.constraints().isEmpty() ? views.add(name, query) : judge(statement, query));
            underWay.remove(id);
        }
        return bound.get(id);
    }

    /** Spark takes a view's columns by position and Lakeflow's documents by name: here both must be the same. */
    private static void requireNames(ViewStatement statement, BoundQuery query) {
        List<ResultColumn> columns = query.columns();
        List<Named> names = statement.columns();
        for (int i = 0; i < names.size(); i++) {
            if (i >= columns.size()
                    || !names.get(i).name().equalsIgnoreCase(columns.get(i).name())) {
                throw otherColumns(statement, names.get(i).position());
            }
        }
        if (!names.isEmpty() && columns.size() > names.size()) {
            throw otherColumns(statement, names.get(0).position());
        }
    }

    private static TarnException otherColumns(ViewStatement statement, SourcePosition position) {
        return Problems.refusal(
                SQL_UNSUPPORTED,
                position,
                "A column list of the view " + name(statement) + " that differs from its query is not supported yet.",
                "Leave it out, and name the columns in the SELECT with AS.");
    }

    private WithQueries.View judge(ViewStatement statement, BoundQuery query) {
        String name = name(statement);
        for (Constraint constraint : statement.constraints()) {
            if (constraint.onViolation() == OnViolation.QUARANTINE) {
                throw Problems.refusal(
                        SQL_UNSUPPORTED,
                        constraint.position(),
                        "ON VIOLATION QUARANTINE of a view is not supported: only a table keeps rows aside.",
                        "Write the expectation at the table that is filled from " + name
                                + ", or ON VIOLATION DROP ROW, which counts the rows.");
            }
        }
        ResultColumn.refuseReserved(query.columns());
        TableSchema schema = new TableSchema(query.columns().stream()
                .map(column -> new Column(column.name(), column.type()))
                .toList());
        Judgement judgement =
                Judgement.of(name, lastPart(statement), statement.constraints(), statement.surroundings(), schema);
        JudgedView view = new JudgedView(name, "tarn_keeps_" + (judged.size() + 1), judgement.expectations());
        judged.add(view);
        (query.streaming() ? judgements : ofWholeViews).add(judgement);
        List<ResultColumn> columns =
                query.columns().stream().map(column -> column.of(name)).toList();
        return views.addJudged(name, new BoundQuery(query.sql(), columns, query.streaming()), view);
    }

    private static String name(ViewStatement statement) {
        QualifiedName name = statement.name();
        return statement.temporary()
                ? name.written()
                : statement
                        .surroundings()
                        .names()
                        .table(name.parts())
                        .map(TableName::toString)
                        .orElse(name.written());
    }

    private static String lastPart(ViewStatement statement) {
        List<String> parts = statement.name().parts();
        return parts.get(parts.size() - 1);
    }
}
