package dev.tarn.engine.storage.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.policy.HttpLogDetailLevel;
import com.azure.core.http.policy.HttpLogOptions;
import com.azure.core.util.Configuration;
import com.azure.identity.AzureCliCredentialBuilder;
import com.azure.identity.ManagedIdentityCredentialBuilder;

/** Signs in as the machine, function app or person. Apart, so that nobody else loads the library that does it. */
final class Identity {

    private Identity() {}

    /** @param environment says where the host hands out tokens */
    static TokenCredential credential(
            AzureLogin.ManagedIdentity identity, HttpClient transport, Configuration environment) {
        ManagedIdentityCredentialBuilder builder = new ManagedIdentityCredentialBuilder()
                .httpClient(transport)
                .configuration(environment)
                .httpLogOptions(new HttpLogOptions().setLogLevel(HttpLogDetailLevel.NONE));
        if (identity.clientId() != null) {
            builder.clientId(identity.clientId());
        }
        return builder.build();
    }

    /** Runs {@code az} when a token is needed. */
    static TokenCredential azureCli() {
        return new AzureCliCredentialBuilder().build();
    }
}
