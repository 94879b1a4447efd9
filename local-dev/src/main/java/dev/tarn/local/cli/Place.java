package dev.tarn.local.cli;

import static java.util.Objects.requireNonNull;

import dev.tarn.compiler.ProjectSettings;
import dev.tarn.engine.storage.azure.LakeAddress;
import dev.tarn.local.project.ProjectFolder;
import dev.tarn.local.run.CompiledProject;
import dev.tarn.local.run.LakeStorage;
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
 * @param root folder of the lake, or for what this machine notes about one that is elsewhere
 * @param storage what the tables are in
 * @param elsewhere where the lake is; null when it is on this machine
 */
record Place(Path project, boolean sample, Path root, LakeStorage.Kind storage, @Nullable Elsewhere elsewhere) {

    private static final String DEFAULT_ROOT = ".lake";
    private static final String NOTES = DEFAULT_ROOT + "/elsewhere";

    Place {
        requireNonNull(project, "project");
        requireNonNull(root, "root");
        requireNonNull(storage, "storage");
    }

    /** A place whose lake is on this machine. */
    Place(Path project, boolean sample, Path root, LakeStorage.Kind storage) {
        this(project, sample, root, storage, null);
    }

    /**
     * The project named on the command line, else the nearest one, else the sample; and its lake, unless {@code --root}
     * names another.
     *
     * @throws TarnException PROJECT_NOT_FOUND, USAGE for a target that the project does not have, or
     *     CONFIGURATION_INVALID for an address that is none
     */
    static Place find(RootCommand options, Surroundings surroundings, LakeOptions lakeOptions) {
        Optional<Path> project = options.project()
                .map(folder -> ProjectFolder.require(surroundings.resolve(folder)))
                .or(() -> ProjectFolder.nearest(surroundings.workingFolder()));
        if (project.isEmpty()) {
            Path lake = surroundings.resolve(lakeOptions.root().orElse(DEFAULT_ROOT));
            return new Place(lake.resolve(UpSettings.SAMPLE_FOLDER), true, lake, lakeOptions.storage());
        }
        return lakeOptions
                .root()
                .map(root -> new Place(project.get(), false, surroundings.resolve(root), lakeOptions.storage()))
                .orElseGet(() -> of(
                        project.get(),
                        CompiledProject.target(project.get(), options.target()),
                        surroundings,
                        lakeOptions));
    }

    private static Place of(
            Path project, ProjectSettings.Target target, Surroundings surroundings, LakeOptions lakeOptions) {
        if (!LakeAddress.isOne(target.lake())) {
            return new Place(project, false, project.resolve(target.lake()).normalize(), lakeOptions.storage());
        }
        LakeAddress lake = Elsewhere.parse(
                target.lake(),
                "Target " + target.name() + " of tarn.yml",
                "Write https://<account>.blob.core.windows.net, or a folder. What lets one in has no place in a project:"
                        + " it is the login of Azure CLI, or TARN_LAKE.");
        if (lake instanceof LakeAddress.Folder folder) {
            return new Place(project, false, folder.path(), lakeOptions.storage());
        }
        if (lakeOptions.storage() != LakeStorage.Kind.FOLDER) {
            throw new TarnException(
                    ErrorCode.USAGE,
                    "The lake of target " + target.name() + " is " + lake
                            + "; --storage is about lakes of this machine.",
                    "Leave --storage out, or name a folder with --root.");
        }
        return new Place(
                project,
                false,
                // Never that of a lake: a demo database that plays a source there must not play it for this one.
                project.resolve(NOTES).resolve(target.name()),
                LakeStorage.Kind.FOLDER,
                Elsewhere.of(target, ((LakeAddress.Account) lake).address(), surroundings.environment()));
    }

    /** Where the lake is, for people. */
    String lake() {
        return elsewhere == null ? root.toString() : elsewhere.toString();
    }
}
