/** Whether events of the lake's files arrive: canaries that pass through all containers, and what was announced how often. */
@NullMarked
package dev.tarn.connect.event;

import org.jspecify.annotations.NullMarked;
