package dev.tarn.local.cli;

import static java.util.Objects.requireNonNull;

import dev.tarn.compiler.ProjectSettings;
import dev.tarn.local.project.ProjectFolder;
import dev.tarn.local.run.CompiledProject;
import dev.tarn.local.run.LakeStorage;
import dev.tarn.local.run.UpSettings;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The project and the lake that a command is about.
 *
 * @param sample whether the project is the sample, which is unpacked below the root when it runs first
 * @param root folder of the lake
 * @param storage what the tables are in
 */
record Place(Path project, boolean sample, Path root, LakeStorage.Kind storage) {

    private static final String DEFAULT_ROOT = ".lake";

    Place {
        requireNonNull(project, "project");
        requireNonNull(root, "root");
        requireNonNull(storage, "storage");
    }

    /**
     * The project named on the command line, else the nearest one, else the sample; and its lake, unless {@code --root}
     * names another.
     *
     * @throws TarnException PROJECT_NOT_FOUND, or USAGE for a target that the project does not have
     */
    static Place find(RootCommand options, Surroundings surroundings, LakeOptions lakeOptions) {
        Optional<Path> project = options.project()
                .map(folder -> ProjectFolder.require(surroundings.resolve(folder)))
                .or(() -> ProjectFolder.nearest(surroundings.workingFolder()));
        if (project.isEmpty()) {
            Path lake = surroundings.resolve(lakeOptions.root().orElse(DEFAULT_ROOT));
            return new Place(lake.resolve(UpSettings.SAMPLE_FOLDER), true, lake, lakeOptions.storage());
        }
        Path root = lakeOptions
                .root()
                .map(surroundings::resolve)
                .orElseGet(() -> lakeOf(project.get(), CompiledProject.target(project.get(), options.target())));
        return new Place(project.get(), false, root, lakeOptions.storage());
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
