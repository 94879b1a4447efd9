package dev.tarn.engine.cache;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.storage.FilePart;
import dev.tarn.model.TarnException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files that change, come in part or not at all. */
class SpoiledFilesTest extends CacheFixture {

    private static final String PATH = "silver/invoice/part-1.parquet";

    private Session session;

    @BeforeEach
    void open() {
        open(256 * MIB);
        session = duckDb.session();
    }

    @Test
    void aFileThatWasReplacedIsFetchedAnewOnce() throws Exception {
        LakeFile file = stored(PATH, 120_000);
        Files.copy(original(file), folder.resolve("other.parquet"));
        AtomicInteger reads = new AtomicInteger();
        storage.read((from, path, offset, length) -> {
            if (reads.getAndIncrement() == 1) {
                // The same bytes with another date: to the storage it is another file.
                Files.move(folder.resolve("other.parquet"), original(file), ATOMIC_MOVE);
            }
            return from.read(path, offset, length);
        });

        Path part = part(session, file, "amount");

        assertThat(reads.get()).isGreaterThan(3);
        assertThat(read(session, List.of(part), "sum(amount)")).isEqualTo(expected(file, "sum(amount)"));
        assertThat(workspace()).containsExactly(part);
    }

    @Test
    void aFileThatChangesAllTheTimeIsRefused() throws Exception {
        LakeFile file = stored(PATH, 120_000);
        AtomicLong etag = new AtomicLong();
        storage.read((from, path, offset, length) ->
                new FilePart(from.read(path, offset, length).bytes(), "etag " + etag.incrementAndGet()));

        assertThatThrownBy(() -> part(session, file, "amount"))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "LAKE_DAMAGED  silver/invoice/part-1.parquet was changed while it was being read, twice in a"
                                + " row.\n    Restore the file from a backup.");
        assertThat(workspace()).isEmpty();
    }

    @Test
    void aDownloadThatCameInPartIsFetchedAnewOnce() throws Exception {
        LakeFile file = stored(PATH, 120_000);
        AtomicInteger reads = new AtomicInteger();
        storage.read((from, path, offset, length) -> {
            FilePart part = from.read(path, offset, length);
            return reads.getAndIncrement() == 2
                    ? new FilePart(Arrays.copyOf(part.bytes(), length / 2), part.etag())
                    : part;
        });

        assertThat(read(session, List.of(part(session, file, "amount")), "sum(amount)"))
                .isEqualTo(expected(file, "sum(amount)"));
        assertThat(reads.get()).isGreaterThan(3);
    }

    @Test
    void downloadsThatAlwaysComeInPartAreRefused() throws Exception {
        LakeFile file = stored(PATH, 120_000);
        storage.read((from, path, offset, length) -> {
            FilePart part = from.read(path, offset, length);
            return new FilePart(Arrays.copyOf(part.bytes(), length - 1), part.etag());
        });

        assertThatThrownBy(() -> part(session, file, "amount"))
                .isInstanceOf(TarnException.class)
                .hasMessage("LAKE_DAMAGED  silver/invoice/part-1.parquet came in part, twice in a row.\n"
                        + "    Restore the file from a backup.");
    }

    @Test
    void aFileThatIsShorterThanItsLogSaysIsRefused() throws Exception {
        LakeFile file = stored(PATH, 120_000);
        storage.read((from, path, offset, length) -> {
            throw new EOFException(path + " ends");
        });

        assertThatThrownBy(() -> part(session, file, "amount"))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "LAKE_DAMAGED  silver/invoice/part-1.parquet is shorter than the log says, twice in a row.\n"
                                + "    Restore the file from a backup.");
    }

    @Test
    void aFileWithoutAFooterIsRefused() throws Exception {
        Files.createDirectories(original(new LakeFile(PATH, 1)).getParent());
        Files.write(original(new LakeFile(PATH, 1)), new byte[2 << 20]);

        assertThatThrownBy(() -> part(session, new LakeFile(PATH, 2 << 20), "amount"))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "LAKE_DAMAGED  silver/invoice/part-1.parquet does not end as a Parquet file does, twice in a"
                                + " row.\n    Restore the file from a backup.");
    }

    @Test
    void aFailureOfTheStorageIsPassedOnAndLeavesNothingHalf() throws Exception {
        LakeFile file = stored(PATH, 120_000);
        AtomicInteger reads = new AtomicInteger();
        storage.read((from, path, offset, length) -> {
            if (reads.getAndIncrement() == 3) {
                throw new IOException("the network is away");
            }
            return from.read(path, offset, length);
        });
        assertThatThrownBy(() -> part(session, file, "amount")).hasMessage("the network is away");
        assertThat(workspace()).isEmpty();

        assertThat(read(session, List.of(part(session, file, "amount")), "sum(amount)"))
                .isEqualTo(expected(file, "sum(amount)"));
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> part(session, new LakeFile("silver/invoice/gone.parquet", 5_000_000), "amount"))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("gone.parquet");
        assertThatThrownBy(() -> files.whole(session, "silver/invoice/gone.parquet"))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage("silver/invoice/gone.parquet");
    }
}
