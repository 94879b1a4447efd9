package dev.tarn.container;

import io.quarkus.funqy.Funq;
import jakarta.inject.Singleton;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code POST /<function>}: each of the app's functions by its name, with JSON for what its trigger hands over in Azure. */
@Singleton
public class Functions {

    private final AppFunctions app;

    Functions(AppFunctions app) {
        this.app = app;
    }

    /** As a commit in {@code bronze} does. */
    @Funq
    public Left cleanse(@Nullable LakeFile file) {
        return arrived("cleanse", file);
    }

    /** As a commit in {@code silver} does. */
    @Funq
    public Left aggregate(@Nullable LakeFile file) {
        return arrived("aggregate", file);
    }

    /** As a commit in {@code gold} does. */
    @Funq
    public Left publish(@Nullable LakeFile file) {
        return arrived("publish", file);
    }

    /** As a file in {@code landing} does. */
    @Funq
    public Left fileArrived(@Nullable LakeFile file) {
        return arrived("fileArrived", file);
    }

    /** As a file in {@code tarn/inbox} does. */
    @Funq
    public Left drain(@Nullable LakeFile file) {
        return arrived("drain", file);
    }

    /** As its clock does; nothing is looked at of what the request says. */
    @Funq
    public Left extract(@Nullable Map<String, String> tick) {
        return app.ticked("extract", app.newId());
    }

    /** As its clock does; nothing is looked at of what the request says. */
    @Funq
    public Left sweep(@Nullable Map<String, String> tick) {
        return app.ticked("sweep", app.newId());
    }

    /** As its clock does; nothing is looked at of what the request says. */
    @Funq
    public Left maintain(@Nullable Map<String, String> tick) {
        return app.ticked("maintain", app.newId());
    }

    /** Takes what another answer had left, and answers what is left of that. */
    @Funq
    public Left resume(@Nullable Left left) {
        return left == null ? new Left(null) : app.resumed(left, app.newId());
    }

    private Left arrived(String function, @Nullable LakeFile file) {
        if (file == null || file.name() == null || file.name().isEmpty()) {
            throw AppFunctions.refused(
                    "A request for " + function + " does not say which file came.",
                    "Send {\"name\": \"...\"} with the path of the file behind its container.");
        }
        return app.arrived(LakeTrigger.of(function, file.name()), app.newId());
    }
}
