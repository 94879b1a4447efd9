/**
 * The words of Tarn: tables, flows, plans, expectations, commits and errors. Plain records without behaviour that needs
 * a library; start with {@link dev.tarn.model.Plan}.
 */
@NullMarked
package dev.tarn.model;

import org.jspecify.annotations.NullMarked;
