/**
 * Azurite, Microsoft's stand-in for Azure's storage: installed through npm once per machine, and ended with the process
 * that started it. Tests and {@code tarn up --storage azurite} run on it.
 */
@NullMarked
package dev.tarn.azurite;

import org.jspecify.annotations.NullMarked;
