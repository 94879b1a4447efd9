package dev.tarn.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Judges the folder that the launcher puts on the class path. */
@Tag("packaged")
class PackagedLibraryTest {

    private final Path lib = Path.of(System.getProperty("packaged.lib"));

    @Test
    void duckDbsLibraryLiesBesideItsJar() throws IOException {
        Path jar = files("duckdb_jdbc-*.jar").get(0);

        assertThat(files("libduckdb_java.so_*")).hasSize(1);
        try (ZipFile classes = new ZipFile(jar.toFile())) {
            assertThat(classes.stream().map(ZipEntry::getName))
                    .contains("org/duckdb/DuckDBDriver.class")
                    .noneMatch(entry -> entry.contains("libduckdb"));
        }
    }

    private List<Path> files(String pattern) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(lib, pattern)) {
            return StreamSupport.stream(files.spliterator(), false).toList();
        }
    }
}
