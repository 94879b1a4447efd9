package dev.tarn.connect.files;

/** Another writer came first; nothing was committed. */
final class OvertakenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    OvertakenException() {
        super("another writer came first", null, false, false);
    }
}
