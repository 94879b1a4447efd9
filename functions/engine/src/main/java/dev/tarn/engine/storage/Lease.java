package dev.tarn.engine.storage;

/** The right to be the only one at something, until it is closed or its process dies. */
public interface Lease extends AutoCloseable {

    /** Gives the lease back. Closing twice is fine. */
    @Override
    void close();
}
