package dev.tarn.functions;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Settings of the app, from its environment: {@code tarn.lake} is {@code TARN_LAKE}. The defaults fit an instance of
 * 2 GB with 0.8 GB of temporary disk, which the host and DuckDB's library share with the app.
 */
@ConfigMapping(prefix = "tarn")
public interface TarnConfig {

    /** Root of the lake: a folder as {@code file:///srv/lake}. */
    Optional<URI> lake();

    /** Memory of the whole process. */
    @WithDefault("1536M")
    MemorySize memory();

    /** Temporary disk for spill and for files being written. */
    @WithDefault("640M")
    MemorySize disk();

    /** Folder for what is on that disk. */
    @WithDefault("${java.io.tmpdir}/tarn")
    Path workspace();
}
