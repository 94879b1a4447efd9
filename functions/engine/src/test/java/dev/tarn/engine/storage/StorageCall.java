package dev.tarn.engine.storage;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/**
 * One call of a {@link FaultyStorage}.
 *
 * @param number of the call among all calls of the storage, from 0
 * @param path of the file, of the folder that is listed or of the lease
 */
public record StorageCall(long number, Operation operation, String path) {

    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** What is called. */
    public enum Operation {
        LIST(true, false),
        FIND(true, false),
        READ(true, false),
        PUT(true, true),
        PUT_IF_ABSENT(true, true),
        PUT_FILE(true, true),
        DELETE(true, true),
        LEASE(true, false),
        RELEASE(true, false),
        LOCAL_FILE(false, false);

        private final boolean request;
        private final boolean change;

        Operation(boolean request, boolean change) {
            this.request = request;
            this.change = change;
        }

        /** Whether a storage that is elsewhere is asked for it. */
        public boolean isRequest() {
            return request;
        }

        /** Whether it changes the files of the lake. */
        public boolean isChange() {
            return change;
        }
    }

    public StorageCall {
        requireNonNull(operation, "operation");
        requireNonNull(path, "path");
    }

    /** The call without what differs from run to run. */
    @Override
    public String toString() {
        return operation + " " + ID.matcher(path).replaceAll("ID");
    }
}
