/**
 * The folder of the user: where a project is found, its secrets, and the sample to begin with.
 */
@NullMarked
package dev.tarn.local.project;

import org.jspecify.annotations.NullMarked;
