/**
 * What of a project is made of what: tables, and columns of tables. Start with {@link dev.tarn.local.graph.TableGraph} and
 * {@link dev.tarn.local.graph.ColumnGraph}.
 */
@NullMarked
package dev.tarn.local.graph;

import org.jspecify.annotations.NullMarked;
