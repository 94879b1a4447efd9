package dev.tarn.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TarnConfigTest {

    private static final Map<String, String> EVERY_SETTING = Map.of(
            "tarn.lake", "https://stgexample.blob.core.windows.net",
            "tarn.identity", "01980000-0000-7000-8000-000000000001",
            "tarn.status-key", "long and random",
            "tarn.memory", "1G",
            "tarn.disk", "500M",
            "tarn.workspace", "/mnt/work");

    @Test
    void whatIsNotSetFitsAnInstance() {
        TarnConfig config = config(Map.of("java.io.tmpdir", "/tmp"));

        assertThat(config.lake()).isEmpty();
        assertThat(config.identity()).isEmpty();
        assertThat(config.statusKey()).isEmpty();
        assertThat(config.memory()).isEmpty();
        assertThat(config.disk().asLongValue()).isEqualTo(640L << 20);
        assertThat(config.workspace()).isEqualTo(Path.of("/tmp/tarn"));
    }

    @Test
    void everySettingCanBeSet() {
        TarnConfig config = config(EVERY_SETTING);

        assertThat(config.lake()).contains("https://stgexample.blob.core.windows.net");
        assertThat(config.identity()).contains("01980000-0000-7000-8000-000000000001");
        assertThat(config.statusKey()).contains("long and random");
        assertThat(config.memory().map(MemorySize::asLongValue)).contains(1L << 30);
        assertThat(config.disk().asLongValue()).isEqualTo(500L << 20);
        assertThat(config.workspace()).isEqualTo(Path.of("/mnt/work"));
        assertThat(Arrays.stream(TarnConfig.class.getDeclaredMethods())
                        .map(Method::getName)
                        .map(name -> name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))
                        .map("tarn."::concat))
                .containsExactlyInAnyOrderElementsOf(EVERY_SETTING.keySet());
    }

    private static TarnConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(TarnConfig.class)
                .withConverter(MemorySize.class, 100, new MemorySizeConverter())
                .withDefaultValues(settings)
                .addDefaultInterceptors()
                .build()
                .getConfigMapping(TarnConfig.class);
    }
}
