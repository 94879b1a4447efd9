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
import java.util.function.Supplier;

/** The lake of a place, opened to look at it. */
final class LakeOfPlace implements AutoCloseable {

    private final Place place;
    private final LakeStorage storage;
    private final Lake lake;

    private LakeOfPlace(Place place, LakeStorage storage, Lake lake) {
        this.place = place;
        this.storage = storage;
        this.lake = lake;
    }

    /** The lake; empty when there is none yet. */
    static Optional<LakeOfPlace> find(Place place, Surroundings surroundings) {
        return storage(place)
                .flatMap(storage ->
                        open(place, storage, () -> OpenLake.existing(storage.storage(), surroundings.clock())));
    }

    /** The lake, which is founded when there is none yet; in Azurite only where that has been before. */
    static LakeOfPlace found(Place place, Surroundings surroundings) {
        return storage(place)
                .flatMap(storage -> open(
                        place, storage, () -> Optional.of(OpenLake.founded(storage.storage(), surroundings.clock()))))
                .orElseThrow(() -> missing(place));
    }

    private static Optional<LakeStorage> storage(Place place) {
        Elsewhere elsewhere = place.elsewhere();
        return elsewhere == null
                ? LakeStorage.toLookAt(place.root(), place.storage())
                : Optional.of(LakeStorage.elsewhere(elsewhere.address()));
    }

    private static Optional<LakeOfPlace> open(Place place, LakeStorage storage, Supplier<Optional<Lake>> opening) {
        boolean opened = false;
        try {
            Optional<Lake> lake = opening.get();
            opened = lake.isPresent();
            return lake.map(found -> new LakeOfPlace(place, storage, found));
        } finally {
            if (!opened) {
                storage.close();
            }
        }
    }

    /** The lake. Throws {@link TarnException} (PROJECT_NOT_FOUND) when there is none yet. */
    static LakeOfPlace open(Place place, Surroundings surroundings) {
        return find(place, surroundings).orElseThrow(() -> missing(place));
    }

    private static TarnException missing(Place place) {
        Elsewhere elsewhere = place.elsewhere();
        String mend = "Make one with tarn up, go into its project, or name its folder with --root.";
        if (elsewhere != null) {
            mend = "Make it with tarn deploy" + elsewhere.option() + ".";
        } else if (place.storage() == LakeStorage.Kind.FOLDER
                && Files.isDirectory(place.root().resolve(LakeStorage.DATA))) {
            mend = "There is one in its Azurite: add --storage azurite.";
        }
        return new TarnException(ErrorCode.PROJECT_NOT_FOUND, "There is no lake in " + place.lake() + ".", mend);
    }

    Lake lake() {
        return lake;
    }

    /** The plan that runs on the lake. Throws {@link TarnException} (PROJECT_NOT_FOUND) when none was deployed. */
    Plan plan() {
        Elsewhere elsewhere = place.elsewhere();
        return deployedPlan()
                .orElseThrow(() -> new TarnException(
                        ErrorCode.PROJECT_NOT_FOUND,
                        "The lake at " + lake.storage() + " has no plan: no project has run on it.",
                        elsewhere == null
                                ? "Run tarn up in the project."
                                : "Put the project there with tarn deploy" + elsewhere.option() + "."));
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
