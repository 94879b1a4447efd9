package dev.tarn.engine.storage.azure;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where the lake's storage account is, and how to sign in there. Shown as the endpoint alone.
 *
 * @param endpoint of the blob service, without a slash at its end, a query or a user
 */
public record AzureAddress(URI endpoint, AzureLogin login) {

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");
    private static final Pattern CONNECTION_STRING = Pattern.compile(
            "(?i)(.*;)?\\s*(DefaultEndpointsProtocol|AccountName|BlobEndpoint|UseDevelopmentStorage)\\s*=.*");
    private static final String MEND =
            "Give https://<account>.blob.core.windows.net, with a shared access signature or none, or the account's"
                    + " connection string.";

    public AzureAddress {
        requireNonNull(endpoint, "endpoint");
        requireNonNull(login, "login");
    }

    /**
     * Reads {@code https://<account>.blob.core.windows.net}, to be entered by managed identity; the same with
     * {@code /?sv=...}, a shared access signature; or a connection string. Plain http is for this machine alone. Throws
     * {@link TarnException} (CONFIGURATION_INVALID), which never repeats the text.
     */
    public static AzureAddress parse(String text) {
        String address = text.strip();
        if (CONNECTION_STRING.matcher(address).matches()) {
            return ofConnectionString(address);
        }
        URI uri = uri(address);
        String query = uri.getRawQuery();
        return new AzureAddress(
                endpoint(uri),
                query == null ? new AzureLogin.ManagedIdentity(null) : new AzureLogin.Signature(signature(query)));
    }

    private static AzureAddress ofConnectionString(String text) {
        Map<String, String> settings = new HashMap<>();
        for (String setting : text.split(";")) {
            String[] parts = setting.strip().split("=", 2);
            if (parts.length == 2) {
                settings.put(parts[0].strip().toLowerCase(Locale.ROOT), parts[1].strip());
            }
        }
        String account = settings.getOrDefault("accountname", "");
        String endpoint = settings.getOrDefault(
                "blobendpoint",
                account.isEmpty()
                        ? ""
                        : settings.getOrDefault("defaultendpointsprotocol", "https") + "://" + account + ".blob."
                                + settings.getOrDefault("endpointsuffix", "core.windows.net"));
        if (endpoint.isEmpty()) {
            throw invalid("its connection string names neither AccountName nor BlobEndpoint");
        }
        URI service = endpoint(uri(endpoint));
        String signature = settings.getOrDefault("sharedaccesssignature", "");
        if (!signature.isEmpty()) {
            return new AzureAddress(service, new AzureLogin.Signature(signature(signature)));
        }
        String key = settings.getOrDefault("accountkey", "");
        if (account.isEmpty() || key.isEmpty()) {
            throw invalid("its connection string has neither AccountKey with AccountName nor SharedAccessSignature");
        }
        return new AzureAddress(service, new AzureLogin.SharedKey(account, key));
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            // Its message repeats the text, and with it the signature.
            throw invalid("it is not a URL");
        }
    }

    private static URI endpoint(URI uri) {
        String host = uri.getHost();
        if (host == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw invalid("it is not a URL of a host alone");
        }
        boolean local = LOOPBACK.contains(host);
        if (!"https".equalsIgnoreCase(uri.getScheme()) && !(local && "http".equalsIgnoreCase(uri.getScheme()))) {
            throw invalid("it is not https, which only a service of this machine may do without");
        }
        String path = uri.getRawPath().replaceAll("/+$", "");
        if (path.indexOf('/', 1) > 0 || (!local && !path.isEmpty())) {
            throw invalid("it goes on behind the account; a lake has a container for each layer");
        }
        int port = uri.getPort();
        return URI.create(uri.getScheme().toLowerCase(Locale.ROOT) + "://" + host.toLowerCase(Locale.ROOT)
                + (port < 0 ? "" : ":" + port) + path);
    }

    private static String signature(String query) {
        String token = query.startsWith("?") ? query.substring(1) : query;
        if (!("&" + token).contains("&sig=")) {
            throw invalid("what follows its question mark is no shared access signature");
        }
        return token;
    }

    private static TarnException invalid(String why) {
        return new TarnException(
                ErrorCode.CONFIGURATION_INVALID,
                "The address of the lake is not one of a storage account: " + why + ".",
                MEND);
    }

    /** Name of the storage account. */
    public String account() {
        String path = endpoint.getPath();
        return path.isEmpty() ? endpoint.getHost().split("\\.", 2)[0] : path.substring(1);
    }

    /** The same account, entered by a user-assigned managed identity. */
    public AzureAddress as(String clientId) {
        return as(new AzureLogin.ManagedIdentity(clientId));
    }

    /** The same account, entered in another way. */
    public AzureAddress as(AzureLogin other) {
        return new AzureAddress(endpoint, other);
    }

    @Override
    public String toString() {
        return endpoint.toString();
    }
}
