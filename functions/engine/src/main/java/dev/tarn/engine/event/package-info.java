/**
 * What happened to every update: a record beside the lake's tables before the commit, later a row of the Delta table
 * {@code tarn.event_log}. Start with {@link dev.tarn.engine.event.EventLog}.
 */
@NullMarked
package dev.tarn.engine.event;

import org.jspecify.annotations.NullMarked;
