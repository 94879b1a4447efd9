package dev.tarn.connect.extract;

import static java.util.Objects.requireNonNull;

/**
 * Where a database stood when its snapshot was taken.
 *
 * @param system identifies the cluster since its initdb, copies of it included
 * @param database oid of the database in the cluster
 * @param timeline grows with every promotion and every restore to a point in time
 * @param horizon every transaction below it had ended; 64 bits
 * @param next the first transaction id that was not given yet; 64 bits
 * @param standby whether it follows another server, as of some time ago
 */
record SourceState(String system, long database, long timeline, long horizon, long next, boolean standby) {

    SourceState {
        requireNonNull(system, "system");
        if (horizon < 0 || next < horizon) {
            throw new IllegalArgumentException("the horizon " + horizon + " is not below the next id " + next);
        }
    }

    /** One text for cluster and database. */
    String id() {
        return system + "/" + database;
    }
}
