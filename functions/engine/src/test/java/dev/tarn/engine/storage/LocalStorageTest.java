package dev.tarn.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStorageTest extends StorageContract {

    @TempDir
    Path root;

    @Override
    protected Storage storage() {
        return new LocalStorage(root.resolve("lake"));
    }

    @Test
    void writingLeavesNothingBehind() throws Exception {
        storage().put("tarn/a", new byte[1]);
        storage().put("tarn/a", new byte[2]);
        storage().putIfAbsent("tarn/b", new byte[1]);
        storage().putIfAbsent("tarn/b", new byte[1]);

        try (Stream<Path> files = Files.list(root.resolve("lake/tarn"))) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("a", "b");
        }
    }

    @Test
    void aFileThatIsPutIsNotCopied() throws Exception {
        Path file = Files.writeString(local.resolve("new.parquet"), "rows");
        Object identity = Files.getAttribute(file, "unix:ino");

        storage().putFile("silver/t/part-1.parquet", file);

        assertThat(Files.getAttribute(
                        storage().localFile("silver/t/part-1.parquet").orElseThrow(), "unix:ino"))
                .isEqualTo(identity);
    }

    @Test
    void filesAreFilesOfThisMachine() throws Exception {
        storage().put("silver/t/there", new byte[3]);

        assertThat(storage().localFile("silver/t/there")).hasValue(root.resolve("lake/silver/t/there"));
        assertThatThrownBy(() -> storage().localFile("silver/t/missing")).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aLeaseHeldByAnotherProcessIsNotGivenAndEndsWithThatProcess() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        root.resolve("lake").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(said.readLine()).isEqualTo("held");
            assertThat(storage().lease("tarn/leases/t")).isEmpty();

            other.destroyForcibly().waitFor();

            try (Lease lease = storage().lease("tarn/leases/t").orElseThrow()) {
                assertThat(lease).isNotNull();
            }
        } finally {
            other.destroyForcibly();
        }
    }

    /** Takes the lease and keeps it until it is killed. */
    static final class Holder {
        public static void main(String[] arguments) throws Exception {
            Lease lease = new LocalStorage(Path.of(arguments[0]))
                    .lease("tarn/leases/t")
                    .orElseThrow();
            System.out.println("held");
            System.in.read();
            lease.close();
        }
    }
}
