package dev.tarn.connect.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Texts in any encoding as UTF-8. No byte is replaced by something else: what means nothing is refused with its line. */
final class TextDecoder {

    private static final int PART = 1 << 16;
    private static final int LONGEST_MARK = 4;

    /** A byte order mark, and what it says. Longer ones come first: one begins as another does. */
    private record Mark(byte[] bytes, String charset) {
        boolean begins(byte[] start, int length) {
            return length >= bytes.length && Arrays.equals(start, 0, bytes.length, bytes, 0, bytes.length);
        }
    }

    private static final Mark[] MARKS = {
        new Mark(new byte[] {0, 0, (byte) 0xFE, (byte) 0xFF}, "UTF-32BE"),
        new Mark(new byte[] {(byte) 0xFF, (byte) 0xFE, 0, 0}, "UTF-32LE"),
        new Mark(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}, "UTF-8"),
        new Mark(new byte[] {(byte) 0xFE, (byte) 0xFF}, "UTF-16BE"),
        new Mark(new byte[] {(byte) 0xFF, (byte) 0xFE}, "UTF-16LE")
    };

    private final Charset charset;
    private final PushbackInputStream in;

    private TextDecoder(Charset charset, PushbackInputStream in) {
        this.charset = charset;
        this.in = in;
    }

    /** Reads the byte order mark, if there is one; it overrides {@code encoding}. */
    static TextDecoder open(InputStream content, String encoding) throws IOException {
        PushbackInputStream in = new PushbackInputStream(content, LONGEST_MARK);
        byte[] start = new byte[LONGEST_MARK];
        int length = in.readNBytes(start, 0, LONGEST_MARK);
        for (Mark mark : MARKS) {
            if (mark.begins(start, length)) {
                in.unread(start, mark.bytes().length, length - mark.bytes().length);
                return new TextDecoder(Charset.forName(mark.charset()), in);
            }
        }
        in.unread(start, 0, length);
        return new TextDecoder(Charset.forName(encoding), in);
    }

    /** Whether the content is UTF-8 as it stands; DuckDB refuses those of its rows that are not. */
    boolean isUtf8() {
        return charset.equals(StandardCharsets.UTF_8);
    }

    void copyTo(ContentSink sink) throws IOException, UnreadableFileException {
        if (isUtf8()) {
            byte[] part = new byte[PART];
            for (int read = in.read(part); read >= 0; read = in.read(part)) {
                sink.accept(part, 0, read);
            }
        } else {
            decode(sink);
        }
    }

    private void decode(ContentSink sink) throws IOException, UnreadableFileException {
        CharsetDecoder decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer bytes = ByteBuffer.allocate(PART);
        CharBuffer chars = CharBuffer.allocate(PART);
        long line = 1;
        boolean end = false;
        while (!end) {
            int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
            end = read < 0;
            bytes.position(bytes.position() + Math.max(read, 0)).flip();
            CoderResult result = decoder.decode(bytes, chars, end);
            line += drain(chars, sink);
            while (result.isOverflow()) {
                result = decoder.decode(bytes, chars, end);
                line += drain(chars, sink);
            }
            if (result.isError()) {
                throw new UnreadableFileException(
                        "a byte means nothing in " + charset.name() + ", in which the drop says the file is", line);
            }
            bytes.compact();
        }
    }

    /** Gives the characters on; their number of lines. A surrogate whose other half is to come stays. */
    private static long drain(CharBuffer chars, ContentSink sink) throws IOException {
        chars.flip();
        int most = chars.limit();
        boolean half = most > 0 && Character.isHighSurrogate(chars.get(most - 1));
        CharBuffer whole = chars.duplicate().limit(half ? most - 1 : most);
        long lines = whole.chars().filter(character -> character == '\n').count();
        byte[] utf8 = whole.toString().getBytes(StandardCharsets.UTF_8);
        sink.accept(utf8, 0, utf8.length);
        chars.position(whole.limit());
        chars.compact();
        return lines;
    }
}
