/** Memory and disk of one process, set together and checked at its start. */
@NullMarked
package dev.tarn.engine.budget;

import org.jspecify.annotations.NullMarked;
