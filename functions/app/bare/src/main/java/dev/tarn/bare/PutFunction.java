package dev.tarn.bare;

import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.util.BinaryData;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.blob.BlobServiceVersion;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import jakarta.inject.Singleton;
import java.net.http.HttpClient;
import java.util.Optional;
import java.util.UUID;

/** Puts what it is sent into a blob. */
@Singleton
public class PutFunction {

    private final BlobContainerClient container = new BlobServiceClientBuilder()
            .connectionString(System.getenv("TARN_LAKE"))
            .httpClient(new JdkHttpClientBuilder(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)).build())
            .serviceVersion(BlobServiceVersion.V2026_06_06)
            .buildClient()
            .getBlobContainerClient("tarn");

    /** Answers once the blob is there. */
    @FunctionName("put")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = HttpMethod.POST,
                            authLevel = AuthorizationLevel.ANONYMOUS,
                            route = "put")
                    HttpRequestMessage<Optional<String>> request) {
        container
                .getBlobClient("bare/" + UUID.randomUUID())
                .upload(BinaryData.fromString(request.getBody().orElse("")));
        return request.createResponseBuilder(HttpStatus.ACCEPTED).body("kept").build();
    }
}
