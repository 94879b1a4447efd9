package dev.tarn.compiler;

import static dev.tarn.model.ErrorCode.COLUMN_NOT_FOUND;
import static dev.tarn.model.ErrorCode.CONFIGURATION_INVALID;
import static dev.tarn.model.ErrorCode.FLOWS_CYCLIC;
import static dev.tarn.model.ErrorCode.SQL_UNSUPPORTED;
import static dev.tarn.model.ErrorCode.TABLE_CLAIMED_TWICE;
import static dev.tarn.model.ErrorCode.TABLE_NOT_FOUND;

import dev.tarn.compiler.grammar.SparkGrammar;
import dev.tarn.compiler.project.Problems;
import dev.tarn.compiler.query.FlowQuery;
import dev.tarn.compiler.query.Tables;
import dev.tarn.compiler.statement.DatasetStatement;
import dev.tarn.compiler.statement.DatasetStatement.Constraint;
import dev.tarn.compiler.statement.DatasetStatement.Kind;
import dev.tarn.compiler.statement.DatasetStatement.Named;
import dev.tarn.model.Dataset;
import dev.tarn.model.Effect;
import dev.tarn.model.Expectation;
import dev.tarn.model.Flow;
import dev.tarn.model.Layer;
import dev.tarn.model.Nearest;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes flows out of statements. A flow is compiled when one that reads it is, so sources come before their readers. */
final class FlowCompiler {

    private final Problems problems;
    private final Bronze bronze;
    private final Optional<Layer> defaultLayer;
    private final ZoneId timezone;
    private final Map<TableName, DatasetStatement> datasets = new LinkedHashMap<>();
    private final Map<String, DatasetStatement> views = new LinkedHashMap<>();
    private final Map<TableName, Flow> done = new LinkedHashMap<>();
    private final Map<TableName, TarnException> failed = new LinkedHashMap<>();
    private final Deque<TableName> underWay = new ArrayDeque<>();

    FlowCompiler(Problems problems, Bronze bronze, Optional<Layer> defaultLayer, ZoneId timezone) {
        this.problems = problems;
        this.bronze = bronze;
        this.defaultLayer = defaultLayer;
        this.timezone = timezone;
    }

    /** The flows, each after those it reads; what is wrong with the others is noted. */
    List<Flow> compile(List<DatasetStatement> statements) {
        statements.forEach(statement -> problems.attempt(() -> register(statement)));
        for (TableName target : datasets.keySet()) {
            problems.attempt(() -> flow(target));
        }
        for (DatasetStatement view : views.values()) {
            problems.attempt(() -> FlowQuery.translate(
                    view, new TablesOf(Layer.GOLD, "The view " + view.name().get(0))));
        }
        return List.copyOf(done.values());
    }

    /** Where the table is made, by a flow or a source. */
    Optional<SourcePosition> maker(TableName table) {
        return Optional.ofNullable(datasets.get(table))
                .map(DatasetStatement::namePosition)
                .or(() -> bronze.claimedAt(table));
    }

    /** Names of all tables that somebody makes. */
    Set<String> tables() {
        Set<String> names = new TreeSet<>();
        datasets.keySet().forEach(table -> names.add(table.toString()));
        bronze.tables().forEach(table -> names.add(table.toString()));
        return names;
    }

    private Object register(DatasetStatement statement) {
        String written = String.join(".", statement.name());
        if (statement.kind() == Kind.TEMPORARY_VIEW) {
            DatasetStatement before = views.putIfAbsent(written.toLowerCase(Locale.ROOT), statement);
            requireFree("The temporary view " + written, before == null ? null : before.namePosition(), statement);
            return written;
        }
        TableName target = target(statement, written);
        requireFree(target.toString(), maker(target).orElse(null), statement);
        datasets.put(target, statement);
        return target;
    }

    private static void requireFree(String what, @Nullable SourcePosition before, DatasetStatement statement) {
        if (before != null) {
            throw Problems.refusal(
                    TABLE_CLAIMED_TWICE,
                    statement.namePosition(),
                    what + " is already made at " + before + ".",
                    "Give one of them another name.");
        }
    }

    private TableName target(DatasetStatement statement, String written) {
        String full = statement.name().size() == 1
                ? defaultLayer.map(layer -> layer.folder() + ".").orElse("") + written
                : written;
        return TableName.tryParse(full.toLowerCase(Locale.ROOT))
                .filter(table -> table.layer() != Layer.TARN)
                .orElseThrow(
                        () -> Problems.refusal(
                                CONFIGURATION_INVALID,
                                statement.namePosition(),
                                "'" + written + "' is not a name for a table.",
                                "Write bronze, silver or gold, a point, and a name of letters, digits and _: silver.account_move."));
    }

    private Flow flow(TableName target) {
        if (failed.containsKey(target)) {
            throw failed.get(target);
        }
        if (!done.containsKey(target)) {
            underWay.addLast(target);
            try {
                done.put(target, compile(target, datasets.get(target)));
            } catch (TarnException e) {
                failed.put(target, e);
                throw e;
            } finally {
                underWay.removeLast();
            }
        }
        return done.get(target);
    }

    private Flow compile(TableName target, DatasetStatement statement) {
        FlowQuery query = FlowQuery.translate(statement, new TablesOf(target.layer(), target.toString()));
        List<Expectation> expectations = expectations(target, statement, query.schema());
        List<String> partitionBy = statement.partitionBy().stream()
                .map(column -> partition(target, column, query.schema()))
                .toList();
        boolean streaming = statement.kind() == Kind.STREAMING_TABLE;
        Dataset dataset = new Dataset(
                target,
                streaming ? Dataset.Kind.STREAMING_TABLE : Dataset.Kind.MATERIALIZED_VIEW,
                query.schema(),
                Set.of(),
                partitionBy,
                List.of(),
                statement.comment(),
                Map.of(),
                statement.position());
        return new Flow(
                target.toString(),
                dataset,
                streaming ? new Effect.Append(false) : new Effect.Replace(),
                query.inputs(),
                query.sql(),
                expectations,
                List.of(),
                Hashes.flow(target, statement.kind(), query, partitionBy, expectations, timezone),
                statement.position());
    }

    private static String partition(TableName target, Named column, TableSchema schema) {
        return schema.column(column.name())
                .orElseThrow(() -> Problems.refusal(
                        COLUMN_NOT_FOUND,
                        column.position(),
                        column.name() + " is not a column of " + target + ".",
                        Nearest.sentence(
                                column.name(),
                                schema.names(),
                                "Its columns: " + String.join(", ", schema.names()) + ".")))
                .name();
    }

    private static List<Expectation> expectations(TableName target, DatasetStatement statement, TableSchema schema) {
        Problems problems = new Problems();
        Set<String> names = new HashSet<>();
        List<Expectation> expectations = new ArrayList<>();
        for (Constraint constraint : statement.constraints()) {
            if (!names.add(constraint.name().toLowerCase(Locale.ROOT))) {
                problems.add(
                        CONFIGURATION_INVALID,
                        constraint.position(),
                        target + " has two expectations named " + constraint.name() + ".",
                        "Give one of them another name.");
            }
            problems.attempt(() -> FlowQuery.condition(statement, constraint.condition(), schema, target))
                    .map(sql -> new Expectation(
                            constraint.name(),
                            SparkGrammar.text(constraint.condition()),
                            sql,
                            constraint.onViolation(),
                            constraint.position()))
                    .ifPresent(expectations::add);
        }
        problems.refuseIfAny();
        return expectations;
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
        public TableSchema schema(TableName table, boolean streaming, SourcePosition position) {
            if (maker(table).isEmpty()) {
                throw unknown(table.toString(), position);
            }
            if (!layer.mayReadFrom(table.layer())) {
                throw Problems.refusal(
                        CONFIGURATION_INVALID,
                        position,
                        reader + " reads " + table + ": data flows from bronze to silver to gold and never back.",
                        "Move one of the two into another layer.");
            }
            if (!datasets.containsKey(table)) {
                return bronze.schema(table, position);
            }
            if (streaming && datasets.get(table).kind() == Kind.MATERIALIZED_VIEW) {
                throw Problems.refusal(
                        SQL_UNSUPPORTED,
                        position,
                        "STREAM of the materialized view " + table + ", whose rows change, is not supported.",
                        "Read it without STREAM in a materialized view.");
            }
            if (underWay.contains(table)) {
                throw cycle(table, position);
            }
            return flow(table).schema();
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
        public Optional<DatasetStatement> view(String name) {
            return Optional.ofNullable(views.get(name.toLowerCase(Locale.ROOT)));
        }

        @Override
        public Optional<Layer> defaultLayer() {
            return defaultLayer;
        }

        @Override
        public TarnException unknown(String name, SourcePosition position) {
            Set<String> names = tables();
            names.addAll(views.keySet());
            return Problems.refusal(
                    TABLE_NOT_FOUND,
                    position,
                    "No flow and no source makes " + name + ".",
                    Nearest.sentence(name, names, "Add a flow that makes it, or the table to a file of sources/."));
        }
    }
}
