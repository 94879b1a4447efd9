package dev.tarn.local.cli;

import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.plan.PlanStore;
import dev.tarn.local.run.OpenLake;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Plan;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Opens the lake of a place to look at it. */
final class LakeOfPlace {

    private LakeOfPlace() {}

    /** The lake. Throws {@link TarnException} (PROJECT_NOT_FOUND) when there is none yet. */
    static Lake open(Place place, Surroundings surroundings) {
        return OpenLake.existing(place.root(), surroundings.clock())
                .orElseThrow(() -> new TarnException(
                        ErrorCode.PROJECT_NOT_FOUND,
                        "There is no lake in " + place.root() + ".",
                        "Make one with tarn up, go into its project, or name its folder with --root."));
    }

    /** The plan that runs on the lake. Throws {@link TarnException} (PROJECT_NOT_FOUND) when none was deployed. */
    static Plan plan(Lake lake) {
        try {
            return new PlanStore(lake.storage())
                    .current()
                    .orElseThrow(() -> new TarnException(
                            ErrorCode.PROJECT_NOT_FOUND,
                            "The lake at " + lake.storage() + " has no plan: no project has run on it.",
                            "Run tarn up in the project."));
        } catch (IOException e) {
            throw new UncheckedIOException("the plan of the lake cannot be read", e);
        }
    }
}
