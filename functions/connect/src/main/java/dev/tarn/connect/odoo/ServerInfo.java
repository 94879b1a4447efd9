package dev.tarn.connect.odoo;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What an Odoo database says about itself.
 *
 * @param database name of the database
 * @param version of Odoo, {@code 19.0}
 * @param companies all of them, by id
 * @param currencies names of the active currencies
 */
public record ServerInfo(String database, String version, List<Company> companies, List<String> currencies) {

    /** A company and the name of the currency in which it keeps its books. */
    public record Company(int id, String name, String currency) {
        public Company {
            requireNonNull(name, "name");
            requireNonNull(currency, "currency");
        }
    }

    public ServerInfo {
        requireNonNull(database, "database");
        requireNonNull(version, "version");
        companies = List.copyOf(companies);
        currencies = List.copyOf(currencies);
    }

    /** The number before the point, 19. */
    public int majorVersion() {
        return Integer.parseInt(version.substring(0, version.indexOf('.')));
    }
}
