package dev.tarn.engine.delta;

import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StoredFile;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which versions the files of a log can give, by their names. */
final class LogVersions {

    private static final Pattern COMMIT = Pattern.compile("(\\d{20})\\.json");
    private static final Pattern CHECKPOINT =
            Pattern.compile("(\\d{20})\\.checkpoint\\.(?:\\d{10}\\.(\\d{10})\\.)?(?:[0-9a-f-]+\\.)?(?:parquet|json)");

    private final TreeSet<Long> commits = new TreeSet<>();
    private final TreeSet<Long> checkpoints = new TreeSet<>();

    private LogVersions(List<StoredFile> files) {
        Map<Long, Integer> parts = new HashMap<>();
        for (StoredFile file : files) {
            Matcher commit = COMMIT.matcher(file.name());
            Matcher checkpoint = CHECKPOINT.matcher(file.name());
            if (commit.matches()) {
                commits.add(Long.parseLong(commit.group(1)));
            } else if (checkpoint.matches()) {
                long version = Long.parseLong(checkpoint.group(1));
                int found = parts.merge(version, 1, Integer::sum);
                if (checkpoint.group(2) == null || found == Integer.parseInt(checkpoint.group(2))) {
                    checkpoints.add(version);
                }
            }
        }
    }

    private LogVersions(LogVersions all, long newest) {
        commits.addAll(all.commits.headSet(newest, true));
        checkpoints.addAll(all.checkpoints.headSet(newest, true));
    }

    static LogVersions of(Storage storage, String folder) throws IOException {
        return new LogVersions(storage.list(folder, "0"));
    }

    /** Those up to {@code newest}. */
    LogVersions upTo(long newest) {
        return new LogVersions(this, newest);
    }

    /** The newest version; -1 when there is none. */
    long newest() {
        return commits.isEmpty() ? -1 : commits.last();
    }

    /** First of the commits that come one after the other up to the newest. */
    private long first() {
        long first = newest();
        while (commits.contains(first - 1)) {
            first--;
        }
        return first;
    }

    /** The oldest version that can be read, as all later ones can; empty when not even the newest can. */
    OptionalLong oldest() {
        long first = first();
        Long checkpoint = checkpoints.ceiling(first);
        if (first == 0) {
            return OptionalLong.of(0);
        }
        return first < 0 || checkpoint == null ? OptionalLong.empty() : OptionalLong.of(checkpoint);
    }

    /** The last commit that is missing before the newest; empty when the newest version can be read all the same. */
    OptionalLong missing() {
        return oldest().isPresent() || commits.isEmpty() ? OptionalLong.empty() : OptionalLong.of(first() - 1);
    }

    /** The versions that can be read, for a sentence; empty text when there are none. */
    String range() {
        OptionalLong oldest = oldest();
        if (oldest.isEmpty()) {
            return "";
        }
        return oldest.getAsLong() == newest()
                ? "version " + newest()
                : "versions " + oldest.getAsLong() + " to " + newest();
    }
}
