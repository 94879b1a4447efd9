package dev.tarn.functions;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.OutputBinding;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.QueueOutput;
import com.microsoft.azure.functions.annotation.TimerTrigger;
import dev.tarn.connect.trigger.UnitMessage;
import jakarta.inject.Singleton;
import java.util.List;

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
     * @param left what this invocation had no time for
     */
    @FunctionName("extract")
    public void run(
            @TimerTrigger(name = "tick", schedule = "%ExtractSchedule%") String tick,
            @QueueOutput(name = "left", queueName = UnitMessage.QUEUE, connection = "LakeStorage")
                    OutputBinding<List<String>> left,
            ExecutionContext context) {
        Left.pass(app.extract(context), left);
    }
}
