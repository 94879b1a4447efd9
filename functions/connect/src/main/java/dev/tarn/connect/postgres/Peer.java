package dev.tarn.connect.postgres;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.ErrorCode;

/**
 * The database at the other end, as messages call it.
 *
 * @param name of the source or sink in the project
 * @param unreachable code for a database that cannot be reached
 * @param loginRefused code for a login that is not let in
 * @param readOnly whether Tarn only reads there
 */
public record Peer(String kind, String name, ErrorCode unreachable, ErrorCode loginRefused, boolean readOnly) {

    public Peer {
        requireNonNull(kind, "kind");
        requireNonNull(name, "name");
        requireNonNull(unreachable, "unreachable");
        requireNonNull(loginRefused, "loginRefused");
    }

    /** A database that is read and never changed. */
    public static Peer source(String name) {
        return new Peer("Source", name, ErrorCode.SOURCE_UNREACHABLE, ErrorCode.SOURCE_LOGIN_REFUSED, true);
    }

    /** A database that is written. */
    public static Peer sink(String name) {
        return new Peer("Sink", name, ErrorCode.SINK_UNREACHABLE, ErrorCode.SINK_LOGIN_REFUSED, false);
    }

    /** {@code Source odoo}. */
    @Override
    public String toString() {
        return kind + " " + name;
    }
}
