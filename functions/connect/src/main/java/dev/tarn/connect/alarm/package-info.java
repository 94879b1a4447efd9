/** Tells people what is wrong with a lake without their asking. Start with {@link dev.tarn.connect.alarm.Alarms}. */
@NullMarked
package dev.tarn.connect.alarm;

import org.jspecify.annotations.NullMarked;
