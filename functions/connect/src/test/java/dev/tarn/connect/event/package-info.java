@NullMarked
package dev.tarn.connect.event;

import org.jspecify.annotations.NullMarked;
