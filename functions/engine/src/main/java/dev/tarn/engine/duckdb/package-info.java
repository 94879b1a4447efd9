/** DuckDB as the engine uses it: one instance per process, one session per piece of work. */
@NullMarked
package dev.tarn.engine.duckdb;

import org.jspecify.annotations.NullMarked;
