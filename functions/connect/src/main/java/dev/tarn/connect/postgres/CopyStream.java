package dev.tarn.connect.postgres;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** The rows of one binary COPY, shared by the threads that decode them. */
final class CopyStream {

    /** Signature, flags, and the length of an extension that follows. */
    private static final int HEADER = 19;

    private static final int EXTENSION_LENGTH_AT = 15;
    private static final int FIELD_COUNT = 2;

    private final CopyOut copy;
    private final int columns;
    private final ReadingPace pace;
    private final Lock lock = new ReentrantLock();
    private byte @Nullable [] waiting;
    private @Nullable Exception failure;
    private boolean headerSeen;
    private boolean ended;

    private CopyStream(CopyOut copy, int columns, ReadingPace pace) {
        this.copy = copy;
        this.columns = columns;
        this.pace = pace;
    }

    /** Starts the COPY of a query with that many columns and waits for its first row. */
    static CopyStream open(Connection connection, String query, int columns, ReadingPace pace)
            throws SQLException, IOException {
        CopyOut copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY (" + query + ") TO STDOUT (FORMAT binary)");
        CopyStream stream = new CopyStream(copy, columns, pace);
        stream.waiting = stream.next();
        return stream;
    }

    /** Whether there is no row at all. */
    boolean isEmpty() {
        return waiting == null && ended;
    }

    /**
     * Takes up to {@code rows.length} rows; {@code starts[i]} is where the first field of row {@code i} begins. 0 at the
     * end.
     */
    int take(byte[][] rows, int[] starts) throws SQLException, IOException {
        lock.lock();
        try {
            int taken = takeLocked(rows, starts);
            pace.took(rows, taken);
            return taken;
        } catch (SQLException | IOException e) {
            fail(e);
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private int takeLocked(byte[][] rows, int[] starts) throws SQLException, IOException {
        int taken = 0;
        while (taken < rows.length && failure == null) {
            byte[] row = waiting == null ? next() : waiting;
            waiting = null;
            if (row == null) {
                break;
            }
            rows[taken] = row;
            starts[taken++] = start(row) + FIELD_COUNT;
        }
        return taken;
    }

    /** Ends the rows. What other threads meet after the first failure is only its consequence. */
    void fail(Exception e) {
        lock.lock();
        try {
            failure = failure == null ? e : failure;
        } finally {
            lock.unlock();
        }
    }

    /** Why the rows broke off, if they did. */
    Optional<Exception> failure() {
        lock.lock();
        try {
            return Optional.ofNullable(failure);
        } finally {
            lock.unlock();
        }
    }

    /** The next message that holds a row, null at the end. */
    private byte @Nullable [] next() throws SQLException, IOException {
        while (!ended) {
            byte[] message = copy.readFromCopy();
            if (message == null) {
                ended = true;
                return null;
            }
            int start = start(message);
            headerSeen = true;
            if (start == message.length) {
                continue;
            }
            int fields = Wire.int2(message, start);
            if (fields >= 0 && fields != columns) {
                throw new IOException("a row of " + columns + " columns came with " + fields);
            }
            if (fields >= 0) {
                return message;
            }
        }
        return null;
    }

    /** The header comes in one message with the first row. */
    private int start(byte[] message) throws IOException {
        boolean header = message.length >= HEADER
                && message[0] == 'P'
                && message[1] == 'G'
                && message[2] == 'C'
                && message[3] == 'O'
                && message[4] == 'P'
                && message[5] == 'Y'
                && message[6] == '\n';
        if (!header && !headerSeen) {
            throw new IOException("the server does not send PostgreSQL's binary form");
        }
        return header ? HEADER + Wire.int4(message, EXTENSION_LENGTH_AT) : 0;
    }
}
