/**
 * The functions of the Azure app for those who run containers: the same objects, reached by requests and by CloudEvents. What
 * stands here translates, as the classes of the app do; nothing of what a function does is written anew.
 */
@NullMarked
package dev.tarn.container;

import org.jspecify.annotations.NullMarked;
