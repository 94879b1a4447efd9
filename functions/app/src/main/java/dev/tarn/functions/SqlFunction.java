package dev.tarn.functions;

import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import jakarta.inject.Singleton;
import java.util.Optional;

/** A query over the lake. Nothing answers one yet. */
@Singleton
public class SqlFunction {

    /** Says that nothing was done. */
    @FunctionName("sql")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = HttpMethod.POST,
                            authLevel = AuthorizationLevel.ANONYMOUS,
                            route = "sql")
                    HttpRequestMessage<Optional<String>> request) {
        return Answers.text(request, HttpStatus.NOT_IMPLEMENTED, NotConfigured.SQL);
    }
}
