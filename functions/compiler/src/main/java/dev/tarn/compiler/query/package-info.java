/**
 * Spark's queries and conditions, translated to DuckDB with Spark's meaning: names are resolved, every expression has
 * its Spark type, and what is not on the list of known constructs is refused. Start with
 * {@link dev.tarn.compiler.query.QueryBinder}.
 */
@NullMarked
package dev.tarn.compiler.query;

import org.jspecify.annotations.NullMarked;
