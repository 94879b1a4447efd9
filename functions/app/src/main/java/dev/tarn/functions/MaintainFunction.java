package dev.tarn.functions;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.TimerTrigger;
import jakarta.inject.Singleton;

/** Keeps tables quick to read. */
@Singleton
public class MaintainFunction {

    private final RunningApp app;

    public MaintainFunction(RunningApp app) {
        this.app = app;
    }

    /**
     * Takes a tick; the setting {@code MaintainSchedule} says how often one comes.
     *
     * @param tick what the host knows of it, which is not looked at
     */
    @FunctionName("maintain")
    public void run(
            @TimerTrigger(name = "tick", schedule = "%MaintainSchedule%") String tick, ExecutionContext context) {
        app.maintain(context.getLogger());
    }
}
