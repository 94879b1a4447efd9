/** The statements of Lakeflow around a query: which table it fills, with which columns and expectations. */
@NullMarked
package dev.tarn.compiler.statement;

import org.jspecify.annotations.NullMarked;
