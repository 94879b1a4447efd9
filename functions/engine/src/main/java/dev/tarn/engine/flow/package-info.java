/**
 * Updates: from the sources a target has seen to the ones there are now, once each. Start with
 * {@link dev.tarn.engine.flow.Updates}.
 */
@NullMarked
package dev.tarn.engine.flow;

import org.jspecify.annotations.NullMarked;
