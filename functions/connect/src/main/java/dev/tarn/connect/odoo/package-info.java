/** Odoo's database as a source: every look reads what was committed since the look before it, in one snapshot. */
@NullMarked
package dev.tarn.connect.odoo;

import org.jspecify.annotations.NullMarked;
