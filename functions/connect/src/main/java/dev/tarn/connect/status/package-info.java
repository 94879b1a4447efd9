/** How a lake stands, for people and for programs. */
@NullMarked
package dev.tarn.connect.status;

import org.jspecify.annotations.NullMarked;
