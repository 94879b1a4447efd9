package dev.tarn.connect.files;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A workbook, part by part as a test needs it. Its first sheet is called Budget. */
public final class TestWorkbook {

    private static final String MAIN = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    private static final String TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    private final Map<String, String> sheets = new LinkedHashMap<>();
    private final Map<String, String> parts = new LinkedHashMap<>();
    private String settings = "";

    /** @param rows what stands in {@code sheetData} */
    public TestWorkbook(String rows) {
        this("Budget", rows);
    }

    TestWorkbook(String name, String rows) {
        sheet(name, rows);
    }

    public TestWorkbook sheet(String name, String rows) {
        sheets.put(name, "");
        return part(
                "xl/worksheets/sheet" + sheets.size() + ".xml",
                "<worksheet " + MAIN + "><sheetData>" + rows + "</sheetData></worksheet>");
    }

    TestWorkbook hide(String name) {
        sheets.put(name, " state=\"hidden\"");
        return this;
    }

    TestWorkbook since1904() {
        settings = "<workbookPr date1904=\"1\"/>";
        return this;
    }

    TestWorkbook texts(String... texts) {
        return part("xl/sharedStrings.xml", "<sst " + MAIN + "><si>" + String.join("</si><si>", texts) + "</si></sst>");
    }

    /** Styles from 0 on; the first formats have the numbers from 164 on. */
    public TestWorkbook formats(String... codes) {
        StringBuilder formats = new StringBuilder();
        StringBuilder styles = new StringBuilder();
        for (int at = 0; at < codes.length; at++) {
            boolean own = !codes[at].matches("\\d+");
            if (own) {
                formats.append("<numFmt numFmtId=\"" + (164 + at) + "\" formatCode=\"" + codes[at] + "\"/>");
            }
            styles.append("<xf numFmtId=\"" + (own ? String.valueOf(164 + at) : codes[at]) + "\"/>");
        }
        return part(
                "xl/styles.xml",
                "<styleSheet " + MAIN + "><numFmts>" + formats
                        + "</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>" + "<cellXfs>" + styles
                        + "</cellXfs></styleSheet>");
    }

    TestWorkbook part(String name, String xml) {
        parts.put(name, xml);
        return this;
    }

    public byte[] bytes() {
        StringBuilder book = new StringBuilder();
        StringBuilder relations = new StringBuilder();
        int number = 0;
        for (Map.Entry<String, String> sheet : sheets.entrySet()) {
            number++;
            book.append("<sheet name=\"" + sheet.getKey() + "\" sheetId=\"" + number + "\" r:id=\"rId" + number + "\""
                    + sheet.getValue() + "/>");
            relations.append(relation("rId" + number, "worksheet", "worksheets/sheet" + number + ".xml"));
        }
        relations.append(
                parts.containsKey("xl/sharedStrings.xml")
                        ? relation("rIdT", "sharedStrings", "/xl/sharedStrings.xml")
                        : "");
        relations.append(parts.containsKey("xl/styles.xml") ? relation("rIdS", "styles", "../xl/styles.xml") : "");
        Map<String, String> all = new LinkedHashMap<>();
        all.put("_rels/.rels", relations(relation("rId1", "officeDocument", "xl/workbook.xml")));
        all.put("xl/_rels/workbook.xml.rels", relations(relations.toString()));
        all.put(
                "xl/workbook.xml",
                "<workbook " + MAIN + " xmlns:r=\"" + TYPES + "\">" + settings + "<sheets>" + book
                        + "</sheets></workbook>");
        all.putAll(parts);
        return zip(all);
    }

    private static String relations(String content) {
        return "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">" + content
                + "</Relationships>";
    }

    private static String relation(String id, String type, String target) {
        return "<Relationship Id=\"" + id + "\" Type=\"" + TYPES + "/" + type + "\" Target=\"" + target + "\"/>";
    }

    static byte[] zip(Map<String, String> parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> part : parts.entrySet()) {
                zip.putNextEntry(new ZipEntry(part.getKey()));
                zip.write(part.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Rows of texts and numbers, from the first on: cells are separated by |, empty ones are left out. */
    public static String rows(String... rows) {
        StringBuilder xml = new StringBuilder();
        for (int row = 0; row < rows.length; row++) {
            xml.append("<row r=\"" + (row + 1) + "\">");
            String[] cells = rows[row].split("\\|", -1);
            for (int column = 0; column < cells.length; column++) {
                String name = "r=\"" + (char) ('A' + column) + (row + 1) + "\"";
                if (cells[column].matches("-?[\\d.]+(E[-+]?\\d+)?")) {
                    xml.append("<c " + name + "><v>" + cells[column] + "</v></c>");
                } else if (!cells[column].isEmpty()) {
                    xml.append("<c " + name + " t=\"inlineStr\"><is><t>" + cells[column] + "</t></is></c>");
                }
            }
            xml.append("</row>");
        }
        return xml.toString();
    }
}
