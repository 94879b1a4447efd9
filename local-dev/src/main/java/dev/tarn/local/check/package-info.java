/** Tests of a project: given rows of bronze, and the rows that its tables shall have then. */
@NullMarked
package dev.tarn.local.check;

import org.jspecify.annotations.NullMarked;
