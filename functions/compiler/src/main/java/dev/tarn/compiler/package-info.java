/**
 * From a project (a folder of SQL and YAML) to a plan; start with {@link dev.tarn.compiler.Compiler}. Nothing here
 * opens a connection or a table: schemas come in as data.
 */
@NullMarked
package dev.tarn.compiler;

import org.jspecify.annotations.NullMarked;
