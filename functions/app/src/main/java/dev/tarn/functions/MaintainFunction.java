package dev.tarn.functions;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.OutputBinding;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.QueueOutput;
import com.microsoft.azure.functions.annotation.TimerTrigger;
import dev.tarn.connect.trigger.UnitMessage;
import jakarta.inject.Singleton;
import java.util.List;

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
     * @param left what this invocation had no time for
     */
    @FunctionName("maintain")
    public void run(
            @TimerTrigger(name = "tick", schedule = "%MaintainSchedule%") String tick,
            @QueueOutput(name = "left", queueName = UnitMessage.QUEUE, connection = "LakeStorage")
                    OutputBinding<List<String>> left,
            ExecutionContext context) {
        Left.pass(app.maintain(context), left);
    }
}
