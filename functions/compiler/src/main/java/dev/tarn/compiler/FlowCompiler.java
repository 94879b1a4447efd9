package dev.tarn.compiler;

import static dev.tarn.model.ErrorCode.CONFIGURATION_INVALID;
import static dev.tarn.model.ErrorCode.FLOWS_CYCLIC;
import static dev.tarn.model.ErrorCode.SQL_UNSUPPORTED;
import static dev.tarn.model.ErrorCode.TABLE_CLAIMED_TWICE;
import static dev.tarn.model.ErrorCode.TABLE_NOT_FOUND;

import dev.tarn.compiler.project.Problems;
import dev.tarn.compiler.query.FlowQuery;
import dev.tarn.compiler.query.Lineage;
import dev.tarn.compiler.query.ReadFiles;
import dev.tarn.compiler.query.Tables;
import dev.tarn.compiler.statement.TableStatement;
import dev.tarn.compiler.statement.ViewStatement;
import dev.tarn.model.FileDrop;
import dev.tarn.model.Flow;
import dev.tarn.model.Layer;
import dev.tarn.model.Nearest;
import dev.tarn.model.Problem;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes flows out of statements. A table is compiled when a query that reads it is, so sources come before their readers. */
final class FlowCompiler {

    private final Problems problems;
    private final Bronze bronze;
    private final Declarations declarations;
    private final ZoneId timezone;
    private final Map<TableName, FilledTable> done = new LinkedHashMap<>();
    private final Map<TableName, TarnException> failed = new LinkedHashMap<>();
    private final Deque<TableName> underWay = new ArrayDeque<>();
    private final Problems warnings = new Problems();

    FlowCompiler(Problems problems, Bronze bronze, Declarations declarations, ZoneId timezone) {
        this.problems = problems;
        this.bronze = bronze;
        this.declarations = declarations;
        this.timezone = timezone;
    }

    /** The flows, each after those it reads; what is wrong with the others is noted. */
    List<Flow> compile() {
        for (TableName target : declarations.tables()) {
            problems.attempt(() -> filled(target));
        }
        declarations
                .temporaryViews()
                .values()
                .forEach(view -> check(view, Layer.GOLD, view.name().written()));
        declarations.views().forEach((name, view) -> check(view, name.layer(), name.toString()));
        return done.values().stream().flatMap(table -> table.flows().stream()).toList();
    }

    /** What is right and may not be meant. */
    List<Problem> warnings() {
        return warnings.all();
    }

    private void check(ViewStatement view, Layer layer, String name) {
        problems.attempt(() -> FlowQuery.of(view, new TablesOf(layer, "The view " + name)));
    }

    private FilledTable filled(TableName target) {
        if (failed.containsKey(target)) {
            throw failed.get(target);
        }
        if (!done.containsKey(target)) {
            underWay.addLast(target);
            try {
                TableStatement statement = declarations.table(target).orElseThrow();
                FilledTable table = new TableCompiler(
                                target, statement, new TablesOf(target.layer(), target.toString()), timezone)
                        .compile(declarations.flows(target));
                warnings.addAll(table.warnings());
                done.put(target, table);
            } catch (TarnException e) {
                failed.put(target, e);
                throw e;
            } finally {
                underWay.removeLast();
            }
        }
        return done.get(target);
    }

    /** The tables as one query may read them. */
    private final class TablesOf implements Tables {
        private final Layer layer;
        private final String reader;

        /** {@code reader} is named in messages. */
        TablesOf(Layer layer, String reader) {
            this.layer = layer;
            this.reader = reader;
        }

        @Override
        public TableSchema schema(TableName table, Flow.Reading reading, SourcePosition position) {
            if (declarations.maker(table).isEmpty()) {
                throw unknown(table.toString(), position);
            }
            requireLayer(table, position);
            Optional<TableStatement> statement = declarations.table(table);
            if (statement.isEmpty()) {
                if (reading != Flow.Reading.WHOLE) {
                    bronze.requireStream(table, position);
                }
                return bronze.schema(table, position);
            }
            if (reading != Flow.Reading.WHOLE && statement.get().isView()) {
                throw Problems.refusal(
                        SQL_UNSUPPORTED,
                        position,
                        "STREAM of the materialized view " + table + ", whose rows change, is not supported.",
                        "Read it without STREAM in a materialized view.");
            }
            if (underWay.contains(table)) {
                throw cycle(table, position);
            }
            FilledTable filled = filled(table);
            if (reading == Flow.Reading.STREAM && filled.follows()) {
                throw Problems.refusal(
                        SQL_UNSUPPORTED,
                        position,
                        "STREAM of " + table + ", whose rows follow changes, is not supported.",
                        "Read it without STREAM in a materialized view, or stream what it is filled from.");
            }
            return filled.schema();
        }

        @Override
        public TableName files(ReadFiles files) {
            FileDrop drop = QueriedFiles.drop(files);
            for (TableName name : List.of(drop.target(), drop.target().quarantine())) {
                declarations.made(name).or(() -> bronze.takenAt(name)).ifPresent(place -> {
                    throw Problems.refusal(
                            TABLE_CLAIMED_TWICE,
                            files.position(),
                            "The rows of these files go to " + drop.target() + ", but " + name + " is made at " + place
                                    + ".",
                            "Give that table another name, or put the files into a folder with another name.");
                });
            }
            return bronze.read(drop);
        }

        private void requireLayer(TableName read, SourcePosition position) {
            if (!layer.mayReadFrom(read.layer())) {
                throw Problems.refusal(
                        CONFIGURATION_INVALID,
                        position,
                        reader + " reads " + read + ": data flows from bronze to silver to gold and never back.",
                        "Move one of the two into another layer.");
            }
        }

        private TarnException cycle(TableName table, SourcePosition position) {
            List<TableName> circle = new ArrayList<>(underWay);
            circle = circle.subList(circle.indexOf(table), circle.size());
            String path = circle.stream().map(TableName::toString).collect(Collectors.joining(" reads "));
            return Problems.refusal(
                    FLOWS_CYCLIC,
                    position,
                    "Flows in a circle: " + path + " reads " + table + ".",
                    "Let one of them read a table outside of the circle.");
        }

        @Override
        public Lineage lineage(TableName table) {
            return Optional.ofNullable(done.get(table))
                    .map(FilledTable::lineage)
                    .orElse(Lineage.none());
        }

        @Override
        public Optional<ViewStatement> view(String name) {
            return declarations.temporaryView(name);
        }

        @Override
        public Optional<ViewStatement> view(TableName name, SourcePosition position) {
            Optional<ViewStatement> view = declarations.view(name);
            view.ifPresent(found -> requireLayer(name, position));
            return view;
        }

        @Override
        public TarnException unknown(String name, SourcePosition position) {
            return Problems.refusal(
                    TABLE_NOT_FOUND,
                    position,
                    "No flow and no source makes " + name + ".",
                    Nearest.sentence(
                            name,
                            declarations.readableNames(),
                            "Add a flow that makes it, or the table to a file of sources/."));
        }
    }
}
