package dev.tarn.local.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.compiler.export.Export;
import dev.tarn.compiler.export.ExportTarget;
import dev.tarn.compiler.export.ExportedProject;
import dev.tarn.local.project.NewFolder;
import dev.tarn.local.project.ProjectFolder;
import dev.tarn.local.run.CompiledProject;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Plan;
import dev.tarn.model.TarnException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tarn export}: the project for another engine. */
@Command(
        name = "export",
        description = "Write the project down for another engine: --target databricks or --target spark.")
final class ExportCommand implements Callable<Integer> {

    private final RootCommand options;
    private final Surroundings surroundings;

    @Mixin
    private LakeOptions lakeOptions = new LakeOptions();

    @Parameters(paramLabel = "DIR", description = "Folder to make. It must not exist yet, or be empty.")
    private String folder = "";

    ExportCommand(RootCommand options, Surroundings surroundings) {
        this.options = options;
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        ExportTarget target = ExportTarget.named(options.target()
                .orElseThrow(() -> new TarnException(
                        ErrorCode.USAGE,
                        "Nothing says for whom the project is exported.",
                        "Write --target databricks or --target spark.")));
        Path project = options.project()
                .map(named -> ProjectFolder.require(surroundings.resolve(named)))
                .orElseGet(() -> ProjectFolder.requireNearest(surroundings.workingFolder()));
        ExportedProject exported = Export.of(project, plan(project), target);
        Path to = surroundings.resolve(folder);
        NewFolder made = NewFolder.at(to);
        exported.files().forEach(file -> made.write(file.path(), file.text()));
        report(target, to, exported);
        return 0;
    }

    /** For the lake of the default target: --target means something else here. */
    private Plan plan(Path project) {
        String lake = CompiledProject.target(project, Optional.empty()).lake();
        Path root = surroundings.resolve(lakeOptions
                .root()
                .orElseGet(() -> project.resolve(lake).normalize().toString()));
        if (lakeOptions.root().isEmpty() && lake.contains("://")) {
            return CompiledProject.compile(project, "", null);
        }
        Place place = new Place(project, false, root, lakeOptions.storage());
        try (LakeOfPlace existing = LakeOfPlace.find(place, surroundings).orElse(null)) {
            return CompiledProject.compile(project, "", existing == null ? null : existing.lake());
        }
    }

    private void report(ExportTarget target, Path to, ExportedProject exported) {
        Console console = new Console(surroundings, options.format());
        if (console.isJson()) {
            console.json(json(target, to, exported));
            return;
        }
        exported.remarks().forEach(remark -> console.line(remark.toString()));
        console.line(to + ": " + exported.files().size() + " files for " + target
                + ". Read README.md and REPORT.md there first.");
    }

    private static ObjectNode json(ExportTarget target, Path to, ExportedProject exported) {
        ObjectNode answer = Console.object().put("target", target.toString()).put("folder", to.toString());
        ArrayNode files = answer.putArray("files");
        exported.files().forEach(file -> files.add(file.path()));
        ArrayNode remarks = answer.putArray("remarks");
        exported.remarks().forEach(remark -> remarks.addObject()
                .put("file", remark.position().file())
                .put("line", remark.position().line())
                .put("kind", remark.kind().toString())
                .put("what", remark.what())
                .put("why", remark.why()));
        return answer;
    }
}
