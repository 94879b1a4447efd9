package dev.tarn.connect.files.excel;

import dev.tarn.engine.budget.Budget;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * One document of XML in a workbook, within bounds: no document type and so no entities, no text or attribute that goes on and
 * on, no more bytes than are allowed. Names are taken without their namespaces, of which there are two editions.
 */
final class XmlPart implements Closeable {

    private final ZipEntry entry;
    private final InputStream unpacking;
    private final CheckedInputStream content;
    private final XMLStreamReader reader;

    private XmlPart(ZipEntry entry, InputStream unpacking, CheckedInputStream content, XMLStreamReader reader) {
        this.entry = entry;
        this.unpacking = unpacking;
        this.content = content;
        this.reader = reader;
    }

    /** @param most bytes that it may unpack to */
    static XmlPart open(ZipFile zip, ZipEntry entry, long most) throws IOException, UnreadableWorkbookException {
        InputStream unpacking = unpacking(zip, entry);
        CheckedInputStream content = new CheckedInputStream(new Bounded(unpacking, most), new CRC32());
        try {
            return new XmlPart(entry, unpacking, content, factory().createXMLStreamReader(content));
        } catch (XMLStreamException e) {
            unpacking.close();
            throw broken(e);
        }
    }

    private static InputStream unpacking(ZipFile zip, ZipEntry entry) throws IOException, UnreadableWorkbookException {
        try {
            return zip.getInputStream(entry);
        } catch (ZipException e) {
            throw new UnreadableWorkbookException(UnreadableWorkbookException.BROKEN_PACK);
        }
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }

    /** Goes to what comes next; false behind the end. */
    boolean next() throws IOException, UnreadableWorkbookException {
        try {
            if (reader.getEventType() == XMLStreamConstants.END_DOCUMENT) {
                return false;
            }
            int event = reader.next();
            if (event == XMLStreamConstants.DTD || event == XMLStreamConstants.ENTITY_REFERENCE) {
                throw new UnreadableWorkbookException("its XML has a document type, which no workbook has");
            }
            return event != XMLStreamConstants.END_DOCUMENT;
        } catch (XMLStreamException e) {
            throw broken(e);
        }
    }

    private static UnreadableWorkbookException broken(XMLStreamException failure) throws IOException {
        Throwable cause = failure.getNestedException();
        if (cause instanceof BeyondException beyond) {
            return new UnreadableWorkbookException(String.valueOf(beyond.getMessage()));
        }
        if (cause instanceof ZipException || cause instanceof EOFException) {
            return new UnreadableWorkbookException(UnreadableWorkbookException.BROKEN_PACK);
        }
        if (cause instanceof IOException io && !(cause instanceof java.io.CharConversionException)) {
            throw io;
        }
        return new UnreadableWorkbookException(UnreadableWorkbookException.BROKEN_XML);
    }

    boolean begins() {
        return reader.isStartElement();
    }

    boolean ends() {
        return reader.isEndElement();
    }

    /** Of an element that begins or ends. */
    String name() {
        return reader.getLocalName();
    }

    @Nullable
    String attribute(String name) {
        return reader.getAttributeValue(null, name);
    }

    void appendTo(StringBuilder text) {
        if (reader.isCharacters()) {
            text.append(reader.getTextCharacters(), reader.getTextStart(), reader.getTextLength());
        }
    }

    /** To be called when enough was read: the rest has to be what was packed, too. */
    void requireWhole() throws IOException, UnreadableWorkbookException {
        try {
            content.transferTo(OutputStream.nullOutputStream());
        } catch (BeyondException beyond) {
            throw new UnreadableWorkbookException(String.valueOf(beyond.getMessage()));
        } catch (ZipException | EOFException e) {
            throw new UnreadableWorkbookException(UnreadableWorkbookException.BROKEN_PACK);
        }
        if (content.getChecksum().getValue() != entry.getCrc()) {
            throw new UnreadableWorkbookException(UnreadableWorkbookException.BROKEN_PACK);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            reader.close();
        } catch (XMLStreamException e) {
            throw new IOException("a parser cannot be closed", e);
        } finally {
            unpacking.close();
        }
    }

    private static final class BeyondException extends IOException {
        private static final long serialVersionUID = 1L;

        BeyondException(String reason) {
            super(reason);
        }
    }

    private static final class Bounded extends FilterInputStream {

        /** No cell has more than 32,767 characters, and nothing else in a workbook is longer than one. */
        private static final int LONGEST = 1 << 20;

        private final long most;
        private long taken;
        private int sinceTag;

        Bounded(InputStream in, long most) {
            super(in);
            this.most = most;
        }

        /** The parser closes what it is through with, behind which there may be more. */
        @Override
        public void close() {}

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
                throw new BeyondException(
                        "it unpacks to more than the " + Budget.mebibytes(most) + " that are read of it");
            }
            for (int at = offset; at < offset + read; at++) {
                sinceTag = bytes[at] == '<' ? 0 : sinceTag + 1;
                if (sinceTag > LONGEST) {
                    throw new BeyondException("its XML has a text of more than " + Budget.mebibytes(LONGEST));
                }
            }
            return read;
        }
    }
}
