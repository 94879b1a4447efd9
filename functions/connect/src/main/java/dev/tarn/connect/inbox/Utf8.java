package dev.tarn.connect.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.OptionalInt;

/** Bytes that are to be a text. */
final class Utf8 {

    private Utf8() {}

    /** Where they stop to be UTF-8; empty when they are it to their end. */
    static OptionalInt firstWrong(byte[] bytes) {
        CharsetDecoder decoder = UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(Math.min(bytes.length + 1, 8192));
        while (true) {
            CoderResult result = decoder.decode(in, out.clear(), true);
            if (result.isError()) {
                return OptionalInt.of(in.position());
            }
            if (result.isUnderflow()) {
                return OptionalInt.empty();
            }
        }
    }

    static OptionalInt indexOf(byte[] bytes, byte sought) {
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == sought) {
                return OptionalInt.of(at);
            }
        }
        return OptionalInt.empty();
    }

    static boolean contains(byte[] bytes, byte[] sought) {
        for (int at = 0; at + sought.length <= bytes.length; at++) {
            int same = 0;
            while (same < sought.length && bytes[at + same] == sought[same]) {
                same++;
            }
            if (same == sought.length) {
                return true;
            }
        }
        return false;
    }

    /** {@code line 2, column 7} of the byte at {@code offset}; columns count bytes. */
    static String place(byte[] bytes, int offset) {
        int line = 1;
        int column = 1;
        for (int at = 0; at < offset; at++) {
            column++;
            if (bytes[at] == '\n') {
                line++;
                column = 1;
            }
        }
        return "line " + line + ", column " + column;
    }

    /** Whether half of a surrogate pair is in the text, which no UTF-8 can hold. */
    static boolean hasLoneSurrogate(String text) {
        for (int at = 0; at < text.length(); at++) {
            char unit = text.charAt(at);
            if (Character.isHighSurrogate(unit)
                    && at + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(at + 1))) {
                at++;
            } else if (Character.isSurrogate(unit)) {
                return true;
            }
        }
        return false;
    }
}
