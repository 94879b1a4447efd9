package dev.tarn.compiler;

import static dev.tarn.model.ErrorCode.CONFIGURATION_INVALID;

import dev.tarn.compiler.project.DropReader;
import dev.tarn.compiler.project.PipelineSpec;
import dev.tarn.compiler.project.Problems;
import dev.tarn.compiler.project.ProjectFile;
import dev.tarn.compiler.project.ProjectFiles;
import dev.tarn.compiler.project.SettingsReader;
import dev.tarn.compiler.project.SinkReader;
import dev.tarn.compiler.project.SourceReader;
import dev.tarn.compiler.project.WebhookReader;
import dev.tarn.compiler.statement.Names;
import dev.tarn.compiler.statement.Statement;
import dev.tarn.compiler.statement.StatementParser;
import dev.tarn.model.FileDrop;
import dev.tarn.model.Flow;
import dev.tarn.model.Nearest;
import dev.tarn.model.Operation;
import dev.tarn.model.Plan;
import dev.tarn.model.PostgresSink;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TableSource;
import dev.tarn.model.WebhookSource;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
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
        return compile(project, target, knownSchemas, warning -> {});
    }

    /** As above; {@code warnings} is told what is right and may not be meant, once the project has no problem. */
    public static Plan compile(
            Path project,
            String target,
            Function<TableName, Optional<TableSchema>> knownSchemas,
            Consumer<Problem> warnings) {
        Problems problems = new Problems();
        ProjectFiles files = new ProjectFiles(project, problems);
        Optional<PipelineSpec> spec = PipelineSpec.read(files, problems);
        Optional<ProjectSettings> settings = spec.flatMap(found -> new SettingsReader(problems).read(files, found));
        settings.ifPresent(found -> requireTarget(found, target, problems));
        if (spec.isEmpty()) {
            problems.refuseIfAny();
        }
        Problems ofSources = new Problems();
        ProjectFiles sourceFiles = new ProjectFiles(project, ofSources);
        List<TableSource> sources = new SourceReader(ofSources).readAll(sourceFiles);
        List<WebhookSource> webhooks = new WebhookReader(ofSources).readAll(sourceFiles);
        List<FileDrop> drops = new DropReader(ofSources).readAll(sourceFiles);
        List<PostgresSink> sinks = new SinkReader(problems).readAll(files);
        ZoneId timezone = settings.map(ProjectSettings::timezone).orElse(ZoneId.of("UTC"));
        Bronze bronze = new Bronze(sources, webhooks, drops, knownSchemas, problems);
        Parsed parsed = parse(spec.orElseThrow(), settings.map(ProjectSettings::timezone), files, problems);
        if (!ofSources.none()) {
            // A table of a source that cannot be read would be missing in every query: its own problem is enough.
            problems.addAll(ofSources);
            problems.refuseIfAny();
        }
        Declarations declarations = new Declarations(problems, bronze);
        declarations.declare(parsed.statements(), parsed.complete());
        FlowCompiler compiler = new FlowCompiler(problems, bronze, declarations, timezone);
        List<Flow> flows = compiler.compile();
        new SinkCheck(declarations, flows, problems).check(sinks);
        problems.refuseIfAny();
        List<FileDrop> allDrops = bronze.drops();
        compiler.warnings().forEach(warnings);
        String name = spec.orElseThrow().name();
        Operation operation = settings.orElseThrow().operation(target);
        String hash = Hashes.plan(name, timezone, flows, sources, sinks, webhooks, allDrops, operation);
        return new Plan(hash, name, timezone, flows, sources, sinks, webhooks, allDrops, operation);
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

    /** {@code complete}: every statement could be read. */
    private record Parsed(List<Statement> statements, boolean complete) {}

    private static Parsed parse(PipelineSpec spec, Optional<ZoneId> timezone, ProjectFiles files, Problems problems) {
        Names names = new Names(spec.catalog(), spec.layer());
        Problems ofStatements = new Problems();
        List<Statement> statements = new ArrayList<>();
        boolean complete = true;
        for (String path : spec.sqlFiles()) {
            Optional<ProjectFile> file = files.find(path);
            complete &= file.isPresent();
            file.ifPresentOrElse(
                    found -> statements.addAll(new StatementParser(found, ofStatements).parse(names, timezone)),
                    () -> missing(path, problems));
        }
        problems.addAll(ofStatements);
        return new Parsed(statements, complete && ofStatements.none());
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
}
