package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DropTest extends DeltaFixture {

    private static final String ROWS = "SELECT range::INTEGER AS id FROM range(100)";

    @Test
    void nothingIsLeftOfATableAndItCanBeMadeAnew() throws Exception {
        create(ROWS);
        append(ROWS);
        replace("SELECT 1::INTEGER AS id");
        for (int commit = 0; commit < 12; commit++) {
            append("SELECT 2 AS id");
        }

        table.drop();

        Path ofTable = this.folder.resolve("lake").resolve(NAME.path());
        try (Stream<Path> left = Files.walk(ofTable)) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
        assertThat(table.snapshot()).isEmpty();
        table.drop();
        create(ROWS);
        append("SELECT 3 AS id");
        assertThat(rows(newest().scan(session))).containsExactly("3");
    }
}
