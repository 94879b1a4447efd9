package dev.tarn.container;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What a container is set to beyond what every app of Tarn is. */
@ConfigMapping(prefix = "tarn.functions")
public interface ContainerConfig {

    /**
     * Whether functions may be called, and events sent, by whoever reaches the port: {@code TARN_FUNCTIONS_OPEN}. Webhooks,
     * status and health are there in either case.
     */
    @WithDefault("false")
    boolean open();
}
