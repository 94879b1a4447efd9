package dev.tarn.compiler.export;

import dev.tarn.compiler.project.PipelineSpec;
import dev.tarn.compiler.project.Problems;
import dev.tarn.compiler.project.ProjectFile;
import dev.tarn.compiler.project.ProjectFiles;
import dev.tarn.compiler.project.YamlMap;
import dev.tarn.compiler.statement.FlowStatement;
import dev.tarn.compiler.statement.Names;
import dev.tarn.compiler.statement.QualifiedName;
import dev.tarn.compiler.statement.Statement;
import dev.tarn.compiler.statement.StatementParser;
import dev.tarn.compiler.statement.TableStatement;
import dev.tarn.model.Dataset;
import dev.tarn.model.FileDrop;
import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A project that compiles: its words and its plan. */
record ExportableProject(PipelineSpec spec, String storage, Plan plan, List<SourceFile> files, List<String> others) {

    ExportableProject {
        files = List.copyOf(files);
        others = List.copyOf(others);
    }

    static ExportableProject read(Path folder, Plan plan) {
        Problems problems = new Problems();
        ProjectFiles files = new ProjectFiles(folder, problems);
        Optional<PipelineSpec> spec = PipelineSpec.read(files, problems);
        problems.refuseIfAny();
        PipelineSpec found = spec.orElseThrow();
        String storage = files.find(PipelineSpec.FILE)
                .flatMap(file -> YamlMap.of(file, problems))
                .flatMap(yaml -> yaml.text("storage"))
                .orElseThrow();
        Names names = new Names(found.catalog(), found.layer());
        List<SourceFile> sources = new ArrayList<>();
        for (String path : found.sqlFiles()) {
            ProjectFile file = files.find(path).orElseThrow();
            List<Statement> statements = new StatementParser(file, problems).parse(names, Optional.of(plan.timezone()));
            sources.add(SourceFile.of(file, statements));
        }
        problems.refuseIfAny();
        List<String> others = Stream.of("sources", "sinks")
                .flatMap(kind -> files.list(kind, ".yml").stream())
                .toList();
        return new ExportableProject(found, storage, plan, sources, others);
    }

    Stream<Statement> statements() {
        return files.stream().flatMap(file -> file.parts().stream()).flatMap(part -> part.statement().stream());
    }

    /** The table that a statement makes or fills. */
    static TableName table(QualifiedName name, Statement statement) {
        return statement.surroundings().names().table(name.parts()).orElseThrow();
    }

    /** Every flow into the table, also that of its own statement. */
    List<FlowStatement> flows(TableName target) {
        return statements()
                .flatMap(statement -> statement instanceof TableStatement table
                        ? table.flow().stream()
                        : statement instanceof FlowStatement flow ? Stream.of(flow) : Stream.empty())
                .filter(flow -> table(flow.target(), flow).equals(target))
                .toList();
    }

    TableStatement statement(TableName name) {
        return statements()
                .filter(TableStatement.class::isInstance)
                .map(TableStatement.class::cast)
                .filter(table -> table(table.name(), table).equals(name))
                .findFirst()
                .orElseThrow();
    }

    Dataset dataset(TableName name) {
        return plan.flows().stream()
                .map(Flow::dataset)
                .filter(dataset -> dataset.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    Flow flow(FlowStatement statement) {
        SourcePosition position = statement.position();
        return plan.flows().stream()
                .filter(flow -> flow.position().equals(position))
                .findFirst()
                .orElseThrow();
    }

    /** Tables that flows read and none of them makes. */
    Set<TableName> bronze() {
        Set<TableName> made = new LinkedHashSet<>();
        plan.flows().forEach(flow -> made.add(flow.target()));
        Set<TableName> bronze = new TreeSet<>();
        plan.flows().forEach(flow -> flow.inputs().forEach(input -> bronze.add(input.table())));
        bronze.removeAll(made);
        queriedFiles().map(FileDrop::target).forEach(bronze::remove);
        return bronze;
    }

    /** Files that queries read by themselves. */
    private Stream<FileDrop> queriedFiles() {
        return plan.drops().stream().filter(drop -> drop.position().file().endsWith(".sql"));
    }

    /** What becomes of files that queries read. */
    List<Remark> remarksOfFiles(ExportTarget target) {
        return queriedFiles()
                .map(drop -> new Remark(
                        drop.position(),
                        Remark.Kind.LOST,
                        "read_files of " + drop.path() + " is exported as it is written.",
                        target == ExportTarget.SPARK
                                ? "Spark 4.2 has no such function: land the files with another loader, and read its table."
                                : "Databricks reads all files once more, copies of the same content, too, and only below"
                                        + " abfss://landing@ or a volume."))
                .toList();
    }

    /** What of the project no other engine has. */
    List<Remark> remarksOfOthers() {
        List<Remark> remarks = new ArrayList<>();
        for (String path : others) {
            boolean source = path.startsWith("sources/");
            remarks.add(new Remark(
                    new SourcePosition(path, 1, 1),
                    Remark.Kind.LOST,
                    (source ? "The source" : "The sink") + " is not exported.",
                    source
                            ? "Tarn or another loader goes on filling the bronze tables."
                            : "Tarn or another tool goes on publishing from the gold tables."));
        }
        return remarks;
    }
}
