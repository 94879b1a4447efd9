package dev.tarn.engine.storage.azure;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelineNextPolicy;
import com.azure.core.http.HttpPipelineNextSyncPolicy;
import com.azure.core.http.HttpPipelinePosition;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.http.policy.HttpLogDetailLevel;
import com.azure.core.http.policy.HttpLogOptions;
import com.azure.core.http.policy.HttpPipelinePolicy;
import com.azure.core.util.Configuration;
import com.azure.storage.blob.BlobServiceClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.blob.BlobServiceVersion;
import com.azure.storage.common.StorageSharedKeyCredential;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Makes the clients of storage accounts. */
final class BlobClients {

    /** The newest that Azure and Azurite both speak. */
    private static final BlobServiceVersion VERSION = BlobServiceVersion.V2026_06_06;

    private BlobClients() {}

    /** Asks nobody anything, but loads the library: several tenths of a second in a new process. */
    static BlobServiceClient client(AzureAddress address, Patience patience) {
        HttpClient transport = patience.equals(Patience.USUAL) ? Usual.TRANSPORT : transport(patience);
        BlobServiceClientBuilder builder = new BlobServiceClientBuilder()
                .endpoint(address.endpoint().toString())
                .serviceVersion(VERSION)
                .httpClient(transport)
                .retryOptions(new RequestRetryOptions(
                        RetryPolicyType.EXPONENTIAL,
                        patience.retries() + 1,
                        null,
                        patience.pause(),
                        patience.longestPause(),
                        null))
                // Whatever the environment asks for: bodies of refusals can repeat the request's signature.
                .httpLogOptions(new HttpLogOptions().setLogLevel(HttpLogDetailLevel.NONE))
                .addPolicy(new WaitsWhenToldTo(patience.longestPause()));
        AzureLogin login = address.login();
        if (login instanceof AzureLogin.SharedKey shared) {
            builder.credential(new StorageSharedKeyCredential(shared.account(), shared.key()));
        } else if (login instanceof AzureLogin.Signature signature) {
            builder.sasToken(signature.token());
        } else if (login instanceof AzureLogin.ManagedIdentity identity) {
            builder.credential(Identity.credential(identity, transport, Configuration.getGlobalConfiguration()));
        } else if (login instanceof AzureLogin.AzureCli) {
            builder.credential(Identity.azureCli());
        }
        return builder.buildClient();
    }

    /** Shared by all lakes of the process: each has a thread of its own and keeps connections. */
    private static final class Usual {
        private static final HttpClient TRANSPORT = transport(Patience.USUAL);
    }

    static HttpClient transport(Patience patience) {
        return new JdkHttpClientBuilder(
                        java.net.http.HttpClient.newBuilder().version(java.net.http.HttpClient.Version.HTTP_1_1))
                .connectionTimeout(patience.connect())
                .responseTimeout(patience.answer())
                .readTimeout(patience.answer())
                .writeTimeout(patience.answer())
                .build();
    }

    /** A busy service says how long to stay away; the library's own retries do not look at that. */
    private record WaitsWhenToldTo(Duration longest) implements HttpPipelinePolicy {

        private static final int TOO_MANY = 429;
        private static final int BUSY = 503;

        @Override
        public Mono<HttpResponse> process(HttpPipelineCallContext context, HttpPipelineNextPolicy next) {
            return next.process().flatMap(response -> pause(response).thenReturn(response));
        }

        @Override
        public HttpResponse processSync(HttpPipelineCallContext context, HttpPipelineNextSyncPolicy next) {
            HttpResponse response = next.processSync();
            pause(response).block();
            return response;
        }

        private Mono<Long> pause(HttpResponse response) {
            int status = response.getStatusCode();
            String asked = response.getHeaders().getValue(HttpHeaderName.RETRY_AFTER);
            if (asked == null || !asked.matches("\\d{1,9}") || (status != BUSY && status != TOO_MANY)) {
                return Mono.empty();
            }
            Duration wanted = Duration.ofSeconds(Long.parseLong(asked));
            return Mono.delay(wanted.compareTo(longest) < 0 ? wanted : longest);
        }

        @Override
        public HttpPipelinePosition getPipelinePosition() {
            return HttpPipelinePosition.PER_RETRY;
        }
    }
}
