package dev.tarn.functions;

import dev.tarn.connect.trigger.EnvironmentSecrets;
import dev.tarn.connect.trigger.RunningPlan;
import dev.tarn.model.Layer;
import dev.tarn.model.TarnException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What functions call: the plan that runs on the lake of this process. */
@Singleton
public class RunningApp {

    private final AppLake app;
    private final EnvironmentSecrets secrets;
    private @Nullable RunningPlan plan;

    @Inject
    public RunningApp(AppLake app) {
        this(app, System.getenv());
    }

    RunningApp(AppLake app, Map<String, String> environment) {
        this.app = app;
        this.secrets = new EnvironmentSecrets(environment);
    }

    /**
     * A file came into the container of a layer.
     *
     * @throws TarnException as {@link RunningPlan#arrived}, and when the lake cannot be opened; the event is then delivered
     *     again
     */
    void arrived(Layer container, String name, Logger log) {
        plan().arrived(container.folder() + "/" + name, log::info);
    }

    synchronized RunningPlan plan() {
        if (plan == null) {
            plan = new RunningPlan(app.open(), secrets);
        }
        return plan;
    }
}
