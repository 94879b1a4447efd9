package dev.tarn.functions;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.annotation.BindingName;
import com.microsoft.azure.functions.annotation.BlobTrigger;
import com.microsoft.azure.functions.annotation.FunctionName;
import dev.tarn.model.Layer;
import jakarta.inject.Singleton;

/** A commit of a bronze table wakes every flow and every sink that reads the table. */
@Singleton
public class CleanseFunction {

    private final RunningApp app;

    public CleanseFunction(RunningApp app) {
        this.app = app;
    }

    /**
     * Takes the file for an event and does not look into it: what is woken goes to what the table is by now.
     *
     * @param file content of the new file, which the trigger insists on handing over
     * @param name path of the file in the container; anything but a table's commit is left alone
     */
    @FunctionName("cleanse")
    public void run(
            @BlobTrigger(
                            name = "file",
                            path = "bronze/{name}",
                            dataType = "binary",
                            connection = "LakeStorage",
                            source = "EventGrid")
                    byte[] file,
            @BindingName("name") String name,
            ExecutionContext context) {
        app.arrived(Layer.BRONZE, name, context.getLogger());
    }
}
