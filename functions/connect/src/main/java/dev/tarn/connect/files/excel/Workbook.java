package dev.tarn.connect.files.excel;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** A workbook of Excel. */
public final class Workbook implements Closeable {

    private static final byte[] OLE = {
        (byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0, (byte) 0xA1, (byte) 0xB1, 0x1A, (byte) 0xE1
    };
    private static final byte[] ZIP = {'P', 'K', 3, 4};
    private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,3}");
    private static final int MOST_NAMES = 20;

    private final ZipFile zip;
    private final long most;
    private final List<Sheet> sheets = new ArrayList<>();
    private boolean since1904;

    private Workbook(ZipFile zip, long most) {
        this.zip = zip;
        this.most = most;
    }

    /** Takes the rows of a sheet. */
    public interface Rows {
        /**
         * Takes one that is not empty.
         *
         * @param sheet its name
         * @param number from 1
         * @param cells that are not empty; good for this call alone
         */
        void row(String sheet, int number, List<Cell> cells) throws IOException, UnreadableWorkbookException;
    }

    /** @param shown false for one that people do not see */
    private record Sheet(String name, String id, boolean shown) {}

    private record Relation(String type, String part) {}

    /** @param most bytes that each of its parts may unpack to */
    public static Workbook open(Path file, long most) throws IOException, UnreadableWorkbookException {
        requireZip(file);
        try {
            return new Workbook(new ZipFile(file.toFile()), most);
        } catch (ZipException e) {
            throw new UnreadableWorkbookException(UnreadableWorkbookException.BROKEN_PACK);
        }
    }

    private static void requireZip(Path file) throws IOException, UnreadableWorkbookException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(OLE.length);
            if (Arrays.equals(start, OLE)) {
                throw new UnreadableWorkbookException(
                        isEncrypted(in)
                                ? "it is encrypted; save it without a password"
                                : "it is a workbook of Excel 97-2003 (.xls); save it as .xlsx");
            }
            if (start.length < ZIP.length || !Arrays.equals(start, 0, ZIP.length, ZIP, 0, ZIP.length)) {
                throw new UnreadableWorkbookException(UnreadableWorkbookException.NO_WORKBOOK);
            }
        }
    }

    /** Whether a name is among those of what is in the container. */
    private static boolean isEncrypted(InputStream container) throws IOException {
        byte[] name = "EncryptedPackage".getBytes(StandardCharsets.UTF_16LE);
        byte[] part = new byte[1 << 16];
        int kept = 0;
        for (int read = container.read(part); read >= 0; read = container.read(part, kept, part.length - kept)) {
            int length = kept + read;
            for (int at = 0; at + name.length <= length; at++) {
                if (Arrays.equals(part, at, at + name.length, name, 0, name.length)) {
                    return true;
                }
            }
            kept = Math.min(length, name.length - 1);
            System.arraycopy(part, length - kept, part, 0, kept);
        }
        return false;
    }

    /**
     * Gives the rows of a sheet.
     *
     * @param wanted its name, or its number from 1; null for the first one that is shown
     */
    public void read(@Nullable String wanted, Rows rows) throws IOException, UnreadableWorkbookException {
        String book = relations("").values().stream()
                .filter(relation -> relation.type().equals("officeDocument"))
                .map(Relation::part)
                .findFirst()
                .orElseThrow(() -> new UnreadableWorkbookException(UnreadableWorkbookException.NO_WORKBOOK));
        if (book.endsWith(".bin")) {
            throw new UnreadableWorkbookException("it is a binary workbook (.xlsb); save it as .xlsx");
        }
        readBook(book);
        Map<String, Relation> parts = relations(book);
        sheets.removeIf(sheet ->
                !parts.containsKey(sheet.id()) || !parts.get(sheet.id()).type().equals("worksheet"));
        Sheet sheet = sheet(wanted);
        SheetRows reader = new SheetRows(texts(parts), formats(parts), new Numbers(since1904));
        try (XmlPart part = part(parts.get(sheet.id()).part())) {
            reader.read(part, sheet.name(), rows);
        }
    }

    private void readBook(String book) throws IOException, UnreadableWorkbookException {
        try (XmlPart part = part(book)) {
            while (part.next()) {
                if (part.begins() && part.name().equals("workbookPr")) {
                    since1904 = List.of("1", "true").contains(String.valueOf(part.attribute("date1904")));
                } else if (part.begins() && part.name().equals("sheet")) {
                    String state = part.attribute("state");
                    sheets.add(new Sheet(
                            String.valueOf(part.attribute("name")),
                            String.valueOf(part.attribute("id")),
                            state == null || state.equals("visible")));
                }
            }
            part.requireWhole();
        }
    }

    private Sheet sheet(@Nullable String wanted) throws UnreadableWorkbookException {
        Optional<Sheet> found = wanted == null
                ? sheets.stream().filter(Sheet::shown).findFirst()
                : sheets.stream()
                        .filter(sheet -> sheet.name().equalsIgnoreCase(wanted))
                        .findFirst();
        if (found.isEmpty() && wanted != null && NUMBER.matcher(wanted).matches()) {
            found = sheets.stream().skip(Integer.parseInt(wanted) - 1L).findFirst();
        }
        String names = sheets.stream()
                .limit(MOST_NAMES)
                .map(sheet -> "'" + sheet.name() + "'")
                .collect(Collectors.joining(", "));
        return found.orElseThrow(() -> new UnreadableWorkbookException(
                (wanted == null ? "it has no sheet that is shown" : "it has no sheet '" + wanted + "'")
                        + (names.isEmpty() ? "" : "; it has " + names)));
    }

    private SharedTexts texts(Map<String, Relation> parts) throws IOException, UnreadableWorkbookException {
        Optional<String> name = ofType(parts, "sharedStrings");
        if (name.isEmpty()) {
            return SharedTexts.none();
        }
        try (XmlPart part = part(name.get())) {
            return SharedTexts.of(part);
        }
    }

    private CellFormats formats(Map<String, Relation> parts) throws IOException, UnreadableWorkbookException {
        Optional<String> name = ofType(parts, "styles");
        if (name.isEmpty()) {
            return CellFormats.none();
        }
        try (XmlPart part = part(name.get())) {
            return CellFormats.of(part);
        }
    }

    private static Optional<String> ofType(Map<String, Relation> parts, String type) {
        return parts.values().stream()
                .filter(relation -> relation.type().equals(type))
                .map(Relation::part)
                .findFirst();
    }

    private XmlPart part(String name) throws IOException, UnreadableWorkbookException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new UnreadableWorkbookException(UnreadableWorkbookException.NO_WORKBOOK);
        }
        return XmlPart.open(zip, entry, most);
    }

    /** What a part refers to, by id. */
    private Map<String, Relation> relations(String of) throws IOException, UnreadableWorkbookException {
        int folder = of.lastIndexOf('/') + 1;
        Map<String, Relation> relations = new HashMap<>();
        try (XmlPart part = part(of.substring(0, folder) + "_rels/" + of.substring(folder) + ".rels")) {
            while (part.next()) {
                if (part.begins() && part.name().equals("Relationship")) {
                    String type = String.valueOf(part.attribute("Type"));
                    relations.put(
                            String.valueOf(part.attribute("Id")),
                            new Relation(
                                    type.substring(type.lastIndexOf('/') + 1),
                                    path(of.substring(0, folder), String.valueOf(part.attribute("Target")))));
                }
            }
            part.requireWhole();
        }
        return relations;
    }

    private static String path(String folder, String target) {
        Deque<String> path = new ArrayDeque<>();
        for (String name : (target.startsWith("/") ? target : folder + target).split("/")) {
            if (name.equals("..")) {
                path.pollLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                path.addLast(name);
            }
        }
        return String.join("/", path);
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
