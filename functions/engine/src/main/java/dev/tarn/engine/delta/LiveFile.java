package dev.tarn.engine.delta;

import dev.tarn.engine.cache.LakeFile;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A data file as the log describes it.
 *
 * @param partitionValues by physical name of the column, in Delta's text form; empty for an unpartitioned table
 * @param deletionVector the rows that are deleted, null when none is
 */
record LiveFile(
        DataFile file,
        Map<String, @Nullable String> partitionValues,
        @Nullable DeletionVectorDescriptor deletionVector) {

    /** Files that are needed to read the rows, relative to the lake's root. */
    Stream<String> paths(TableLocation table) {
        Stream<String> vector = deletionVector == null
                ? Stream.empty()
                : DeletionVectors.path(deletionVector).stream().map(path -> table.path() + "/" + path);
        return Stream.concat(Stream.of(file.path()), vector);
    }

    /** The same file, as if no row of it were deleted. */
    LiveFile withAllRows() {
        return deletionVector == null ? this : new LiveFile(file, partitionValues, null);
    }

    LakeFile stored() {
        return new LakeFile(file.path(), file.size());
    }
}
