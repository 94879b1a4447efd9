/**
 * A whole lake in one process: looks at Odoo, sees commits, runs the flows they wake and publishes gold.
 */
@NullMarked
package dev.tarn.local.run;

import org.jspecify.annotations.NullMarked;
