/**
 * Tarn on Azure Functions: one thin class per trigger, which translates the trigger into a call of the engine and the
 * outcome into the trigger's answer.
 */
@NullMarked
package dev.tarn.functions;

import org.jspecify.annotations.NullMarked;
