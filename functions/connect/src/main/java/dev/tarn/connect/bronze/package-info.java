/** How rows of any source become versions in a bronze table. */
@NullMarked
package dev.tarn.connect.bronze;

import org.jspecify.annotations.NullMarked;
