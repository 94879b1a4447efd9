package dev.tarn.connect.postgres;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.SecretRef;
import dev.tarn.model.TarnException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Address of a PostgreSQL database with a login, {@code postgresql://user:password@host:port/database?sslmode=require}.
 * Its text form leaves the login out.
 *
 * @param secret where it came from
 * @param host name or address, an IPv6 address without its brackets
 * @param password null when the server asks for none
 * @param sslMode one of {@link #SSL_MODES}
 */
public record PostgresUrl(
        SecretRef secret,
        String host,
        int port,
        String database,
        String user,
        @Nullable String password,
        String sslMode) {

    /** What {@code sslmode} may be, with PostgreSQL's own meaning. */
    public static final Set<String> SSL_MODES =
            Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

    private static final int LONGEST = 4096;
    private static final int DEFAULT_PORT = 5432;
    private static final int HIGHEST_PORT = 65_535;

    public PostgresUrl {
        requireNonNull(secret, "secret");
        if (host.isEmpty() || database.isEmpty() || user.isEmpty()) {
            throw new IllegalArgumentException("an address has a host, a database and a user");
        }
        if (port < 1 || port > HIGHEST_PORT || !SSL_MODES.contains(sslMode)) {
            throw new IllegalArgumentException("not a port or not an sslmode: " + port + ", " + sslMode);
        }
    }

    /**
     * Reads the value of a secret. Nothing of the value appears in any message.
     *
     * @throws TarnException SECRET_INVALID
     */
    public static PostgresUrl parse(SecretRef secret, String value) {
        return new Parser(secret).parse(value.strip());
    }

    /** {@code host:port/database}. */
    @Override
    public String toString() {
        return server() + "/" + database;
    }

    /** {@code host:port}. */
    public String server() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    private static final class Parser {

        private final SecretRef secret;

        Parser(SecretRef secret) {
            this.secret = secret;
        }

        PostgresUrl parse(String value) {
            require(value.length() <= LONGEST, "it is longer than " + LONGEST + " characters");
            require(
                    value.chars().noneMatch(Character::isISOControl),
                    "it has a line break or another control character");
            int scheme = value.indexOf("://");
            String name = scheme < 0 ? "" : value.substring(0, scheme).toLowerCase(Locale.ROOT);
            require(name.equals("postgresql") || name.equals("postgres"), "it does not begin with postgresql://");
            String rest = value.substring(scheme + "://".length());
            int question = rest.indexOf('?');
            String place = question < 0 ? rest : rest.substring(0, question);
            String parameters = question < 0 ? "" : rest.substring(question + 1);
            int slash = place.indexOf('/');
            require(slash >= 0 && slash + 1 < place.length(), "it names no database");
            return parse(place.substring(0, slash), decode(place.substring(slash + 1)), sslMode(parameters));
        }

        private PostgresUrl parse(String authority, String database, String sslMode) {
            int at = authority.lastIndexOf('@');
            require(at > 0, "it names no user");
            String login = authority.substring(0, at);
            int colon = login.indexOf(':');
            String user = decode(colon < 0 ? login : login.substring(0, colon));
            require(!user.isEmpty(), "it names no user");
            String password = colon < 0 ? null : decode(login.substring(colon + 1));
            String place = authority.substring(at + 1);
            int portAt = place.lastIndexOf(':') > place.lastIndexOf(']') ? place.lastIndexOf(':') : place.length();
            String host = decode(place.substring(0, portAt));
            boolean bracketed = host.startsWith("[") && host.endsWith("]");
            String bare = bracketed ? host.substring(1, host.length() - 1) : host;
            require(!bare.isEmpty() && bare.matches("[\\p{Alnum}._:%-]+"), "it names no host");
            return new PostgresUrl(secret, bare, port(place.substring(portAt)), database, user, password, sslMode);
        }

        private int port(String afterHost) {
            if (afterHost.isEmpty()) {
                return DEFAULT_PORT;
            }
            String digits = afterHost.substring(1);
            boolean number = digits.matches("\\d{1,5}");
            int port = number ? Integer.parseInt(digits) : 0;
            require(port >= 1 && port <= HIGHEST_PORT, "its port is not a number from 1 to " + HIGHEST_PORT);
            return port;
        }

        private String sslMode(String parameters) {
            String mode = "prefer";
            for (String parameter : parameters.isEmpty() ? new String[0] : parameters.split("&")) {
                require(parameter.startsWith("sslmode="), "it has a parameter besides sslmode");
                mode = decode(parameter.substring("sslmode=".length()));
                require(SSL_MODES.contains(mode), "its sslmode is not one that PostgreSQL has");
            }
            return mode;
        }

        /** Percent-decoding of UTF-8; unlike in a form, a plus stays a plus. */
        private String decode(String text) {
            byte[] utf8 = new byte[text.length() * 4];
            int length = 0;
            for (int i = 0; i < text.length(); ) {
                if (text.charAt(i) == '%') {
                    String hex = text.substring(i + 1, Math.min(i + 3, text.length()));
                    require(hex.matches("\\p{XDigit}{2}"), "a % in it is not followed by two hexadecimal digits");
                    utf8[length++] = (byte) Integer.parseInt(hex, 16);
                    i += 3;
                } else {
                    int end = text.offsetByCodePoints(i, 1);
                    byte[] letter = text.substring(i, end).getBytes(StandardCharsets.UTF_8);
                    System.arraycopy(letter, 0, utf8, length, letter.length);
                    length += letter.length;
                    i = end;
                }
            }
            return new String(utf8, 0, length, StandardCharsets.UTF_8);
        }

        private void require(boolean right, String otherwise) {
            if (!right) {
                throw new TarnException(
                        ErrorCode.SECRET_INVALID,
                        "The secret " + secret.name() + " is not the address of a PostgreSQL database: " + otherwise
                                + ".",
                        "Set it to postgresql://user:password@host:port/database; a special character in user or password"
                                + " is written as % and two hexadecimal digits, @ as %40.");
            }
        }
    }
}
