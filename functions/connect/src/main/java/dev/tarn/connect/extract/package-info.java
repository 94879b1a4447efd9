/** Databases as sources: every look reads what was committed since the look before it, in one snapshot. */
@NullMarked
package dev.tarn.connect.extract;

import org.jspecify.annotations.NullMarked;
