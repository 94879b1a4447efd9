/**
 * The commands and how they speak: options, tables, JSON lines, problems and exit codes.
 */
@NullMarked
package dev.tarn.local.cli;

import org.jspecify.annotations.NullMarked;
