/** One lake: its format, its tables and the ids of its updates. Start with {@link dev.tarn.engine.lake.Lake}. */
@NullMarked
package dev.tarn.engine.lake;

import org.jspecify.annotations.NullMarked;
