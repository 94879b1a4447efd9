package dev.tarn.engine.delta;

import io.delta.kernel.internal.actions.AddFile;
import java.util.Map;
import java.util.Optional;

/**
 * Which rows of a table a plan has read, and so relies on. Rows that another writer adds within the scope make the plan
 * wrong; those outside do not matter.
 */
final class ReadScope {

    /** None: an append, or a change that only rearranges the files it removes. */
    static final ReadScope NOTHING = new ReadScope(false, Map.of());

    /** All rows, those that other writers remove, too. */
    static final ReadScope WHOLE_TABLE = new ReadScope(true, Map.of());

    private final boolean reads;
    private final Map<String, ColumnRange> ranges;

    private ReadScope(boolean reads, Map<String, ColumnRange> ranges) {
        this.reads = reads;
        this.ranges = ranges;
    }

    /** The rows that are within every range; by top-level column. */
    static ReadScope within(Map<String, ColumnRange> ranges) {
        return ranges.isEmpty() ? WHOLE_TABLE : new ReadScope(true, Map.copyOf(ranges));
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
