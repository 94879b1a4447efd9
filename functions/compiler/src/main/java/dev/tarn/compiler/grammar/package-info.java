/** Spark's own lexer and parser, and the few things that are read off their trees everywhere: names, texts, types. */
@NullMarked
package dev.tarn.compiler.grammar;

import org.jspecify.annotations.NullMarked;
