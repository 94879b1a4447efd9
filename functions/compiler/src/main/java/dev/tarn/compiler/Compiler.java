package dev.tarn.compiler;

import static dev.tarn.model.ErrorCode.COLUMN_NOT_FOUND;
import static dev.tarn.model.ErrorCode.CONFIGURATION_INVALID;
import static dev.tarn.model.ErrorCode.TABLE_CLAIMED_TWICE;
import static dev.tarn.model.ErrorCode.TABLE_NOT_FOUND;

import dev.tarn.compiler.project.PipelineSpec;
import dev.tarn.compiler.project.Problems;
import dev.tarn.compiler.project.ProjectFiles;
import dev.tarn.compiler.project.SettingsReader;
import dev.tarn.compiler.project.SinkReader;
import dev.tarn.compiler.project.SourceReader;
import dev.tarn.compiler.statement.DatasetStatement;
import dev.tarn.compiler.statement.StatementParser;
import dev.tarn.model.Flow;
import dev.tarn.model.Nearest;
import dev.tarn.model.OdooSource;
import dev.tarn.model.Plan;
import dev.tarn.model.PostgresSink;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Makes a plan out of a project. */
public final class Compiler {

    private Compiler() {}

    /**
     * What the project says about itself.
     *
     * @param project the folder that holds {@code spark-pipeline.yml}
     * @throws dev.tarn.model.TarnException with every problem of {@code spark-pipeline.yml} and {@code tarn.yml}
     */
    public static ProjectSettings settings(Path project) {
        Problems problems = new Problems();
        ProjectFiles files = new ProjectFiles(project, problems);
        Optional<ProjectSettings> settings =
                PipelineSpec.read(files, problems).flatMap(spec -> new SettingsReader(problems).read(files, spec));
        problems.refuseIfAny();
        return settings.orElseThrow(() -> new IllegalStateException("settings without a problem are complete"));
    }

    /**
     * The plan of the project. Nothing is opened or changed.
     *
     * @param project the folder that holds {@code spark-pipeline.yml}
     * @param target a name from {@code tarn.yml}; empty for the default one
     * @param knownSchemas columns of a bronze table as it is or will be; empty when nothing is known of it
     * @throws dev.tarn.model.TarnException with every problem of the project, each with its place
     */
    public static Plan compile(Path project, String target, Function<TableName, Optional<TableSchema>> knownSchemas) {
        Problems problems = new Problems();
        ProjectFiles files = new ProjectFiles(project, problems);
        Optional<PipelineSpec> spec = PipelineSpec.read(files, problems);
        Optional<ProjectSettings> settings = spec.flatMap(found -> new SettingsReader(problems).read(files, found));
        settings.ifPresent(found -> requireTarget(found, target, problems));
        if (spec.isEmpty()) {
            problems.refuseIfAny();
        }
        Problems ofSources = new Problems();
        List<OdooSource> sources = new SourceReader(ofSources).readAll(new ProjectFiles(project, ofSources));
        List<PostgresSink> sinks = new SinkReader(problems).readAll(files);
        ZoneId timezone = settings.map(ProjectSettings::timezone).orElse(ZoneId.of("UTC"));
        FlowCompiler compiler = new FlowCompiler(
                problems, new Bronze(sources, knownSchemas, problems), spec.flatMap(PipelineSpec::layer), timezone);
        List<DatasetStatement> statements = statements(spec.orElseThrow(), files, problems);
        if (!ofSources.none()) {
            // A table of a source that cannot be read would be missing in every query: its own problem is enough.
            problems.addAll(ofSources);
            problems.refuseIfAny();
        }
        List<Flow> flows = compiler.compile(statements);
        checkSinks(sinks, compiler, flows, problems);
        problems.refuseIfAny();
        String name = spec.orElseThrow().name();
        return new Plan(Hashes.plan(name, timezone, flows, sources, sinks), name, timezone, flows, sources, sinks);
    }

    private static void requireTarget(ProjectSettings settings, String target, Problems problems) {
        if (!target.isEmpty() && !settings.targets().containsKey(target)) {
            Set<String> names = settings.targets().keySet();
            problems.add(
                    CONFIGURATION_INVALID,
                    null,
                    SettingsReader.FILE + " has no target named " + target + ".",
                    Nearest.sentence(target, names, "Its targets: " + String.join(", ", names) + "."));
        }
    }

    private static List<DatasetStatement> statements(PipelineSpec spec, ProjectFiles files, Problems problems) {
        List<DatasetStatement> statements = new ArrayList<>();
        for (String path : spec.sqlFiles()) {
            files.find(path)
                    .ifPresentOrElse(
                            file -> statements.addAll(new StatementParser(file, problems).parse()),
                            () -> missing(path, problems));
        }
        return statements;
    }

    private static void missing(String path, Problems problems) {
        if (problems.none()) {
            problems.add(
                    CONFIGURATION_INVALID,
                    null,
                    PipelineSpec.FILE + " names " + path + ", which does not exist.",
                    "Correct the path below libraries.");
        }
    }

    private static void checkSinks(
            List<PostgresSink> sinks, FlowCompiler compiler, List<Flow> flows, Problems problems) {
        Set<String> names = new HashSet<>();
        for (PostgresSink sink : sinks) {
            if (!names.add(sink.name())) {
                problems.add(
                        CONFIGURATION_INVALID,
                        sink.position(),
                        "Two sinks are named " + sink.name() + ".",
                        "Give one of them another name.");
            }
            Set<String> targets = new HashSet<>();
            for (PostgresSink.Table table : sink.tables()) {
                if (!targets.add(table.schema() + "." + table.table())) {
                    problems.add(
                            TABLE_CLAIMED_TWICE,
                            table.position(),
                            sink.name() + " publishes " + table.schema() + "." + table.table() + " twice.",
                            "Remove one of them.");
                }
                checkSource(table, compiler, flows, problems);
            }
        }
    }

    private static void checkSource(
            PostgresSink.Table table, FlowCompiler compiler, List<Flow> flows, Problems problems) {
        if (compiler.maker(table.from()).isEmpty()) {
            problems.add(
                    TABLE_NOT_FOUND,
                    table.position(),
                    "No flow makes " + table.from() + ".",
                    Nearest.sentence(
                            table.from().toString(), compiler.tables(), "Add the flow, or publish another table."));
        }
        flows.stream().filter(flow -> flow.target().equals(table.from())).forEach(flow -> {
            for (String column : table.key()) {
                if (flow.schema().columns().stream()
                        .noneMatch(found -> found.name().equals(column))) {
                    List<String> columns = flow.schema().names();
                    problems.add(
                            COLUMN_NOT_FOUND,
                            table.position(),
                            "The key column " + column + " is not a column of " + table.from() + ".",
                            Nearest.sentence(column, columns, "Its columns: " + String.join(", ", columns) + "."));
                }
            }
        });
    }
}
