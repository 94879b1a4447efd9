package dev.tarn.bench;

import java.nio.file.Path;
import java.sql.SQLException;

/** One way to run the reference pipeline. */
interface Peer extends AutoCloseable {

    /**
     * Computes silver and gold from bronze.
     *
     * @param bronze the Parquet file of {@code account_move}
     * @param target an empty folder for what is written
     * @return rows of silver and of gold
     */
    Result run(Path bronze, Path target) throws Exception;

    @Override
    void close() throws SQLException;

    /** Proves that the peers did the same work. */
    record Result(long silverRows, long goldRows, String total) {}
}
