package dev.tarn.engine.storage.azure;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** How a storage account knows who asks. Never shows a secret by {@code toString}. */
public sealed interface AzureLogin {

    /**
     * The identity that Azure gives to the machine or function app.
     *
     * @param clientId of a user-assigned identity; null for the one the machine itself has
     */
    record ManagedIdentity(@Nullable String clientId) implements AzureLogin {
        @Override
        public String toString() {
            return "managed identity";
        }
    }

    /** Whoever has signed in to Azure on this machine with {@code az login}: a person, or a workflow by federation. */
    record AzureCli() implements AzureLogin {
        @Override
        public String toString() {
            return "login of Azure CLI";
        }
    }

    /**
     * A key of the account.
     *
     * @param key in Base64
     */
    record SharedKey(String account, String key) implements AzureLogin {
        public SharedKey {
            requireNonNull(account, "account");
            requireNonNull(key, "key");
        }

        @Override
        public String toString() {
            return "shared key";
        }
    }

    /**
     * A shared access signature.
     *
     * @param token a query without its question mark, such as {@code sv=...&sig=...}
     */
    record Signature(String token) implements AzureLogin {
        public Signature {
            requireNonNull(token, "token");
        }

        @Override
        public String toString() {
            return "shared access signature";
        }
    }
}
