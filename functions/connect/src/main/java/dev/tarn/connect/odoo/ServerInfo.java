package dev.tarn.connect.odoo;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Collectors;

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

    /** {@code o19 (19.0), 2 companies (PHP, USD), 3 currencies}. */
    @Override
    public String toString() {
        String ofCompanies =
                companies.stream().map(Company::currency).distinct().collect(Collectors.joining(", "));
        return database + " (" + version + "), " + counted(companies.size(), "company", "companies") + " ("
                + ofCompanies + "), " + counted(currencies.size(), "currency", "currencies");
    }

    private static String counted(int number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }
}
