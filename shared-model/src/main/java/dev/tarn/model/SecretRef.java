package dev.tarn.model;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A secret by its name, {@code ${secret:odoo-url}} in a project's files. The value is never part of a plan. */
public record SecretRef(String name) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,126}");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{secret:([^}]*)}");

    public SecretRef {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name
                    + "' is not the name of a secret: lower-case letters, digits and -, beginning with a letter");
        }
    }

    /** Reads {@code ${secret:name}}; empty when the text is anything else. */
    public static Optional<SecretRef> tryParse(String text) {
        return Optional.of(REFERENCE.matcher(text.strip()))
                .filter(matcher ->
                        matcher.matches() && NAME.matcher(matcher.group(1)).matches())
                .map(matcher -> new SecretRef(matcher.group(1)));
    }

    /** The environment variable that holds the value on one machine: {@code TARN_SECRET_ODOO_URL}. */
    public String environmentVariable() {
        return "TARN_SECRET_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    @Override
    public String toString() {
        return "${secret:" + name + "}";
    }
}
