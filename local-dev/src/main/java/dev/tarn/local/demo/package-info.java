/** Real PostgreSQL databases, made up and filled on this machine, that play Odoo and Supabase. */
@NullMarked
package dev.tarn.local.demo;

import org.jspecify.annotations.NullMarked;
