package dev.tarn.compiler;

import dev.tarn.compiler.project.PipelineSpec;
import dev.tarn.compiler.project.Problems;
import dev.tarn.compiler.project.ProjectFiles;
import dev.tarn.compiler.project.SettingsReader;
import java.nio.file.Path;
import java.util.Optional;

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
        Optional<ProjectSettings> settings = PipelineSpec.read(files, problems)
                .flatMap(spec -> new SettingsReader(problems).read(files, spec));
        problems.refuseIfAny();
        return settings.orElseThrow(() -> new IllegalStateException("settings without a problem are complete"));
    }
}
