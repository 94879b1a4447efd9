package dev.tarn.functions;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.annotation.BindingName;
import com.microsoft.azure.functions.annotation.BlobTrigger;
import com.microsoft.azure.functions.annotation.FunctionName;
import jakarta.inject.Singleton;

/** A file was dropped for the lake. No project can say yet what becomes of it, so it stays where it is. */
@Singleton
public class FileArrivedFunction {

    /**
     * Says that nothing was done.
     *
     * @param file content of the new file, which the trigger insists on handing over
     * @param name path of the file in the container
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
            ExecutionContext context) {
        context.getLogger().warning("landing/" + name + ": " + NotConfigured.FILES);
    }
}
