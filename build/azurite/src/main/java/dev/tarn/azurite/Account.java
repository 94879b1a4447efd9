package dev.tarn.azurite;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A storage account of a running Azurite.
 *
 * @param key in Base64
 */
record Account(String name, String key) {

    private static final List<String> CONTAINERS = List.of("landing", "bronze", "silver", "gold", "tarn");
    private static final String VERSION = "2021-12-02";
    private static final int KEY_BYTES = 32;
    private static final int CREATED = 201;
    private static final int EXISTS = 409;

    static Account withNewKey(String name) {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return new Account(name, Base64.getEncoder().encodeToString(key));
    }

    String connectionString(URI service) {
        return "DefaultEndpointsProtocol=http;AccountName=" + name + ";AccountKey=" + key + ";BlobEndpoint=" + service
                + "/" + name + ";";
    }

    /** Makes those containers of a lake that are not there yet. */
    void createContainers(URI service) throws IOException {
        HttpClient client = HttpClient.newHttpClient();
        for (String container : CONTAINERS) {
            HttpRequest request = creation(service, container);
            HttpResponse<String> response;
            try {
                response = client.send(request, BodyHandlers.ofString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while making container " + container, e);
            }
            if (response.statusCode() != CREATED && response.statusCode() != EXISTS) {
                throw new IOException("Azurite refused to make container " + container + ": " + response.body());
            }
        }
    }

    private HttpRequest creation(URI service, String container) {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(Clock.systemUTC()).withZoneSameInstant(ZoneOffset.UTC));
        // Verb, eleven standard headers that are absent or empty, the x-ms headers, the path and its query: "Shared
        // Key".
        String signed = "PUT" + "\n".repeat(12) + "x-ms-date:" + date + "\nx-ms-version:" + VERSION + "\n/" + name + "/"
                + name + "/" + container + "\nrestype:container";
        return HttpRequest.newBuilder(URI.create(service + "/" + name + "/" + container + "?restype=container"))
                .timeout(Duration.ofSeconds(60))
                .header("x-ms-date", date)
                .header("x-ms-version", VERSION)
                .header("Authorization", "SharedKey " + name + ":" + signature(signed))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
    }

    private String signature(String signed) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(key), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
