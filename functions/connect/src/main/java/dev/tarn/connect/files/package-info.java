/** How files that are dropped below {@code landing/} become rows of bronze, each once. */
@NullMarked
package dev.tarn.connect.files;

import org.jspecify.annotations.NullMarked;
