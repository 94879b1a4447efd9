package dev.tarn.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a sender shows that it may send. Names of headers are in lower case. */
public sealed interface WebhookAuth {

    /** Most secrets that are good at one time: the new one, and the old one until every sender has the new one. */
    int MOST_SECRETS = 2;

    /** Any of them lets a sender in. */
    List<SecretRef> secrets();

    /** The header that shows it. */
    String header();

    /** The sender sends the secret itself. */
    record SharedSecret(String header, List<SecretRef> secrets) implements WebhookAuth {
        public SharedSecret {
            requireNonNull(header, "header");
            secrets = List.copyOf(secrets);
            requireSecrets(secrets);
        }
    }

    /**
     * The sender signs the body's bytes with HMAC-SHA256 and sends {@code t=<seconds>,v1=<hex>}, which signs
     * {@code <seconds>.<body>}, or {@code sha256=<hex>}, which signs the body alone.
     *
     * @param timestamp header with the seconds where {@code sha256=<hex>} signs them with the body, too; null for none
     * @param tolerance between the seconds and the clock of Tarn; null for {@link #USUAL_TOLERANCE}, and for bodies that are
     *     signed without seconds
     */
    record Hmac(String header, @Nullable String timestamp, @Nullable Duration tolerance, List<SecretRef> secrets)
            implements WebhookAuth {

        /** Of a source that says nothing about it. */
        public static final Duration USUAL_TOLERANCE = Duration.ofMinutes(5);

        public Hmac {
            requireNonNull(header, "header");
            secrets = List.copyOf(secrets);
            requireSecrets(secrets);
            if (tolerance != null && (tolerance.isNegative() || tolerance.isZero())) {
                throw new IllegalArgumentException("a tolerance must be positive, got " + tolerance);
            }
        }
    }

    private static void requireSecrets(List<SecretRef> secrets) {
        if (secrets.isEmpty() || secrets.size() > MOST_SECRETS) {
            throw new IllegalArgumentException(
                    "1 to " + MOST_SECRETS + " secrets let a sender in, got " + secrets.size());
        }
    }
}
