package dev.tarn.functions;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.TimerTrigger;
import jakarta.inject.Singleton;

/** Reads from every source what the project says is due. */
@Singleton
public class ExtractFunction {

    private final RunningApp app;

    public ExtractFunction(RunningApp app) {
        this.app = app;
    }

    /**
     * Takes a tick; the setting {@code ExtractSchedule} says how often one comes.
     *
     * @param tick what the host knows of it, which is not looked at
     */
    @FunctionName("extract")
    public void run(
            @TimerTrigger(name = "tick", schedule = "%ExtractSchedule%") String tick, ExecutionContext context) {
        app.extract(context.getLogger());
    }
}
