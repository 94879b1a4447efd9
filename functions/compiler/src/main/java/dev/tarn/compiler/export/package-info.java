/** A project written down for another engine: the same tables, from the same bronze. */
@NullMarked
package dev.tarn.compiler.export;

import org.jspecify.annotations.NullMarked;
