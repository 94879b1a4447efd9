/** The stored form of plans and where a lake keeps them. Start with {@link dev.tarn.engine.plan.PlanStore}. */
@NullMarked
package dev.tarn.engine.plan;

import org.jspecify.annotations.NullMarked;
