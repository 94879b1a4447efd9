package dev.tarn.connect.odoo.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A field of a model, as {@code fields_get} tells it.
 *
 * @param type Odoo's word
 * @param stored whether it is kept; the database has a column then, except for lists of ids
 * @param ofCompany whether every company has a value of its own
 * @param translated whether every language has a text of its own
 * @param digits whether it is kept as a decimal; other floats are binary
 */
record ApiField(String name, String type, boolean stored, boolean ofCompany, boolean translated, boolean digits) {

    ApiField {
        requireNonNull(name, "name");
        requireNonNull(type, "type");
    }

    static ApiField parse(String name, JsonNode description) {
        return new ApiField(
                name,
                description.path("type").asText(),
                description.path("store").asBoolean(true),
                description.path("company_dependent").asBoolean(),
                // The name of a translating function, or true.
                description.path("translate").isTextual()
                        || description.path("translate").asBoolean(),
                description.has("digits") || description.path("type").asText().equals("monetary"));
    }
}
