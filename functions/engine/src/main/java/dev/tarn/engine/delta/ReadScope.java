package dev.tarn.engine.delta;

import io.delta.kernel.internal.actions.AddFile;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which rows of a table a plan has read, and so relies on. Rows that another writer adds within the scope make the plan
 * wrong; those outside do not matter.
 */
final class ReadScope {

    /** None: an append, or a change that only rearranges the files it removes. */
    static final ReadScope NOTHING = new ReadScope(false, Map.of(), Set.of());

    /** All rows, those that other writers remove, too. */
    static final ReadScope WHOLE_TABLE = new ReadScope(true, Map.of(), Set.of());

    private final boolean reads;
    private final Map<String, ColumnRange> ranges;
    private final Set<String> files;

    private ReadScope(boolean reads, Map<String, ColumnRange> ranges, Set<String> files) {
        this.reads = reads;
        this.ranges = ranges;
        this.files = files;
    }

    /** The rows that are within every range; by top-level column. */
    static ReadScope within(Map<String, ColumnRange> ranges) {
        return ranges.isEmpty() ? WHOLE_TABLE : new ReadScope(true, Map.copyOf(ranges), Set.of());
    }

    /**
     * This scope, relying on rows in the files, too: they were found and are left as they are, so that whoever takes them
     * away makes the plan wrong.
     *
     * @param paths as the log has them
     */
    ReadScope and(Set<String> paths) {
        return new ReadScope(reads, ranges, Set.copyOf(paths));
    }

    /** Whether rows of that file must stay. */
    boolean reliesOn(String path) {
        return files.contains(path);
    }

    boolean isWholeTable() {
        return reads && ranges.isEmpty();
    }

    /** Whether the file can hold a row of the scope. */
    boolean meets(AddFile file) {
        if (!reads) {
            return false;
        }
        if (ranges.isEmpty()) {
            return true;
        }
        FileBounds bounds = FileBounds.of(file);
        return ranges.entrySet().stream().allMatch(range -> {
            Optional<ColumnRange> found =
                    bounds.range(range.getKey(), range.getValue().values());
            return found.isEmpty() || found.get().meets(range.getValue());
        });
    }
}
