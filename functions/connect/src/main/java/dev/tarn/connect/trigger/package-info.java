/**
 * What is done when something happens: a commit, a tick of a clock. Whoever hears of it, in the cloud or on one machine,
 * calls this and does nothing else. Every call may come late, twice, at once with others, or be missing.
 */
@NullMarked
package dev.tarn.connect.trigger;

import org.jspecify.annotations.NullMarked;
