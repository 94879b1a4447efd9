package dev.tarn.functions;

import com.microsoft.azure.functions.ExecutionContext;
import java.util.logging.Logger;

/** What the host tells a function about the call. */
record Invocation() implements ExecutionContext {

    @Override
    public Logger getLogger() {
        return Logger.getLogger(Invocation.class.getName());
    }

    @Override
    public String getInvocationId() {
        return "01980000-0000-7000-8000-000000000001";
    }

    @Override
    public String getFunctionName() {
        return "cleanse";
    }
}
