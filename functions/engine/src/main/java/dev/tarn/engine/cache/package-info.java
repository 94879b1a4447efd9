/** Files of the lake as files of this machine, which is what DuckDB reads. */
@NullMarked
package dev.tarn.engine.cache;

import org.jspecify.annotations.NullMarked;
