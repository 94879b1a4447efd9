package dev.tarn.connect.files;

import dev.tarn.engine.budget.Budget;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * What a file holds: itself, or what gzip or zip packed in it, of which an archive has to hold one file. What unpacks to
 * more than there is room for is refused as soon as it does. Names inside of archives are not used.
 */
final class Unpacked {

    private static final int MARK = 4;
    private static final byte[] GZIP = {0x1F, (byte) 0x8B};
    private static final byte[] ZIP = {'P', 'K', 3, 4};

    private final InputStream content;
    private final @Nullable ZipInputStream archive;
    private final boolean packed;

    private Unpacked(InputStream content, @Nullable ZipInputStream archive, boolean packed) {
        this.content = content;
        this.archive = archive;
        this.packed = packed;
    }

    /** @param most bytes that it may unpack to */
    static Unpacked open(InputStream file, long most) throws IOException, UnreadableFileException {
        PushbackInputStream in = new PushbackInputStream(file, MARK);
        byte[] start = new byte[MARK];
        int length = in.readNBytes(start, 0, MARK);
        in.unread(start, 0, length);
        if (begins(start, length, GZIP)) {
            return new Unpacked(new Bounded(new GZIPInputStream(in), most), null, true);
        }
        if (begins(start, length, ZIP)) {
            ZipInputStream archive = new ZipInputStream(in);
            if (nextFile(archive) == null) {
                throw new UnreadableFileException("the archive holds no file");
            }
            return new Unpacked(new Bounded(archive, most), archive, true);
        }
        return new Unpacked(in, null, false);
    }

    private static boolean begins(byte[] start, int length, byte[] mark) {
        boolean begins = length >= mark.length;
        for (int at = 0; begins && at < mark.length; at++) {
            begins = start[at] == mark[at];
        }
        return begins;
    }

    private static @Nullable ZipEntry nextFile(ZipInputStream archive) throws IOException {
        ZipEntry entry = archive.getNextEntry();
        while (entry != null && (entry.isDirectory() || entry.getName().startsWith("__MACOSX/"))) {
            entry = archive.getNextEntry();
        }
        return entry;
    }

    InputStream content() {
        return content;
    }

    boolean isPacked() {
        return packed;
    }

    /** To be called when all was read. */
    void requireOneFile() throws IOException, UnreadableFileException {
        if (archive != null && nextFile(archive) != null) {
            throw new UnreadableFileException("the archive holds more than one file");
        }
    }

    /** Whether the failure says that the packed form is broken, rather than that the file could not be fetched. */
    static boolean isBroken(IOException failure) {
        return failure instanceof ZipException
                || failure instanceof java.io.EOFException
                || failure instanceof TooMuchException;
    }

    /** It unpacks to more than there is room for. */
    private static final class TooMuchException extends IOException {
        private static final long serialVersionUID = 1L;

        TooMuchException(long most) {
            super("it unpacks to more than the " + Budget.mebibytes(most) + " that there is room for");
        }
    }

    /** Why the packed form cannot be read. */
    static String reason(IOException failure) {
        return failure instanceof TooMuchException tooMuch
                ? String.valueOf(tooMuch.getMessage())
                : "its packed form is broken or ends too early";
    }

    private static final class Bounded extends InputStream {

        private final InputStream in;
        private final long most;
        private long taken;

        Bounded(InputStream in, long most) {
            this.in = in;
            this.most = most;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = in.read(bytes, offset, length);
            taken += Math.max(read, 0);
            if (taken > most) {
                throw new TooMuchException(most);
            }
            return read;
        }
    }
}
