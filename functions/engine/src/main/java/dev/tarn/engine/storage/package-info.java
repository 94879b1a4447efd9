/**
 * Where a lake's files are. {@link dev.tarn.engine.storage.Storage} is the port; every implementation passes one
 * contract test.
 */
@NullMarked
package dev.tarn.engine.storage;

import org.jspecify.annotations.NullMarked;
