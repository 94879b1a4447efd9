package dev.tarn.connect.odoo.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call of a method of a model.
 *
 * @param first what JSON-RPC passes by place, or null: the name of a domain changed between versions
 * @param firstName what JSON-2 calls it
 * @param named everything else
 */
record OdooCall(String model, String method, @Nullable ArrayNode first, String firstName, ObjectNode named) {

    static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    OdooCall {
        requireNonNull(model, "model");
        requireNonNull(method, "method");
        requireNonNull(named, "named");
    }

    static OdooCall of(String model, String method) {
        return new OdooCall(model, method, null, "", JSON.objectNode());
    }

    static OdooCall over(String model, String method, ArrayNode domain) {
        return new OdooCall(model, method, domain, "domain", JSON.objectNode());
    }

    static OdooCall on(String model, String method, long id) {
        return on(model, method, List.of(id));
    }

    static OdooCall on(String model, String method, List<Long> ids) {
        ArrayNode array = JSON.arrayNode();
        ids.forEach(array::add);
        return new OdooCall(model, method, array, "ids", JSON.objectNode());
    }

    /** Of no record, where a method wants some. */
    static OdooCall onNone(String model, String method) {
        return new OdooCall(model, method, JSON.arrayNode(), "ids", JSON.objectNode());
    }

    /** {@code search_read of account.move}, as messages call it. */
    @Override
    public String toString() {
        return method + " of " + model;
    }
}
