/** What all doors of the lake share. Each kind of source or sink has a package below. */
@NullMarked
package dev.tarn.connect;

import org.jspecify.annotations.NullMarked;
