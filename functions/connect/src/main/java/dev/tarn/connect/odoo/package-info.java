/** What is particular to Odoo. */
@NullMarked
package dev.tarn.connect.odoo;

import org.jspecify.annotations.NullMarked;
