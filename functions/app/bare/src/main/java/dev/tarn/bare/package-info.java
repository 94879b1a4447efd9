/** A function that does no more than one blob: what the starts of Tarn's functions are compared with. */
@NullMarked
package dev.tarn.bare;

import org.jspecify.annotations.NullMarked;
