package dev.tarn.model;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a source is reached. */
public sealed interface SourceConnection {

    /** Names what lets Tarn in. */
    SecretRef secret();

    /** Most megabytes of rows to take in a second; null for as many as come. */
    @Nullable
    Integer megabytesPerSecond();

    /**
     * The database of an Odoo.
     *
     * @param secret holds {@code postgresql://user:password@host:port/database}
     * @param version major version of the Odoo that the project was written for, 16 to 19
     * @param language whose texts translated fields have in {@code <field>_text}, {@code en_US}
     */
    record OdooDatabase(SecretRef secret, int version, String language, @Nullable Integer megabytesPerSecond)
            implements SourceConnection {
        public OdooDatabase {
            requireNonNull(secret, "secret");
            requireNonNull(language, "language");
            requirePositive(megabytesPerSecond);
        }
    }

    /**
     * The API of an Odoo.
     *
     * @param url of the server, without a path
     * @param database that the server knows
     * @param user whose rights decide what is seen
     * @param secret holds an API key of the user, or the password
     * @param companies ids of those whose rows are read; empty for all that the user may see
     */
    record OdooApi(
            URI url,
            String database,
            String user,
            SecretRef secret,
            int version,
            String language,
            List<Integer> companies)
            implements SourceConnection {
        public OdooApi {
            requireNonNull(url, "url");
            requireNonNull(database, "database");
            requireNonNull(user, "user");
            requireNonNull(secret, "secret");
            requireNonNull(language, "language");
            companies = List.copyOf(companies);
        }

        /** The server paces who asks too much. */
        @Override
        public @Nullable Integer megabytesPerSecond() {
            return null;
        }
    }

    /**
     * Any PostgreSQL.
     *
     * @param secret holds {@code postgresql://user:password@host:port/database}
     */
    record Postgres(SecretRef secret, @Nullable Integer megabytesPerSecond) implements SourceConnection {
        public Postgres {
            requireNonNull(secret, "secret");
            requirePositive(megabytesPerSecond);
        }
    }

    private static void requirePositive(@Nullable Integer megabytesPerSecond) {
        if (megabytesPerSecond != null && megabytesPerSecond < 1) {
            throw new IllegalArgumentException("a rate must be positive, got " + megabytesPerSecond);
        }
    }
}
