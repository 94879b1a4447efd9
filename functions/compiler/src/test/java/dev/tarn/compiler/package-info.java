/** Tests of the compiler against projects in temporary folders. */
@NullMarked
package dev.tarn.compiler;

import org.jspecify.annotations.NullMarked;
