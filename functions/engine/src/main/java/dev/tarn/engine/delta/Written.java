package dev.tarn.engine.delta;

import io.delta.kernel.statistics.DataFileStatistics;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Files that were written into a table's folder and are not yet part of the table. */
public final class Written {

    private final List<NewFile> files;

    Written(List<NewFile> files) {
        this.files = List.copyOf(files);
    }

    /**
     * @param name in the table's folder
     * @param size in bytes
     * @param partitionValues by column; empty for an unpartitioned table
     */
    record NewFile(
            String name,
            long size,
            long modifiedMillis,
            Map<String, @Nullable String> partitionValues,
            DataFileStatistics statistics) {}

    List<NewFile> newFiles() {
        return files;
    }

    /** Number of rows. */
    public long rows() {
        return files.stream()
                .mapToLong(file -> file.statistics().getNumRecords())
                .sum();
    }

    /** Size of all files together, in bytes. */
    public long bytes() {
        return files.stream().mapToLong(NewFile::size).sum();
    }

    /** Number of files. */
    public int files() {
        return files.size();
    }
}
