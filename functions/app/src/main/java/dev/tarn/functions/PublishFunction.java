package dev.tarn.functions;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.OutputBinding;
import com.microsoft.azure.functions.annotation.BindingName;
import com.microsoft.azure.functions.annotation.BlobTrigger;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.QueueOutput;
import dev.tarn.connect.trigger.UnitMessage;
import dev.tarn.model.Layer;
import jakarta.inject.Singleton;
import java.util.List;

/** A commit of a gold table is sent to every sink that takes it, and wakes every flow that reads the table. */
@Singleton
public class PublishFunction {

    private final RunningApp app;

    public PublishFunction(RunningApp app) {
        this.app = app;
    }

    /**
     * Takes the file for an event: what is woken goes to what the table is by now.
     *
     * @param file content of the new file, of which only what the commit was made for is looked at
     * @param name path of the file in the container; anything but a table's commit is left alone
     * @param left what this invocation had no time for
     */
    @FunctionName("publish")
    public void run(
            @BlobTrigger(
                            name = "file",
                            path = "gold/{name}",
                            dataType = "binary",
                            connection = "LakeStorage",
                            source = "EventGrid")
                    byte[] file,
            @BindingName("name") String name,
            @QueueOutput(name = "left", queueName = UnitMessage.QUEUE, connection = "LakeStorage")
                    OutputBinding<List<String>> left,
            ExecutionContext context) {
        Left.pass(app.committed(Layer.GOLD, name, file, context), left);
    }
}
