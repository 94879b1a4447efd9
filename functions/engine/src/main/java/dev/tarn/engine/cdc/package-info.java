/**
 * AUTO CDC: changes of rows by key, in whatever order and however often they come, make one table. What came before is kept
 * beside the target, in tables of Tarn's own; they are written first, and may be ahead of the target after a crash.
 */
@NullMarked
package dev.tarn.engine.cdc;

import org.jspecify.annotations.NullMarked;
