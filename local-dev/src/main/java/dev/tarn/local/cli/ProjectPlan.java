package dev.tarn.local.cli;

import dev.tarn.local.project.ProjectFolder;
import dev.tarn.local.run.CompiledProject;
import dev.tarn.model.Plan;
import java.nio.file.Files;
import java.nio.file.Path;

/** The plan that a command is about. */
final class ProjectPlan {

    private ProjectPlan() {}

    /**
     * The plan by which rows of the lake are judged: that of the project, or the deployed one where apps run the lake.
     * Throws {@link dev.tarn.model.TarnException} with every problem of the project, or PROJECT_NOT_FOUND.
     */
    static Plan ofLake(RootCommand options, Surroundings surroundings, LakeOptions lakeOptions) {
        Place place = Place.find(options, surroundings, lakeOptions);
        if (place.elsewhere() == null) {
            return of(options, surroundings, lakeOptions);
        }
        try (LakeOfPlace lake = LakeOfPlace.open(place, surroundings)) {
            return lake.plan();
        }
    }

    /** That of the project, compiled now. Throws {@link dev.tarn.model.TarnException} with every problem of the project. */
    static Plan of(RootCommand options, Surroundings surroundings, LakeOptions lakeOptions) {
        Place place = Place.find(options, surroundings, lakeOptions);
        Path project = place.sample() && !Files.isDirectory(place.project())
                ? ProjectFolder.requireNearest(surroundings.workingFolder())
                : place.project();
        String target = CompiledProject.target(project, options.target()).name();
        try (LakeOfPlace existing = LakeOfPlace.find(place, surroundings).orElse(null)) {
            return CompiledProject.compile(project, target, existing == null ? null : existing.lake());
        }
    }
}
