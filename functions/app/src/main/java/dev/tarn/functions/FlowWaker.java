package dev.tarn.functions;

import dev.tarn.engine.flow.Wakes;
import dev.tarn.model.TableCommitted;
import dev.tarn.model.TarnException;
import jakarta.inject.Singleton;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Hands the commits that functions hear of to the lake of this process. */
@Singleton
public class FlowWaker {

    private final AppLake app;
    private @Nullable Wakes wakes;

    public FlowWaker(AppLake app) {
        this.app = app;
    }

    /**
     * Runs every flow that reads the table.
     *
     * @throws TarnException PROJECT_NOT_FOUND when no plan is deployed, and the problems of every flow that failed; the
     *     event is then delivered again
     */
    public void wake(TableCommitted commit, Logger log) {
        wakes().wake(commit, (flow, outcome) -> log.info(() -> flow.id() + ": " + outcome));
    }

    private synchronized Wakes wakes() {
        if (wakes == null) {
            wakes = new Wakes(app.open());
        }
        return wakes;
    }
}
