package dev.tarn.connect.odoo.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Conditions, in Odoo's own form. Each says something of the id: of attachments Odoo hides those that are fields of other
 * records from whoever does not ask for ids, and a record must not be there by one condition only. Moments are compared as half-open ranges of whole seconds only: Odoo 19 drops fractions
 * before it compares, its predecessors do not, and both answer such a range alike.
 */
final class Domains {

    static final String ID = "id";
    static final String WRITE_DATE = "write_date";

    private Domains() {}

    static ArrayNode idsAbove(long id) {
        return and(OdooCall.JSON.arrayNode(), ID, ">", id);
    }

    static ArrayNode none() {
        return and(OdooCall.JSON.arrayNode(), ID, "<", 0);
    }

    /** Records that were written by something that leaves no date. */
    static ArrayNode undated(long idAbove) {
        ArrayNode domain = idsAbove(idAbove);
        domain.addArray().add(WRITE_DATE).add("=").add(false);
        return domain;
    }

    static ArrayNode dated() {
        ArrayNode domain = idsAbove(0);
        domain.addArray().add(WRITE_DATE).add("!=").add(false);
        return domain;
    }

    /** Written in {@code [from, to)}; from the beginning when {@code from} is null. */
    static ArrayNode written(@Nullable Instant from, Instant to) {
        ArrayNode domain = idsAbove(0);
        if (from != null) {
            domain.addArray().add(WRITE_DATE).add(">=").add(ApiValues.text(from));
        }
        domain.addArray().add(WRITE_DATE).add("<").add(ApiValues.text(to));
        return domain;
    }

    static ArrayNode and(ArrayNode domain, String field, String operator, long value) {
        domain.addArray().add(field).add(operator).add(value);
        return domain;
    }
}
