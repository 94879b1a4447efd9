package dev.tarn.container;

import com.microsoft.azure.functions.ExecutionContext;
import java.util.logging.Logger;

/** What a function is told about its call, where no host of Azure tells it. */
record Invocation(String getInvocationId, String getFunctionName) implements ExecutionContext {

    @Override
    public Logger getLogger() {
        return Logger.getLogger("dev.tarn.functions." + getFunctionName);
    }
}
