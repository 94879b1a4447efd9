package dev.tarn.connect.files;

import static dev.tarn.connect.files.TestWorkbook.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.FileDrop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workbooks that cannot be read as a whole, beside one that can. */
class ExcelAsideTest {

    private static final byte[] GOOD = new TestWorkbook(rows("id|name", "1|x")).bytes();
    private static final byte[] OLE = {
        (byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0, (byte) 0xA1, (byte) 0xB1, 0x1A, (byte) 0xE1
    };
    private static final String BROKEN_PACK = "its packed form is broken or ends too early";
    private static final String BROKEN_XML = "its XML is broken or ends too early";
    private static final String NO_WORKBOOK = "it is no workbook of Excel (.xlsx)";

    @TempDir
    Path temp;

    private DropFolder folder;

    @BeforeEach
    void open() {
        folder = new DropFolder(temp).format(FileDrop.Format.EXCEL).put("bank/good.xlsx", GOOD);
    }

    @AfterEach
    void close() {
        folder.close();
    }

    private void assertAside(String reason, TestWorkbook workbook) throws IOException {
        assertAside(reason, workbook.bytes());
    }

    private void assertAside(String reason, byte[] content) throws IOException {
        folder.put("bank/z.xlsx", content).look();

        assertThat(folder.rows()).containsExactly("1|x");
        assertThat(folder.aside()).containsExactly("landing/bank/z.xlsx|null|null|" + reason + "|null");
        try (Stream<Path> left = Files.walk(temp.resolve("workspace"))) {
            assertThat(left.map(Path::toString)).noneMatch(path -> path.endsWith(".excel") || path.endsWith(".xlsx"));
        }
    }

    /** A container with a name that lies over the end of what is looked at at once. */
    private static byte[] container(String name) {
        byte[] content = Arrays.copyOf(OLE, 200_000);
        byte[] entry = name.getBytes(StandardCharsets.UTF_16LE);
        System.arraycopy(entry, 0, content, (1 << 16) + OLE.length - 5, entry.length);
        return content;
    }

    @Test
    void encryptedOnesAreNamed() throws IOException {
        assertAside("it is encrypted; save it without a password", container("EncryptedPackage"));
    }

    @Test
    void oldOnesAreNamed() throws IOException {
        assertAside("it is a workbook of Excel 97-2003 (.xls); save it as .xlsx", container("Workbook"));
    }

    @Test
    void binaryOnesAreNamed() throws IOException {
        assertAside(
                "it is a binary workbook (.xlsb); save it as .xlsx",
                TestWorkbook.zip(
                        Map.of(
                                "_rels/.rels",
                                "<Relationships><Relationship Id=\"a\" Type=\"x/officeDocument\" Target=\"xl/workbook.bin\"/></Relationships>")));
    }

    @Test
    void otherFilesAreNone() throws IOException {
        assertAside(NO_WORKBOOK, "id,name\n1,x\n".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void otherArchivesAreNone() throws IOException {
        assertAside(NO_WORKBOOK, TestWorkbook.zip(Map.of("a.csv", "id,name")));
    }

    @Test
    void theSheetsThatThereAreAreNamed() throws IOException {
        folder.options(new FileDrop.Options(true, ",", "\"", "\"", "UTF-8", List.of(), 0, ".", "Budget"));

        assertAside(
                "it has no sheet 'Budget'; it has 'Bugdet', 'Notes'",
                new TestWorkbook("Bugdet", "").sheet("Notes", ""));
    }

    @Test
    void aSheetHasToBeShown() throws IOException {
        assertAside("it has no sheet that is shown; it has 'Budget'", new TestWorkbook("").hide("Budget"));
    }

    @Test
    void anEmptySheetHasNoHeader() throws IOException {
        assertAside("it has no header", new TestWorkbook("<row r=\"1\"><c r=\"A1\" s=\"0\"/></row>"));
    }

    @Test
    void aHeaderNamesEveryColumnOnce() throws IOException {
        assertAside("columns 1 and 3 of its header have the same name", new TestWorkbook(rows("id|name|ID", "1|2|3")));
    }

    @Test
    void aHeaderHasOneOfTheColumns() throws IOException {
        assertAside(
                "its header has none of the columns of the table; another sheet may be meant (options: sheet), or the header"
                        + " stands further down (options: skip)",
                new TestWorkbook(rows("Budget of 2024", "id|name", "1|x")));
    }

    @Test
    void aHeaderHasAThousandColumns() throws IOException {
        String cells = IntStream.range(0, 1_001)
                .mapToObj(at -> "<c t=\"str\"><v>c" + at + "</v></c>")
                .collect(Collectors.joining());

        assertAside(
                "its header has 1001 columns, of which at most 1000 are read",
                new TestWorkbook("<row>" + cells + "</row>"));
    }

    @Test
    void aThousandColumnsAreRead() {
        String header = IntStream.range(0, 998)
                .mapToObj(at -> "<c t=\"str\"><v>c" + at + "</v></c>")
                .collect(Collectors.joining("", rows("id|name").replace("</row>", ""), "</row>"));
        folder.put("bank/z.xlsx", new TestWorkbook(header + "<row r=\"2\"><c r=\"ALL2\"><v>7</v></c></row>").bytes())
                .look();

        assertThat(folder.query("SELECT id, _rescued_data FROM %s ORDER BY id NULLS LAST"))
                .containsExactly("1|null", "null|{\"c997\":\"7\"}");
    }

    @Test
    void rowsAndCellsLieInASheet() throws IOException {
        assertAside("it has more rows than can be in a sheet", new TestWorkbook("<row r=\"1048577\"/>"));
    }

    @Test
    void cellsLieInASheet() throws IOException {
        assertAside(
                "it has a cell outside of what can be a sheet",
                new TestWorkbook("<row r=\"1\"><c r=\"XFE1\"><v>1</v></c></row>"));
    }

    @Test
    void aRowIsNotTooLong() throws IOException {
        String cell = "<c t=\"str\"><v>" + "x".repeat(700_000) + "</v></c>";
        assertAside(
                "row 2 has more than 2 MB", new TestWorkbook(rows("id|name|c") + "<row>" + cell.repeat(3) + "</row>"));
    }

    @Test
    void aCellIsNotTooLong() throws IOException {
        assertAside(
                "its XML has a text of more than 1 MiB",
                new TestWorkbook(rows("id|name", "1|" + "x".repeat((1 << 20) + 1))));
    }

    @Test
    void numbersAndTextsAreThere() throws IOException {
        assertAside(
                "cell B2 has a number that is none",
                new TestWorkbook(rows("id|name") + "<row><c r=\"B2\"><v>1,5</v></c></row>"));
    }

    @Test
    void textsAreThere() throws IOException {
        assertAside(
                "a cell names a text that is not there",
                new TestWorkbook("<row><c t=\"s\"><v>1</v></c></row>").texts("<t>id</t>"));
    }

    @Test
    void oneThatEndsTooEarlyIsKeptAside() throws IOException {
        assertAside(BROKEN_PACK, Arrays.copyOf(GOOD, GOOD.length - 40));
    }

    @Test
    void xmlThatEndsTooEarlyIsKeptAside() throws IOException {
        assertAside(
                BROKEN_XML,
                new TestWorkbook("").part("xl/worksheets/sheet1.xml", "<worksheet><sheetData>" + rows("id", "1")));
    }

    @Test
    void bytesThatChangedAreFound() throws IOException {
        // The content of the last part ends before the central directory; its deflated bytes are told by their checksum
        // alone.
        byte[] content = new TestWorkbook(rows("id|name", "1|x")).bytes();
        int directory = indexOf(content, new byte[] {'P', 'K', 1, 2}, 0);
        int sheet = indexOf(content, "xl/worksheets/sheet1.xml".getBytes(StandardCharsets.UTF_8), directory);
        // The checksum in the directory stands 30 bytes before the name.
        content[sheet - 30] ^= 1;

        assertAside(BROKEN_PACK, content);
    }

    private static int indexOf(byte[] content, byte[] wanted, int from) {
        int at = from;
        while (!Arrays.equals(content, at, at + wanted.length, wanted, 0, wanted.length)) {
            at++;
        }
        return at;
    }

    @Test
    void entitiesAreNotResolved() throws IOException {
        assertAside(
                "its XML has a document type, which no workbook has",
                new TestWorkbook("")
                        .part(
                                "xl/worksheets/sheet1.xml",
                                "<!DOCTYPE w [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><w><sheetData>"
                                        + rows("id|name", "1|&e;") + "</sheetData></w>"));
    }

    @Test
    void oneThatUnpacksToTooMuchIsKeptAside() throws IOException {
        folder.size(new BatchSize(1000, 64L << 20, 1L << 20));

        assertAside(
                "it unpacks to more than the 16 MiB that are read of it",
                new TestWorkbook(rows("id|name") + "<row><c s=\"0\"/></row>".repeat(900_000)));
    }

    @Test
    void oneWithoutRoomIsKeptAside() throws IOException {
        folder.size(new BatchSize(1000, 64L << 20, 1L << 20));

        assertAside(
                "it has more than the 1 MiB that there is room for on this machine",
                new TestWorkbook(rows("id|name") + "<row><c><v>2</v></c></row>".repeat(300_000)));
    }
}
