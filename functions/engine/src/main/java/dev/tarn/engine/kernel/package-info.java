/**
 * Delta Kernel's engine over {@link dev.tarn.engine.storage.Storage} and DuckDB, without Hadoop. Paths that Kernel sees
 * are storage paths with a leading {@code /}.
 */
@NullMarked
package dev.tarn.engine.kernel;

import org.jspecify.annotations.NullMarked;
