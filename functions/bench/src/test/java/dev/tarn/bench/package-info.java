/**
 * The reference pipeline (bronze Parquet of {@code account_move}, silver filter and cast, gold month by journal) run by
 * Tarn, by bare DuckDB and by Spark with Delta; and reading of one table, cold and warm. Start with
 * {@link dev.tarn.bench.Bench}.
 */
@NullMarked
package dev.tarn.bench;

import org.jspecify.annotations.NullMarked;
