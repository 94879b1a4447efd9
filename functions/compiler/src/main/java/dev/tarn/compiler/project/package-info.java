/** The files of a project: found, read and checked, each problem with its place. */
@NullMarked
package dev.tarn.compiler.project;

import org.jspecify.annotations.NullMarked;
