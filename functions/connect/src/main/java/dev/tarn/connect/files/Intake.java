package dev.tarn.connect.files;

import static java.util.Objects.requireNonNull;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.storage.FileChangedException;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StoredFile;
import dev.tarn.model.FileDrop;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes files: one pass over the bytes of each gives its hash, unpacks and decodes it, and finds out what DuckDB would have to
 * guess. A file of this machine that is plain UTF-8 is not copied.
 */
final class Intake {

    private static final int PART = 1 << 16;
    /** What a workbook has around a value is many times as long as the value. */
    private static final int MOST_UNPACKED = 16;

    private final Storage storage;
    private final FileDrop drop;
    private final Session session;
    private final long room;

    /** @param room bytes that a file may take in the workspace */
    Intake(Storage storage, FileDrop drop, Session session, long room) {
        this.storage = storage;
        this.drop = drop;
        this.session = session;
        this.room = room;
    }

    /** The file; empty when it changed or went away meanwhile. */
    Optional<TakenFile> take(StoredFile file) {
        try {
            Optional<Path> here = storage.localFile(file.path());
            MessageDigest digest = sha256();
            TakenFile taken = read(file, here.orElse(null), digest);
            boolean same = here.isEmpty() || storage.find(file.path()).equals(Optional.of(file));
            if (!same) {
                taken.release();
            }
            return same ? Optional.of(taken) : Optional.empty();
        } catch (NoSuchFileException | FileChangedException changed) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(file.path() + " cannot be read", e);
        }
    }

    private TakenFile read(StoredFile file, @Nullable Path here, MessageDigest digest) throws IOException {
        Path copy = session.newFile("." + drop.format().name().toLowerCase(java.util.Locale.ROOT));
        boolean keep = false;
        try (InputStream raw = new DigestInputStream(StoredContent.open(storage, file), digest)) {
            @Nullable UnreadableFileException flaw = null;
            @Nullable CsvShape shape = null;
            boolean copied = false;
            try {
                Pass pass = new Pass(raw, here, copy);
                shape = pass.run();
                copied = pass.copied;
            } catch (UnreadableFileException unreadable) {
                flaw = unreadable;
            }
            raw.transferTo(OutputStream.nullOutputStream());
            String sha256 = HexFormat.of().formatHex(digest.digest());
            keep = copied && flaw == null;
            TakenFile readable = TakenFile.readable(file, sha256, here == null || copied ? copy : here, keep, shape);
            return flaw == null ? readable : readable.unreadable(flaw);
        } finally {
            if (!keep) {
                Files.deleteIfExists(copy);
            }
        }
    }

    /** One pass over a file's bytes. */
    private final class Pass {

        private final InputStream raw;
        private final @Nullable Path here;
        private final Path copy;
        private boolean copied;

        Pass(InputStream raw, @Nullable Path here, Path copy) {
            this.raw = raw;
            this.here = here;
            this.copy = copy;
        }

        /** The shape of a CSV file; null for others. */
        @Nullable
        CsvShape run() throws IOException, UnreadableFileException {
            if (drop.format() == FileDrop.Format.EXCEL) {
                return sheet();
            }
            if (drop.format() == FileDrop.Format.PARQUET) {
                copied = here == null;
                if (copied) {
                    try (OutputStream out = Files.newOutputStream(copy)) {
                        copyBinary(out);
                    }
                }
                return null;
            }
            try {
                return text();
            } catch (IOException broken) {
                if (Unpacked.isBroken(broken)) {
                    throw new UnreadableFileException(Unpacked.reason(broken));
                }
                throw broken;
            }
        }

        /** A workbook is read here and there, so all of it has to lie on this machine. */
        private CsvShape sheet() throws IOException, UnreadableFileException {
            Path book = here == null ? session.newFile(".xlsx") : here;
            copied = true;
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(copy), PART)) {
                if (here == null) {
                    try (OutputStream bytes = Files.newOutputStream(book)) {
                        copyBinary(bytes);
                    }
                }
                CsvScan scan = requireNonNull(FileReadings.scan(drop));
                Room left = new Room(out, here == null ? Files.size(book) : 0);
                SheetCsv.write(drop, book, room * MOST_UNPACKED, (bytes, from, to) -> {
                    left.write(bytes, from, to);
                    scan.accept(bytes, from, to);
                });
                return scan.end();
            } catch (NoRoomException full) {
                requireRoom(Long.MAX_VALUE);
                throw full;
            } finally {
                if (here == null) {
                    Files.deleteIfExists(book);
                }
            }
        }

        private void copyBinary(OutputStream out) throws IOException, UnreadableFileException {
            byte[] part = new byte[PART];
            long taken = 0;
            for (int read = raw.read(part); read >= 0; read = raw.read(part)) {
                taken = requireRoom(taken + read);
                out.write(part, 0, read);
            }
        }

        private long requireRoom(long bytes) throws UnreadableFileException {
            if (bytes > room) {
                throw new UnreadableFileException("it has more than the "
                        + dev.tarn.engine.budget.Budget.mebibytes(room) + " that there is room for on this machine");
            }
            return bytes;
        }

        private @Nullable CsvShape text() throws IOException, UnreadableFileException {
            @Nullable CsvScan scan = FileReadings.scan(drop);
            Unpacked unpacked = Unpacked.open(raw, room);
            TextDecoder decoder =
                    TextDecoder.open(unpacked.content(), drop.options().encoding());
            copied = here == null || unpacked.isPacked() || !decoder.isUtf8();
            if (copied) {
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(copy), PART)) {
                    Room left = new Room(out, 0);
                    decoder.copyTo((bytes, from, to) -> {
                        left.write(bytes, from, to);
                        scan(scan, bytes, from, to);
                    });
                } catch (NoRoomException full) {
                    requireRoom(Long.MAX_VALUE);
                }
            } else {
                decoder.copyTo((bytes, from, to) -> scan(scan, bytes, from, to));
            }
            unpacked.requireOneFile();
            return scan == null ? null : scan.end();
        }

        private static void scan(@Nullable CsvScan scan, byte[] bytes, int from, int to) {
            if (scan != null) {
                scan.accept(bytes, from, to);
            }
        }
    }

    private static final class NoRoomException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private final class Room {
        private final OutputStream out;
        private long taken;

        /** @param taken bytes of the room that something else has */
        Room(OutputStream out, long taken) {
            this.out = out;
            this.taken = taken;
        }

        void write(byte[] bytes, int from, int to) throws IOException {
            taken += to - from;
            if (taken > room) {
                throw new NoRoomException();
            }
            out.write(bytes, from, to - from);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
