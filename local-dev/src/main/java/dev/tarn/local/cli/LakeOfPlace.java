package dev.tarn.local.cli;

import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.plan.PlanStore;
import dev.tarn.local.run.LakeStorage;
import dev.tarn.local.run.OpenLake;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Plan;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Optional;

/** The lake of a place, opened to look at it. */
final class LakeOfPlace implements AutoCloseable {

    private final LakeStorage storage;
    private final Lake lake;

    private LakeOfPlace(LakeStorage storage, Lake lake) {
        this.storage = storage;
        this.lake = lake;
    }

    /** The lake; empty when there is none yet. */
    static Optional<LakeOfPlace> find(Place place, Surroundings surroundings) {
        Optional<LakeStorage> storage = LakeStorage.toLookAt(place.root(), place.storage());
        if (storage.isEmpty()) {
            return Optional.empty();
        }
        boolean opened = false;
        try {
            Optional<Lake> lake = OpenLake.existing(storage.get().storage(), surroundings.clock());
            opened = lake.isPresent();
            return lake.map(found -> new LakeOfPlace(storage.get(), found));
        } finally {
            if (!opened) {
                storage.get().close();
            }
        }
    }

    /** The lake. Throws {@link TarnException} (PROJECT_NOT_FOUND) when there is none yet. */
    static LakeOfPlace open(Place place, Surroundings surroundings) {
        return find(place, surroundings)
                .orElseThrow(() -> new TarnException(
                        ErrorCode.PROJECT_NOT_FOUND,
                        "There is no lake in " + place.root() + ".",
                        place.storage() == LakeStorage.Kind.FOLDER
                                        && Files.isDirectory(place.root().resolve(LakeStorage.DATA))
                                ? "There is one in its Azurite: add --storage azurite."
                                : "Make one with tarn up, go into its project, or name its folder with --root."));
    }

    Lake lake() {
        return lake;
    }

    /** The plan that runs on the lake. Throws {@link TarnException} (PROJECT_NOT_FOUND) when none was deployed. */
    Plan plan() {
        return deployedPlan()
                .orElseThrow(() -> new TarnException(
                        ErrorCode.PROJECT_NOT_FOUND,
                        "The lake at " + lake.storage() + " has no plan: no project has run on it.",
                        "Run tarn up in the project."));
    }

    /** The plan that runs on the lake; empty when none was deployed. */
    Optional<Plan> deployedPlan() {
        try {
            return new PlanStore(lake.storage()).current();
        } catch (IOException e) {
            throw new UncheckedIOException("the plan of the lake cannot be read", e);
        }
    }

    @Override
    public void close() {
        lake.close();
        storage.close();
    }
}
