package dev.tarn.functions;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.OutputBinding;
import com.microsoft.azure.functions.annotation.BindingName;
import com.microsoft.azure.functions.annotation.BlobTrigger;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.QueueOutput;
import dev.tarn.connect.trigger.UnitMessage;
import jakarta.inject.Singleton;
import java.util.List;

/** A file was dropped for the lake: it goes into the table of bronze that the project says. */
@Singleton
public class FileArrivedFunction {

    private final RunningApp app;

    public FileArrivedFunction(RunningApp app) {
        this.app = app;
    }

    /**
     * Takes the file for an event; its content is read from the lake, within the budget.
     *
     * @param file content of the new file, which the trigger insists on handing over
     * @param name path of the file in the container
     * @param left what this invocation had no time for
     */
    @FunctionName("fileArrived")
    public void run(
            @BlobTrigger(
                            name = "file",
                            path = "landing/{name}",
                            dataType = "binary",
                            connection = "LakeStorage",
                            source = "EventGrid")
                    byte[] file,
            @BindingName("name") String name,
            @QueueOutput(name = "left", queueName = UnitMessage.QUEUE, connection = "LakeStorage")
                    OutputBinding<List<String>> left,
            ExecutionContext context) {
        Left.pass(app.dropped(name, context), left);
    }
}
