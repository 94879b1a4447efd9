package dev.tarn.model;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.List;

/** How a source is reached. */
public sealed interface SourceConnection {

    /** Names what lets Tarn in. */
    SecretRef secret();

    /**
     * The database of an Odoo.
     *
     * @param secret holds {@code postgresql://user:password@host:port/database}
     * @param version major version of the Odoo that the project was written for, 16 to 19
     * @param language whose texts translated fields have in {@code <field>_text}, {@code en_US}
     */
    record OdooDatabase(SecretRef secret, int version, String language) implements SourceConnection {
        public OdooDatabase {
            requireNonNull(secret, "secret");
            requireNonNull(language, "language");
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
    }

    /**
     * Any PostgreSQL.
     *
     * @param secret holds {@code postgresql://user:password@host:port/database}
     */
    record Postgres(SecretRef secret) implements SourceConnection {
        public Postgres {
            requireNonNull(secret, "secret");
        }
    }
}
