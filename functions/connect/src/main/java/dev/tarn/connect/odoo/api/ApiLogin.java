package dev.tarn.connect.odoo.api;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TarnException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where an Odoo answers and who asks. Its text form leaves the key out.
 *
 * @param source name of the source in the project
 * @param position of the source in the project, or null
 * @param url of the server; https, unless the server is on this machine
 * @param secret where the key came from
 * @param key an API key of the user, or the password
 */
public record ApiLogin(
        String source,
        @Nullable SourcePosition position,
        URI url,
        String database,
        String user,
        SecretRef secret,
        String key) {

    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]|\\[0:0:0:0:0:0:0:1]");

    /**
     * Checks the address.
     *
     * @throws TarnException CONFIGURATION_INVALID for an address to which no key may be sent, SECRET_INVALID for an empty key
     */
    public ApiLogin {
        requireNonNull(source, "source");
        requireNonNull(database, "database");
        requireNonNull(user, "user");
        requireNonNull(secret, "secret");
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        String host = url.getHost() == null ? "" : url.getHost().toLowerCase(Locale.ROOT);
        if (host.isEmpty() || !scheme.equals("https") && !scheme.equals("http")) {
            throw invalid(source, position, "is not the address of a web server", "Write url: https://host.");
        }
        if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw invalid(
                    source,
                    position,
                    "holds more than a server and a path",
                    "Write url: " + scheme + "://" + host + ", and user and key where they belong.");
        }
        if (scheme.equals("http") && !LOOPBACK.matcher(host).matches()) {
            throw invalid(
                    source,
                    position,
                    "begins with http://, and the key would travel to " + host + " for everybody to read",
                    "Write url: https://" + host + "; http:// is for an Odoo on this machine.");
        }
        key = key.strip();
        if (key.isEmpty() || key.chars().anyMatch(Character::isISOControl)) {
            throw new TarnException(
                    ErrorCode.SECRET_INVALID,
                    "The secret " + secret.name()
                            + " is not a key or password of Odoo: it is empty or has a line break.",
                    "Set it to an API key of " + user + " (in Odoo: My Profile, Account Security, New API Key).");
        }
    }

    private static TarnException invalid(String source, @Nullable SourcePosition position, String what, String mend) {
        return new TarnException(
                List.of(new Problem(
                        ErrorCode.CONFIGURATION_INVALID,
                        position,
                        "Source " + source + ": its url " + what + ".",
                        mend)),
                null);
    }

    /** {@code https://erp.example.com}, without the path. */
    String server() {
        return url.getScheme() + "://" + url.getRawAuthority();
    }

    /** An address below the server's path. */
    URI at(String path) {
        String base = url.getRawPath() == null ? "" : url.getRawPath();
        while (base.endsWith("/")) {
            base = base.substring(0, base.length() - 1);
        }
        return URI.create(server() + base + path);
    }

    /** {@code Source odoo: }, as messages begin. */
    String prefix() {
        return "Source " + source + ": ";
    }

    /** {@code https://erp.example.com/odoo19}. */
    @Override
    public String toString() {
        return server() + "/" + database;
    }
}
