package dev.tarn.engine.delta;

import dev.tarn.engine.cache.LakeFile;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import java.util.Map;
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

    LakeFile stored() {
        return new LakeFile(file.path(), file.size());
    }
}
