package dev.tarn.engine.delta;

import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a file that a commit changed.
 *
 * @param file whose deletion vector hides rows that are not meant; its rows are not counted
 * @param only hides the rows that are meant, null when all are
 * @param type what became of the rows, null where the file itself says so of each
 * @param millis when the commit was made, since 1970 in UTC
 */
record FileChange(
        LiveFile file, @Nullable DeletionVectorDescriptor only, @Nullable String type, long version, long millis) {}
