/**
 * What the lake looks like now: for {@code tarn status} and the page in the browser.
 */
@NullMarked
package dev.tarn.local.page;

import org.jspecify.annotations.NullMarked;
