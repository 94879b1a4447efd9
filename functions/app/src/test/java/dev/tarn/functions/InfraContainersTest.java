package dev.tarn.functions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class InfraContainersTest {

    private static final Pattern CONTAINERS = Pattern.compile("var containers = \\[([^\\]]*)\\]");

    @Test
    void theTemplateMakesAContainerForEveryLayerAndOneForFilesThatArrive() throws IOException {
        String template =
                Files.readString(Path.of(System.getProperty("infra.folder")).resolve("modules/storage.bicep"));
        Matcher list = CONTAINERS.matcher(template);
        assertThat(list.find()).isTrue();
        List<String> containers = Arrays.stream(list.group(1).split("\n"))
                .map(line -> line.strip().replace("'", ""))
                .filter(name -> !name.isEmpty())
                .toList();

        assertThat(containers)
                .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                Stream.of("landing"),
                                Arrays.stream(Layer.values()).map(Layer::folder))
                        .toList());
    }
}
