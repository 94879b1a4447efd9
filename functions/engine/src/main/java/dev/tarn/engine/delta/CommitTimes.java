package dev.tarn.engine.delta;

import io.delta.kernel.internal.util.FileNames;
import io.delta.kernel.utils.FileStatus;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The commits of a log that are there, and when they were made by the clock of the storage. As Spark has it: a commit that
 * seems to be no later than the one before it was made a millisecond after that.
 */
final class CommitTimes {

    /** How far back Spark looks for a commit that seems to be later than those after it. */
    private static final long LOOKS_BACK = 100;

    private final NavigableMap<Long, Long> millis = new TreeMap<>();

    /** @param files of the log, in their order */
    private CommitTimes(List<FileStatus> files) {
        long last = Long.MIN_VALUE;
        for (FileStatus file : files) {
            if (FileNames.isPublishedDeltaFile(file.getPath())) {
                last = Math.max(last + 1, file.getModificationTime());
                millis.put(FileNames.deltaVersion(file.getPath()), last);
            }
        }
    }

    /** Of the commits from {@code version} on, and some before. */
    static CommitTimes from(TableLog log, long version) {
        return new CommitTimes(log.files(Math.max(0, version - LOOKS_BACK)));
    }

    boolean has(long version) {
        return millis.containsKey(version);
    }

    long millis(long version) {
        return millis.get(version);
    }

    /** The first version from which on no commit is missing up to {@code last}; after {@code last} when that is. */
    long firstOfAllUpTo(long last) {
        long first = last + 1;
        while (has(first - 1)) {
            first--;
        }
        return first;
    }
}
