/**
 * Events that are sent to Tarn: {@link dev.tarn.connect.inbox.Inbox} keeps them durably and answers,
 * {@link dev.tarn.connect.inbox.Drain} brings them into bronze, each once.
 */
@NullMarked
package dev.tarn.connect.inbox;

import org.jspecify.annotations.NullMarked;
