package dev.tarn.functions;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.annotation.BindingName;
import com.microsoft.azure.functions.annotation.BlobTrigger;
import com.microsoft.azure.functions.annotation.FunctionName;
import dev.tarn.model.Layer;
import dev.tarn.model.TableCommitted;
import jakarta.inject.Singleton;

/** A commit of a bronze table wakes every flow that reads the table. */
@Singleton
public class CleanseFunction {

    private final FlowWaker flows;

    public CleanseFunction(FlowWaker flows) {
        this.flows = flows;
    }

    /**
     * Takes the file for an event and does not look into it: flows go to what the table is by now.
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
        TableCommitted.ofFile(Layer.BRONZE.folder() + "/" + name)
                .ifPresent(commit -> flows.wake(commit, context.getLogger()));
    }
}
