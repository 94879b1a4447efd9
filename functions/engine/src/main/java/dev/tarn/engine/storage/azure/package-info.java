/**
 * A lake in a storage account of Azure, over the JDK's HTTP client. Nothing else in Tarn sees Azure's storage library.
 */
@NullMarked
package dev.tarn.engine.storage.azure;

import org.jspecify.annotations.NullMarked;
