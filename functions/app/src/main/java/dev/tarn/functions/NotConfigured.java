package dev.tarn.functions;

/** What doors say that no project can open yet. */
final class NotConfigured {

    static final String SQL =
            "not configured: this version of Tarn answers no SQL over HTTP. Query the tables with tarn table read, or with"
                    + " any reader of Delta tables.\n";

    private NotConfigured() {}
}
