/** PostgreSQL: addresses, connections with refusals a user can act on, bulk reading, and publishing. */
@NullMarked
package dev.tarn.connect.postgres;

import org.jspecify.annotations.NullMarked;
