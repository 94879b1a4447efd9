/**
 * Delta tables: snapshots are read and tables created through Delta Kernel, data is written by DuckDB, and commits of
 * data are written here. The only package that uses Kernel's internal classes.
 */
@NullMarked
package dev.tarn.engine.delta;

import org.jspecify.annotations.NullMarked;
