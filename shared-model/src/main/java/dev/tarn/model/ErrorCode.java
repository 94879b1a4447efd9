package dev.tarn.model;

/**
 * Catalogue of what can go wrong. Names are a contract: alerts and scripts match on them, so one is added, never renamed
 * or removed.
 */
public enum ErrorCode {
    /** A command line that cannot be understood. */
    USAGE(400, Exit.USAGE, Retry.NO),
    /** A file of the project, or a setting, that says something impossible. */
    CONFIGURATION_INVALID(422, Exit.USAGE, Retry.NO),
    PROJECT_NOT_FOUND(404, Exit.USAGE, Retry.NO),
    SQL_SYNTAX(422, Exit.USAGE, Retry.NO),
    /** SQL that Spark would run and for which Tarn does not yet ensure Spark's answer. */
    SQL_UNSUPPORTED(422, Exit.USAGE, Retry.NO),
    COLUMN_NOT_FOUND(422, Exit.USAGE, Retry.NO),
    TABLE_NOT_FOUND(422, Exit.USAGE, Retry.NO),
    TYPE_MISMATCH(422, Exit.USAGE, Retry.NO),
    FLOWS_CYCLIC(422, Exit.USAGE, Retry.NO),
    TABLE_CLAIMED_TWICE(422, Exit.USAGE, Retry.NO),
    SECRET_MISSING(422, Exit.USAGE, Retry.NO),
    SECRET_INVALID(422, Exit.USAGE, Retry.NO),
    SOURCE_UNREACHABLE(503, Exit.FAILED, Retry.LATER),
    SOURCE_LOGIN_REFUSED(401, Exit.USAGE, Retry.NO),
    /** A source that is there and cannot be read right now: locked tables, a statement cancelled, too many requests. */
    SOURCE_BUSY(503, Exit.FAILED, Retry.LATER),
    /** A source that met an error of its own. */
    SOURCE_FAILED(502, Exit.FAILED, Retry.LATER),
    SOURCE_NOT_ODOO(422, Exit.USAGE, Retry.NO),
    SOURCE_TABLE_MISSING(422, Exit.USAGE, Retry.NO),
    /** A source whose past is not the one that was read: restored, cloned or rolled back. */
    SOURCE_RECREATED(409, Exit.FAILED, Retry.NO),
    /** So many rows are gone from a source that somebody has to say it is meant. */
    DELETES_HELD(409, Exit.FAILED, Retry.NO),
    /** A column of a source or a table changed in a way that needs a decision. */
    SCHEMA_CHANGED(409, Exit.FAILED, Retry.NO),
    SINK_UNREACHABLE(503, Exit.FAILED, Retry.LATER),
    SINK_LOGIN_REFUSED(401, Exit.USAGE, Retry.NO),
    SINK_TABLE_MISSING(422, Exit.USAGE, Retry.NO),
    SINK_REFUSED_ROWS(409, Exit.FAILED, Retry.NO),
    LAKE_NOT_WRITABLE(403, Exit.USAGE, Retry.NO),
    /** The storage account of the lake does not accept who asks, or grants too little. */
    LAKE_ACCESS_REFUSED(403, Exit.USAGE, Retry.NO),
    LAKE_FORMAT_NEWER(409, Exit.USAGE, Retry.NO),
    LAKE_IN_USE(409, Exit.FAILED, Retry.LATER),
    /** Something outside Tarn changed what Tarn alone may change, or a file of the lake cannot be read. */
    LAKE_DAMAGED(500, Exit.FAILED, Retry.NO),
    /** The storage of the lake does not answer, or has too much to do. */
    STORAGE_UNAVAILABLE(503, Exit.FAILED, Retry.LATER),
    PORT_TAKEN(409, Exit.USAGE, Retry.NO),
    MEMORY_TOO_SMALL(507, Exit.USAGE, Retry.NO),
    DISK_TOO_SMALL(507, Exit.USAGE, Retry.NO),
    EXPECTATION_FAILED(422, Exit.FAILED, Retry.NO),
    /** An expectation keeps changes of rows from a table that follows them. */
    CHANGES_HELD_BACK(422, Exit.USAGE, Retry.NO),
    /** The query of a flow failed on the data it met. */
    UPDATE_FAILED(500, Exit.FAILED, Retry.NO),
    /** A table that must not be made anew from its sources, or cannot be. */
    REFRESH_REFUSED(409, Exit.USAGE, Retry.NO),
    /** Rows that were kept aside cannot be brought back one by one. */
    REPLAY_REFUSED(409, Exit.USAGE, Retry.NO),
    /** Another writer committed first and this work no longer fits: running again is right. */
    COMMIT_CONFLICT(409, Exit.FAILED, Retry.LATER),
    /** Rows cannot be merged by their keys: one is missing, occurs twice or is of a type that no key can be. */
    MERGE_KEYS_INVALID(422, Exit.FAILED, Retry.NO),
    /** Changes for AUTO CDC of which the row, or the order, cannot be told. */
    CHANGES_INVALID(422, Exit.FAILED, Retry.NO),
    /** Rows that are to replace a part of a table do not belong to that part. */
    ROWS_OUTSIDE(422, Exit.FAILED, Retry.NO),
    /** A table uses a feature of Delta that Tarn does not write. */
    TABLE_FEATURE_UNSUPPORTED(409, Exit.FAILED, Retry.NO),
    /** A streaming read meets rows of its source that were updated, deleted or are gone. */
    STREAM_BROKEN(409, Exit.FAILED, Retry.NO),
    /** Files would be deleted sooner than the table promises to whoever is behind. */
    RETENTION_TOO_SHORT(422, Exit.USAGE, Retry.NO),
    /** The clock of this machine and those of the lake differ, so how old something is cannot be told. */
    CLOCK_SKEWED(409, Exit.FAILED, Retry.NO),
    /** What versions of a table changed was not kept, or is gone. */
    CHANGES_UNAVAILABLE(409, Exit.FAILED, Retry.NO),
    BUILD_TOOL_MISSING(500, Exit.USAGE, Retry.NO),
    BUILD_FAILED(500, Exit.FAILED, Retry.NO),
    /** Reading a table failed on the rows it met. */
    QUERY_FAILED(500, Exit.FAILED, Retry.NO),
    /** An event was sent to an endpoint that the project does not have. */
    WEBHOOK_UNKNOWN(404, Exit.FAILED, Retry.NO),
    /** An event that comes from where the endpoint takes none. */
    WEBHOOK_FORBIDDEN(403, Exit.FAILED, Retry.NO),
    /** An event whose sender is not known; it is not said by what. */
    WEBHOOK_UNAUTHORIZED(401, Exit.FAILED, Retry.NO),
    WEBHOOK_TOO_LARGE(413, Exit.FAILED, Retry.NO),
    /** An event in a form that is not read. */
    WEBHOOK_TYPE_UNSUPPORTED(415, Exit.FAILED, Retry.NO),
    /** An event that is not what its form promises. */
    WEBHOOK_INVALID(422, Exit.FAILED, Retry.NO),
    /** An event with the id of an earlier one and other content, where the project refuses that. */
    WEBHOOK_CONFLICT(409, Exit.FAILED, Retry.NO),
    WEBHOOK_TOO_OFTEN(429, Exit.FAILED, Retry.LATER),
    /** Events cannot be kept right now. */
    INBOX_BUSY(503, Exit.FAILED, Retry.LATER),
    /** A message of the queue of units that names no work of the plan. */
    UNIT_INVALID(422, Exit.FAILED, Retry.NO),
    /** Work that was begun again and again, and of which nobody told how it ended. */
    UNIT_UNFINISHED(500, Exit.FAILED, Retry.NO),
    /** The file into which a command is to write its answer cannot be written. */
    OUTPUT_NOT_WRITABLE(403, Exit.USAGE, Retry.NO),
    /** Updates of the plan that is to be deployed would be refused. */
    DEPLOY_REFUSED(409, Exit.USAGE, Retry.NO),
    /** Somebody else deployed to the lake meanwhile. */
    DEPLOY_CONFLICT(409, Exit.FAILED, Retry.LATER),
    /** The plan is deployed, and the app does not say that it runs it. */
    DEPLOY_NOT_TAKEN(504, Exit.FAILED, Retry.LATER);

    /** Exit codes of the command line, besides 0 for done. */
    public static final class Exit {
        public static final int FAILED = 1;
        /** Bad usage or configuration. */
        public static final int USAGE = 2;
        /** Differences found, where a command looks for them. */
        public static final int DIFFERENCES = 3;

        private Exit() {}
    }

    /** Whether the same call may succeed later without anybody's doing. */
    public enum Retry {
        NO,
        LATER
    }

    private final int httpStatus;
    private final int exitCode;
    private final Retry retry;

    ErrorCode(int httpStatus, int exitCode, Retry retry) {
        this.httpStatus = httpStatus;
        this.exitCode = exitCode;
        this.retry = retry;
    }

    public int httpStatus() {
        return httpStatus;
    }

    public int exitCode() {
        return exitCode;
    }

    public Retry retry() {
        return retry;
    }
}
