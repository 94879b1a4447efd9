@NullMarked
package dev.tarn.connect.inbox;

import org.jspecify.annotations.NullMarked;
