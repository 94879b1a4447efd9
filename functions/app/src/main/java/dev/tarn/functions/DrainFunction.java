package dev.tarn.functions;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.annotation.BindingName;
import com.microsoft.azure.functions.annotation.BlobTrigger;
import com.microsoft.azure.functions.annotation.FunctionName;
import jakarta.inject.Singleton;

/** Events that lie in an inbox wake the drain, which brings them into bronze. */
@Singleton
public class DrainFunction {

    private final RunningApp app;

    public DrainFunction(RunningApp app) {
        this.app = app;
    }

    /**
     * Takes the file for an event and does not look into it: all that lies in the inbox is brought in at once.
     *
     * @param file content of the new file, which the trigger insists on handing over
     * @param name path of the file behind the folder of inboxes
     */
    @FunctionName("drain")
    public void run(
            @BlobTrigger(
                            name = "file",
                            path = "tarn/inbox/{name}",
                            dataType = "binary",
                            connection = "LakeStorage",
                            source = "EventGrid")
                    byte[] file,
            @BindingName("name") String name,
            ExecutionContext context) {
        app.sent("inbox/" + name, context);
    }
}
