package dev.tarn.compiler;

import static dev.tarn.model.ErrorCode.SQL_UNSUPPORTED;

import dev.tarn.compiler.project.Problems;
import dev.tarn.compiler.query.ChangeQuery;
import dev.tarn.compiler.query.FlowQuery;
import dev.tarn.compiler.query.Judgement;
import dev.tarn.compiler.query.Lineage;
import dev.tarn.compiler.query.Tables;
import dev.tarn.compiler.statement.Constraint;
import dev.tarn.compiler.statement.FlowStatement;
import dev.tarn.compiler.statement.FlowStatement.Changes;
import dev.tarn.compiler.statement.FlowStatement.Insertion;
import dev.tarn.compiler.statement.TableStatement;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Dataset;
import dev.tarn.model.Effect;
import dev.tarn.model.Effect.ScdType;
import dev.tarn.model.Flow;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes one table and its flows out of their statements. */
final class TableCompiler {

    private final TableName name;
    private final TableStatement statement;
    private final Tables tables;
    private final ZoneId timezone;

    TableCompiler(TableName name, TableStatement statement, Tables tables, ZoneId timezone) {
        this.name = name;
        this.statement = statement;
        this.tables = tables;
        this.timezone = timezone;
    }

    /** Throws {@link dev.tarn.model.TarnException} with everything that is wrong. */
    FilledTable compile(List<FlowStatement> flows) {
        Problems problems = new Problems();
        boolean follows = flows.stream().anyMatch(flow -> flow.work() instanceof Changes);
        if (follows) {
            problems.attempt(this::refuseExpectations);
        }
        List<Filling> fillings = flows.stream()
                .flatMap(flow -> problems.attempt(() -> filling(flow)).stream())
                .toList();
        problems.refuseIfAny();
        Optional<DataType> version = fillings.stream()
                .filter(filling ->
                        filling.statement().work() instanceof Changes changes && changes.type() == ScdType.TYPE_2)
                .flatMap(filling -> filling.changes().map(ChangeQuery::sequence).stream())
                .findFirst();
        List<Column> columns = new TableShape(name, statement, fillings, version).columns();
        TableSchema schema = new TableSchema(columns);
        Optional<Dataset> dataset =
                problems.attempt(() -> new DescribedTable(name, statement, schema).dataset(follows));
        Optional<Judgement> judgement = problems.attempt(() ->
                Judgement.of(name.toString(), name.table(), statement.constraints(), statement.surroundings(), schema));
        problems.refuseIfAny();
        List<Column> filled = TableShape.filled(columns, version.isPresent());
        List<Flow> made = fillings.stream()
                .map(filling -> flow(filling, dataset.orElseThrow(), judgement.orElseThrow(), filled))
                .toList();
        List<Problem> warnings = fillings.stream()
                .flatMap(filling -> filling.changes().map(ChangeQuery::warnings).orElse(List.of()).stream())
                .toList();
        return new FilledTable(schema, made, lineage(fillings, judgement.orElseThrow()), warnings);
    }

    private Object refuseExpectations() {
        for (Constraint constraint : statement.constraints()) {
            throw Problems.refusal(
                    SQL_UNSUPPORTED,
                    constraint.position(),
                    "An expectation of " + name + ", which follows changes, is not supported.",
                    "Write it at a temporary view, and let the flow read that: FROM STREAM(view).");
        }
        return name;
    }

    private Filling filling(FlowStatement flow) {
        String id = Declarations.id(flow, name);
        if (flow.work() instanceof Changes changes) {
            ChangeQuery query = ChangeQuery.bind(flow.surroundings(), changes, tables, name.toString());
            return new Filling(id, flow, query.source(), Optional.of(query));
        }
        Insertion insertion = (Insertion) flow.work();
        FlowQuery query = FlowQuery.bind(flow.surroundings(), insertion.query(), tables);
        if (statement.isView()) {
            requireWhole(
                    query,
                    flow,
                    "A materialized view reads whole tables, and this one reads a stream.",
                    "Leave STREAM out, or make it a streaming table.");
        } else if (insertion.once()) {
            requireWhole(
                    query,
                    flow,
                    "A flow that runs once reads whole tables, and this one reads a stream.",
                    "Leave STREAM out, or leave ONCE out.");
        } else if (!query.streaming()) {
            throw flow.name().isEmpty() && !insertion.byName()
                    ? Problems.refusal(
                            SQL_UNSUPPORTED,
                            flow.position(),
                            "A streaming table that reads no stream is not supported yet.",
                            "Write FROM STREAM(table), or make it a materialized view.")
                    : Problems.refusal(
                            SQL_UNSUPPORTED,
                            flow.position(),
                            "A flow that reads no stream is not supported yet, unless it runs once.",
                            "Write FROM STREAM(table), or INSERT ONCE INTO for a back-fill.");
        }
        return new Filling(id, flow, query, Optional.empty());
    }

    private static void requireWhole(FlowQuery query, FlowStatement flow, String what, String mend) {
        if (query.readsStream()) {
            throw Problems.refusal(SQL_UNSUPPORTED, flow.position(), what, mend);
        }
    }

    private Flow flow(Filling filling, Dataset dataset, Judgement judgement, List<Column> filled) {
        FlowQuery query = filling.query();
        Effect effect = effect(filling, filled);
        Flow draft = new Flow(
                filling.id(),
                dataset,
                effect,
                query.inputs(),
                filling.changes().map(changes -> changes.sql(filled)).orElseGet(() -> query.sql(filled)),
                RowRules.of(dataset, effect, judgement.expectations()),
                query.views(),
                "unknown",
                filling.statement().position());
        return new Flow(
                draft.id(),
                dataset,
                effect,
                draft.inputs(),
                draft.sql(),
                draft.expectations(),
                draft.views(),
                Hashes.flow(draft, timezone),
                draft.position());
    }

    private Effect effect(Filling filling, List<Column> filled) {
        if (filling.changes().isPresent()) {
            return filling.changes().get().effect(filled);
        }
        return statement.isView()
                ? new Effect.Replace()
                : new Effect.Append(filling.statement().work().once());
    }

    /** Of a table that several flows fill, nobody can tell which way a row came: its columns show nothing but its own. */
    private static Lineage lineage(List<Filling> fillings, Judgement own) {
        List<Judgement> judgements = new ArrayList<>();
        fillings.forEach(filling -> judgements.addAll(filling.query().lineage().judgements()));
        Lineage first =
                fillings.isEmpty() ? Lineage.none() : fillings.get(0).query().lineage();
        judgements.add(own);
        return new Lineage(
                fillings.size() == 1 ? first.origins() : Lineage.none().origins(),
                judgements.stream().distinct().toList());
    }
}
