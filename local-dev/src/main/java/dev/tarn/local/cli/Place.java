package dev.tarn.local.cli;

import static java.util.Objects.requireNonNull;

import dev.tarn.compiler.ProjectSettings;
import dev.tarn.local.project.ProjectFolder;
import dev.tarn.local.run.CompiledProject;
import dev.tarn.local.run.UpSettings;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The project and the lake that a command is about.
 *
 * @param sample whether the project is the sample, which is unpacked below the root when it runs first
 */
record Place(Path project, boolean sample, Path root) {

    private static final String DEFAULT_ROOT = ".lake";

    Place {
        requireNonNull(project, "project");
        requireNonNull(root, "root");
    }

    /**
     * The project named on the command line, else the nearest one, else the sample; and its lake, unless {@code --root}
     * names another.
     *
     * @throws TarnException PROJECT_NOT_FOUND, or USAGE for a target that the project does not have
     */
    static Place find(RootCommand options, Surroundings surroundings, @Nullable String root) {
        Optional<Path> project = options.project()
                .map(folder -> ProjectFolder.require(surroundings.resolve(folder)))
                .or(() -> ProjectFolder.nearest(surroundings.workingFolder()));
        if (project.isEmpty()) {
            Path lake = surroundings.resolve(root == null ? DEFAULT_ROOT : root);
            return new Place(lake.resolve(UpSettings.SAMPLE_FOLDER), true, lake);
        }
        if (root != null) {
            return new Place(project.get(), false, surroundings.resolve(root));
        }
        ProjectSettings.Target target = CompiledProject.target(project.get(), options.target());
        return new Place(project.get(), false, lakeOf(project.get(), target));
    }

    private static Path lakeOf(Path project, ProjectSettings.Target target) {
        if (target.lake().contains("://")) {
            throw new TarnException(
                    ErrorCode.CONFIGURATION_INVALID,
                    "The lake of target " + target.name() + " is " + target.lake()
                            + "; this version of Tarn keeps lakes in folders of this machine.",
                    "Name a folder as `lake` of the target in tarn.yml, or give --root DIR.");
        }
        return project.resolve(target.lake()).normalize();
    }
}
