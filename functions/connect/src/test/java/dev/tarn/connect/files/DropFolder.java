package dev.tarn.connect.files;

import dev.tarn.connect.TestLake;
import dev.tarn.connect.bronze.Extracted;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.DropPath;
import dev.tarn.model.FileDrop;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** A lake with files below {@code landing/bank}, and a drop that a test changes to what it needs. */
final class DropFolder implements AutoCloseable {

    static final FileDrop BANK = new FileDrop(
            "files",
            "bank",
            TableName.parse("bronze.bank"),
            new DropPath("bank/**"),
            FileDrop.Format.CSV,
            FileDrop.Options.USUAL,
            List.of(new Column("id", DataType.Simple.INT), new Column("name", DataType.Simple.STRING)),
            FileDrop.Unknown.RESCUE,
            FileDrop.Keep.ALL,
            FileDrop.SameFile.SKIP,
            new SourcePosition("sources/files.yml", 4, 11));

    private final Path folder;
    private final TestLake lake;
    private FileDrop drop = BANK;
    private BatchSize size = new BatchSize(1000, 64L << 20, 64L << 20);
    private Instant next = Instant.now().minus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);

    DropFolder(Path folder) {
        this.folder = folder;
        this.lake = TestLake.open(folder);
    }

    DropFolder size(BatchSize other) {
        size = other;
        return this;
    }

    DropFolder columns(Column... columns) {
        return drop(new FileDrop(
                drop.source(),
                drop.name(),
                drop.target(),
                drop.path(),
                drop.format(),
                drop.options(),
                List.of(columns),
                drop.schema(),
                drop.keep(),
                drop.sameFileAgain(),
                drop.position()));
    }

    DropFolder format(FileDrop.Format format) {
        return drop(new FileDrop(
                drop.source(),
                drop.name(),
                drop.target(),
                drop.path(),
                format,
                drop.options(),
                drop.columns(),
                drop.schema(),
                drop.keep(),
                drop.sameFileAgain(),
                drop.position()));
    }

    DropFolder options(FileDrop.Options options) {
        return drop(new FileDrop(
                drop.source(),
                drop.name(),
                drop.target(),
                drop.path(),
                drop.format(),
                options,
                drop.columns(),
                drop.schema(),
                drop.keep(),
                drop.sameFileAgain(),
                drop.position()));
    }

    DropFolder encoding(String encoding) {
        return options(new FileDrop.Options(true, ",", "\"", "\"", encoding, List.of(), 0, ".", null));
    }

    DropFolder schema(FileDrop.Unknown schema) {
        return drop(new FileDrop(
                drop.source(),
                drop.name(),
                drop.target(),
                drop.path(),
                drop.format(),
                drop.options(),
                drop.columns(),
                schema,
                drop.keep(),
                drop.sameFileAgain(),
                drop.position()));
    }

    DropFolder keep(FileDrop.Keep keep, FileDrop.SameFile same) {
        return drop(new FileDrop(
                drop.source(),
                drop.name(),
                drop.target(),
                drop.path(),
                drop.format(),
                drop.options(),
                drop.columns(),
                drop.schema(),
                keep,
                same,
                drop.position()));
    }

    private DropFolder drop(FileDrop other) {
        drop = other;
        return this;
    }

    FileDrop drop() {
        return drop;
    }

    TestLake lake() {
        return lake;
    }

    Path path(String name) {
        return folder.resolve("lake/landing").resolve(name);
    }

    /** Puts a file there, one second later than the one before. */
    DropFolder put(String name, String content) {
        return put(name, content.getBytes(StandardCharsets.UTF_8));
    }

    DropFolder put(String name, String content, Charset charset) {
        return put(name, content.getBytes(charset));
    }

    DropFolder put(String name, byte[] content) {
        next = next.plusSeconds(1);
        return put(name, content, next);
    }

    DropFolder put(String name, byte[] content, Instant modified) {
        try {
            Files.createDirectories(path(name).getParent());
            Files.write(path(name), content);
            Files.setLastModifiedTime(path(name), FileTime.from(modified));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    DropLook newLook() {
        return new DropLook(lake.lake(), drop, ZoneId.of("UTC"), size);
    }

    /** Lands what is new, by a process that knows nothing yet. */
    List<Extracted> look() {
        return newLook().look(() -> false);
    }

    /** The message of the refusal. */
    String refusal() {
        try {
            look();
        } catch (TarnException e) {
            return e.getMessage();
        }
        throw new AssertionError("nothing was refused");
    }

    /** Id and name of every row, in order. */
    List<String> rows() {
        return lake.query("bronze.bank", "SELECT id, name FROM %s ORDER BY ALL");
    }

    List<String> query(String sql) {
        return lake.query("bronze.bank", sql);
    }

    /** Where and why, of all that is in quarantine. */
    List<String> aside() {
        return lake.query(
                "bronze.bank_quarantine",
                "SELECT _file, _line, _column, _reason, replace(_raw, chr(10), '~') FROM %s ORDER BY ALL");
    }

    @Override
    public void close() {
        lake.close();
    }
}
