/**
 * What happened to every update: a record beside the lake's tables before the commit, later its events in the Delta
 * table {@code tarn.event_log}, in the form of Lakeflow's event log. Start with {@link dev.tarn.engine.event.EventLog}.
 */
@NullMarked
package dev.tarn.engine.event;

import org.jspecify.annotations.NullMarked;
