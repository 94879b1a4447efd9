package dev.tarn.connect.odoo.api;

import dev.tarn.model.TarnException;

/** A page was too much for the server or for this process; a smaller one may do. */
final class TooMuchException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient TarnException refusal;

    /** @param refusal what to say when the page cannot get smaller */
    TooMuchException(TarnException refusal) {
        super(refusal.getMessage());
        this.refusal = refusal;
    }

    TarnException refusal() {
        return refusal;
    }
}
