package dev.tarn.functions;

/** What doors say that no project can open yet. */
final class NotConfigured {

    static final String FILES =
            "not configured: this version of Tarn reads no files. The file stays where it is; use a source of the kinds odoo"
                    + " or postgres, or wait for a version whose projects have sources of files.\n";

    static final String SQL =
            "not configured: this version of Tarn answers no SQL over HTTP. Query the tables with tarn table read, or with"
                    + " any reader of Delta tables.\n";

    private NotConfigured() {}
}
