package dev.tarn.functions;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Settings of the app, from its environment: {@code tarn.lake} is {@code TARN_LAKE}. The defaults fit every size of an
 * instance, whose memory and 0.8 GB of temporary disk the host shares with the app.
 */
@ConfigMapping(prefix = "tarn")
public interface TarnConfig {

    /**
     * Where the lake is: {@code https://<account>.blob.core.windows.net}, entered by managed identity or by the shared
     * access signature that follows; the account's connection string; or a folder as {@code file:///srv/lake}.
     */
    Optional<String> lake();

    /** Client id of a user-assigned managed identity that enters the lake; without it, the app's own identity does. */
    Optional<String> identity();

    /** What whoever looks at the status has to know: {@code TARN_STATUS_KEY}. Without it, nobody may look. */
    Optional<String> statusKey();

    /** Memory of the whole process; by default three quarters of what the instance has. */
    Optional<MemorySize> memory();

    /** Temporary disk for spill, for cached parts of the lake and for files being written. */
    @WithDefault("640M")
    MemorySize disk();

    /** Folder for what is on that disk. */
    @WithDefault("${java.io.tmpdir}/tarn")
    Path workspace();
}
