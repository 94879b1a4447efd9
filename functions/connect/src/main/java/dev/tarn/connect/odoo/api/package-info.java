/** Odoo's own API as a source, for where its database cannot be reached. */
@NullMarked
package dev.tarn.connect.odoo.api;

import org.jspecify.annotations.NullMarked;
