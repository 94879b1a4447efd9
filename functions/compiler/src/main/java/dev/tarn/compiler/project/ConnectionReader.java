package dev.tarn.compiler.project;

import dev.tarn.model.SecretRef;
import dev.tarn.model.SourceConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads how a source is reached. */
final class ConnectionReader {

    private static final String RATE = "megabytes_per_second";
    private static final Pattern MEGABYTES = Pattern.compile("[1-9]\\d{0,3}");
    private static final String USUAL_LANGUAGE = "en_US";
    private static final Pattern VERSION = Pattern.compile("1[6-9]");
    /** The API hardly changed, unlike the tables. */
    private static final Pattern VERSION_BY_API = Pattern.compile("1[4-9]");

    private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2,3}(_[A-Z]{2,3})?(@[a-z]+)?");
    private static final Pattern COMPANY = Pattern.compile("[1-9]\\d{0,8}");

    private final YamlMap connection;
    private final String language;

    private ConnectionReader(YamlMap connection, String language) {
        this.connection = connection;
        this.language = language;
    }

    static Optional<SourceConnection> read(YamlMap source, boolean odoo) {
        Optional<YamlMap> connection = source.map("connection", true);
        if (!odoo) {
            return connection.map(map -> map.allow("database", RATE)).flatMap(map -> map.secret("database")
                    .map(secret -> new SourceConnection.Postgres(secret, rate(map))));
        }
        String language = source.text("language").orElse(USUAL_LANGUAGE);
        if (!LANGUAGE.matcher(language).matches()) {
            source.invalid(
                    "language",
                    "'" + language + "' is not a language of Odoo.",
                    "Write its code as Odoo's list of languages has it: en_US.");
        }
        return connection.flatMap(map -> new ConnectionReader(map, language).odoo());
    }

    private Optional<SourceConnection> odoo() {
        connection.allow("database", "api", "version", RATE);
        Optional<Integer> version = version();
        if (connection.has("database") == connection.has("api")) {
            return connection.invalid(
                    connection.has("api") ? "api" : "database",
                    "A connection to Odoo needs either 'database' or 'api'.",
                    "Write database: ${secret:odoo-url} where the database can be reached, else api.");
        }
        if (connection.has("api") && connection.has(RATE)) {
            return connection.invalid(
                    RATE,
                    "'" + RATE + "' is for databases; the server of an API slows down who asks too much.",
                    "Take " + RATE + " out.");
        }
        if (connection.has("api")) {
            return connection.map("api", true).flatMap(api -> version.flatMap(number -> api(api, number)));
        }
        Optional<SecretRef> database = connection.secret("database");
        return version.flatMap(number ->
                database.map(secret -> new SourceConnection.OdooDatabase(secret, number, language, rate(connection))));
    }

    private static @Nullable Integer rate(YamlMap connection) {
        return connection
                .text(RATE)
                .flatMap(text -> MEGABYTES.matcher(text).matches()
                        ? Optional.of(Integer.valueOf(text))
                        : connection.invalid(
                                RATE,
                                "'" + RATE + "' is no number of megabytes.",
                                "Write a whole number from 1 to 9999: " + RATE + ": 20."))
                .orElse(null);
    }

    private Optional<Integer> version() {
        boolean api = connection.has("api");
        return connection
                .required("version")
                .flatMap(text -> (api ? VERSION_BY_API : VERSION).matcher(text).matches()
                        ? Optional.of(Integer.valueOf(text))
                        : connection.invalid(
                                "version",
                                "Odoo " + text + " is not a version that Tarn knows.",
                                "Write the major version of the server: " + (api ? "14, 15, " : "")
                                        + "16, 17, 18 or 19."));
    }

    private Optional<SourceConnection> api(YamlMap api, int version) {
        api.allow("url", "db", "user", "key", "companies");
        Optional<URI> url = api.required("url").flatMap(text -> url(api, text));
        Optional<String> database = api.required("db");
        Optional<String> user = api.required("user");
        Optional<SecretRef> key = api.secret("key");
        List<Integer> companies = api.texts("companies").stream()
                .flatMap(text -> company(api, text).stream())
                .toList();
        if (url.isEmpty() || database.isEmpty() || user.isEmpty() || key.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new SourceConnection.OdooApi(
                url.get(), database.get(), user.get(), key.get(), version, language, companies));
    }

    private static Optional<Integer> company(YamlMap api, String text) {
        return COMPANY.matcher(text).matches()
                ? Optional.of(Integer.valueOf(text))
                : api.invalid(
                        "companies", "'" + text + "' is not the id of a company.", "Write ids: companies: [1, 3].");
    }

    private static Optional<URI> url(YamlMap api, String text) {
        try {
            URI url = new URI(text);
            boolean local = "localhost".equals(url.getHost()) || "127.0.0.1".equals(url.getHost());
            boolean right = url.getHost() != null
                    && url.getUserInfo() == null
                    && url.getQuery() == null
                    && url.getFragment() == null
                    && (url.getPath().isEmpty() || url.getPath().equals("/"))
                    && ("https".equals(url.getScheme()) || local && "http".equals(url.getScheme()));
            if (right) {
                return Optional.of(url);
            }
        } catch (URISyntaxException e) {
            return noUrl(api);
        }
        return noUrl(api);
    }

    private static Optional<URI> noUrl(YamlMap api) {
        return api.invalid(
                "url",
                "'url' is not the address of an Odoo server.",
                "Write https://erp.example.com: encrypted, without user, path or query.");
    }
}
