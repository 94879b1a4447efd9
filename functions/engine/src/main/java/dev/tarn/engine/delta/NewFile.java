package dev.tarn.engine.delta;

import io.delta.kernel.statistics.DataFileStatistics;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Parquet file that was written into a table's folder.
 *
 * @param path relative to the table's folder
 * @param size in bytes
 * @param partitionValues by column; empty for an unpartitioned table
 */
record NewFile(
        String path,
        long size,
        long modifiedMillis,
        Map<String, @Nullable String> partitionValues,
        DataFileStatistics statistics) {

    long records() {
        return statistics.getNumRecords();
    }
}
