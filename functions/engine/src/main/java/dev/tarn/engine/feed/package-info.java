/** Rows from outside, handed to DuckDB column by column. Connectors implement it; sessions consume it. */
@NullMarked
package dev.tarn.engine.feed;

import org.jspecify.annotations.NullMarked;
