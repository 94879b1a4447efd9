package dev.tarn.connect.inbox;

/** Ends the work on a request with its answer. */
final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Receipt.Refused refusal;

    RefusedException(Receipt.Refused refusal) {
        super(refusal.problem().toString());
        this.refusal = refusal;
    }

    Receipt.Refused refusal() {
        return refusal;
    }
}
