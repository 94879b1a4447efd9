package dev.tarn.functions;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.TimerTrigger;
import jakarta.inject.Singleton;

/** Does what no event announced. */
@Singleton
public class SweepFunction {

    private final RunningApp app;

    public SweepFunction(RunningApp app) {
        this.app = app;
    }

    /**
     * Takes a tick; the setting {@code SweepSchedule} says how often one comes.
     *
     * @param tick what the host knows of it, which is not looked at
     */
    @FunctionName("sweep")
    public void run(@TimerTrigger(name = "tick", schedule = "%SweepSchedule%") String tick, ExecutionContext context) {
        app.sweep(context.getLogger());
    }
}
