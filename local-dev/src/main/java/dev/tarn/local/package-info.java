/**
 * Tarn on one machine: the command line starts in {@link dev.tarn.local.Tarn}.
 */
@NullMarked
package dev.tarn.local;

import org.jspecify.annotations.NullMarked;
