package dev.tarn.container;

import org.jspecify.annotations.Nullable;

/**
 * A file that came into a container of the lake.
 *
 * @param name its path in the container, null when the request does not say it
 */
public record LakeFile(@Nullable String name) {}
