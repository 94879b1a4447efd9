package dev.tarn.functions;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.OutputBinding;
import com.microsoft.azure.functions.annotation.BindingName;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.QueueOutput;
import com.microsoft.azure.functions.annotation.QueueTrigger;
import dev.tarn.connect.trigger.Passed;
import dev.tarn.connect.trigger.UnitMessage;
import jakarta.inject.Singleton;
import java.util.List;

/** Goes on with work that another invocation had no time for. */
@Singleton
public class ResumeFunction {

    private final RunningApp app;

    public ResumeFunction(RunningApp app) {
        this.app = app;
    }

    /**
     * Does the unit of a message.
     *
     * @param message names the unit
     * @param delivery how often the queue has handed the message over
     * @param left what this invocation had no time for, or failed at
     * @param poison what was given up, with the reason
     */
    @FunctionName("resume")
    public void run(
            @QueueTrigger(name = "message", queueName = UnitMessage.QUEUE, connection = "LakeStorage") String message,
            @BindingName("DequeueCount") String delivery,
            @QueueOutput(name = "left", queueName = UnitMessage.QUEUE, connection = "LakeStorage")
                    OutputBinding<List<String>> left,
            @QueueOutput(name = "poison", queueName = UnitMessage.POISON, connection = "LakeStorage")
                    OutputBinding<List<String>> poison,
            ExecutionContext context) {
        Passed passed = app.resume(message, Integer.parseInt(delivery), context);
        Left.pass(passed.next(), left);
        Left.pass(passed.poison(), poison);
    }
}
