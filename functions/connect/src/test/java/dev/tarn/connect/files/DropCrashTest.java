package dev.tarn.connect.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.connect.TestLake;
import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.FilePart;
import dev.tarn.engine.storage.Lease;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StoredFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A look that ends at any of its writes, before or after it, is as if it had not been, or had been whole. */
class DropCrashTest {

    @TempDir
    Path temp;

    /** Fails at one of its writes, and at all that is asked afterwards. */
    private static final class Dying implements Storage {

        private final Storage storage;
        private final int last;
        private final boolean after;
        private final boolean here;
        private int writes;
        private boolean dead;

        Dying(Storage storage, int last, boolean after, boolean here) {
            this.storage = storage;
            this.last = last;
            this.after = after;
            this.here = here;
        }

        private interface Write<T> {
            T run() throws IOException;
        }

        private <T> T write(Write<T> write) throws IOException {
            alive();
            boolean dies = writes++ == last;
            if (dies && !after) {
                dead = true;
                throw new IOException("died before a write");
            }
            T done = write.run();
            if (dies) {
                dead = true;
                throw new IOException("died after a write");
            }
            return done;
        }

        private void alive() throws IOException {
            if (dead) {
                throw new IOException("dead");
            }
        }

        boolean isDead() {
            return dead;
        }

        @Override
        public List<StoredFile> list(String folder, String from) throws IOException {
            alive();
            return storage.list(folder, from);
        }

        @Override
        public List<StoredFile> listBelow(String folder) throws IOException {
            alive();
            return storage.listBelow(folder);
        }

        @Override
        public Optional<StoredFile> find(String path) throws IOException {
            alive();
            return storage.find(path);
        }

        @Override
        public byte[] read(String path) throws IOException {
            alive();
            return storage.read(path);
        }

        @Override
        public FilePart read(String path, long offset, int length) throws IOException {
            alive();
            return storage.read(path, offset, length);
        }

        @Override
        public FilePart read(String path, long offset, int length, String etag) throws IOException {
            alive();
            return storage.read(path, offset, length, etag);
        }

        @Override
        public void put(String path, byte[] content) throws IOException {
            write(() -> {
                storage.put(path, content);
                return true;
            });
        }

        @Override
        public boolean putIfAbsent(String path, byte[] content) throws IOException {
            return write(() -> storage.putIfAbsent(path, content));
        }

        @Override
        public void putFile(String path, Path local) throws IOException {
            write(() -> {
                storage.putFile(path, local);
                return true;
            });
        }

        @Override
        public void delete(String path) throws IOException {
            write(() -> {
                storage.delete(path);
                return true;
            });
        }

        @Override
        public Optional<Lease> lease(String path) throws IOException {
            alive();
            return storage.lease(path);
        }

        @Override
        public Optional<Path> localFile(String path) throws IOException {
            alive();
            return here ? storage.localFile(path) : Optional.empty();
        }
    }

    private static void drop(Path lake, String name, String content) throws IOException {
        Path file = lake.resolve("landing/bank").resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content.getBytes(StandardCharsets.UTF_8));
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
    }

    private static DropLook look(Lake lake) {
        return new DropLook(lake, DropFolder.BANK, ZoneId.of("UTC"), new BatchSize(1, 1 << 20, 1 << 20));
    }

    /** Whether it died. */
    private static boolean dies(Path folder, int write, boolean after, boolean here) {
        Dying storage = new Dying(new LocalStorage(folder.resolve("lake")), write, after, here);
        Budget budget = new Budget(256L << 20, 256L << 20, 64L << 20, 64L << 20, 64L << 20, 1);
        try (Lake lake = Lake.open(storage, DuckDb.open(budget, folder.resolve("workspace")), Clock.systemUTC())) {
            look(lake).look(() -> false);
        } catch (RuntimeException death) {
            assertThat(storage.isDead()).isTrue();
        }
        return storage.isDead();
    }

    @Test
    void eachRowIsThereOnceWhereverALookDies() throws IOException {
        boolean died = true;
        int tried = 0;
        for (int write = 0; died; write++) {
            died = false;
            for (boolean after : new boolean[] {false, true}) {
                Path folder = Files.createDirectory(temp.resolve(write + "-" + after));
                drop(folder.resolve("lake"), "a.csv", "id,name\n1,x\nbad\n");
                drop(folder.resolve("lake"), "b.csv", "id,name\n2,y\nworse\n");
                died |= dies(folder, write, after, write % 2 == 0);
                tried++;

                try (TestLake lake = TestLake.open(folder)) {
                    look(lake.lake()).look(() -> false);
                    assertThat(look(lake.lake()).look(() -> false)).isEmpty();
                    assertThat(lake.query("bronze.bank", "SELECT id, name FROM %s ORDER BY ALL"))
                            .as("write %d, %s", write, after)
                            .containsExactly("1|x", "2|y");
                    assertThat(lake.query("bronze.bank_quarantine", "SELECT _raw FROM %s ORDER BY ALL"))
                            .as("write %d, %s", write, after)
                            .containsExactly("bad", "worse");
                }
            }
        }
        assertThat(tried).isGreaterThan(20);
    }
}
