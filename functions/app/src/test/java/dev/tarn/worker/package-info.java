/**
 * Azure's Java worker as far as a build can have it: a process of its own that loads the packaged app as the worker does.
 * Its class files go alone on the class path of that process, so they use the JDK and the worker's own libraries only.
 */
@NullMarked
package dev.tarn.worker;

import org.jspecify.annotations.NullMarked;
