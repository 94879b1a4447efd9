package dev.tarn.engine.storage.azure;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelineNextPolicy;
import com.azure.core.http.HttpPipelineNextSyncPolicy;
import com.azure.core.http.HttpPipelinePosition;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.http.policy.ExponentialBackoffOptions;
import com.azure.core.http.policy.HttpPipelinePolicy;
import com.azure.core.http.policy.RetryOptions;
import com.azure.storage.blob.BlobServiceClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.blob.BlobServiceVersion;
import com.azure.storage.common.StorageSharedKeyCredential;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Makes the clients of storage accounts. */
final class BlobClients {

    /** The newest that Azure and Azurite both speak. */
    private static final BlobServiceVersion VERSION = BlobServiceVersion.V2026_06_06;

    private BlobClients() {}

    /** Asks nobody anything, but loads the library: several tenths of a second in a new process. */
    static BlobServiceClient client(AzureAddress address, Patience patience) {
        BlobServiceClientBuilder builder = new BlobServiceClientBuilder()
                .endpoint(address.endpoint().toString())
                .serviceVersion(VERSION)
                .httpClient(patience.equals(Patience.USUAL) ? Usual.TRANSPORT : transport(patience))
                .retryOptions(new RetryOptions(new ExponentialBackoffOptions()
                        .setMaxRetries(patience.retries())
                        .setBaseDelay(patience.pause())
                        .setMaxDelay(patience.longestPause())))
                .addPolicy(new BoundedRetryAfter(patience.longestPause()));
        AzureLogin login = address.login();
        if (login instanceof AzureLogin.SharedKey shared) {
            builder.credential(new StorageSharedKeyCredential(shared.account(), shared.key()));
        } else if (login instanceof AzureLogin.Signature signature) {
            builder.sasToken(signature.token());
        }
        return builder.buildClient();
    }

    /** Shared by all lakes of the process: each has a thread of its own and keeps connections. */
    private static final class Usual {
        private static final HttpClient TRANSPORT = transport(Patience.USUAL);
    }

    private static HttpClient transport(Patience patience) {
        return new JdkHttpClientBuilder(
                        java.net.http.HttpClient.newBuilder().version(java.net.http.HttpClient.Version.HTTP_1_1))
                .connectionTimeout(patience.connect())
                .responseTimeout(patience.answer())
                .readTimeout(patience.answer())
                .writeTimeout(patience.answer())
                .build();
    }

    /** The service says how long to stay away, and the retries obey; but not for longer than a call may take. */
    private record BoundedRetryAfter(Duration longest) implements HttpPipelinePolicy {

        @Override
        public Mono<HttpResponse> process(HttpPipelineCallContext context, HttpPipelineNextPolicy next) {
            return next.process().map(this::bound);
        }

        @Override
        public HttpResponse processSync(HttpPipelineCallContext context, HttpPipelineNextSyncPolicy next) {
            return bound(next.processSync());
        }

        private HttpResponse bound(HttpResponse response) {
            HttpHeaders headers = response.getHeaders();
            String asked = headers.getValue(HttpHeaderName.RETRY_AFTER);
            if (asked != null && !(asked.matches("\\d{1,9}") && Long.parseLong(asked) <= longest.toSeconds())) {
                headers.set(HttpHeaderName.RETRY_AFTER, Long.toString(longest.toSeconds()));
            }
            return response;
        }

        @Override
        public HttpPipelinePosition getPipelinePosition() {
            return HttpPipelinePosition.PER_RETRY;
        }
    }
}
