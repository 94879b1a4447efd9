package dev.tarn.connect.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.FileDrop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as people write them: read as they are meant, or kept aside with the place. */
class CsvTortureTest {

    @TempDir
    Path temp;

    private DropFolder folder;

    @BeforeEach
    void open() {
        folder = new DropFolder(temp);
    }

    @AfterEach
    void close() {
        folder.close();
    }

    private List<String> rows() {
        return folder.query("SELECT id, replace(replace(name, chr(13), '^'), chr(10), '~') FROM %s ORDER BY ALL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void linesEndAsTheyLike(String end) {
        String csv = "id,name\n1,x\n2,\"say \"\"hi\"\"\"\n3,\"a,b\"\n4,\n5,\"\"\n6,a\"b\n7,ü".replace("\n", end);
        folder.put("bank/a.csv", csv).look();

        assertThat(rows()).containsExactly("1|x", "2|say \"hi\"", "3|a,b", "4|null", "5|null", "6|a\"b", "7|ü");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n"})
    void aHeaderWithALineEndInQuotesHidesNoRows(String end) {
        folder.put("bank/a.csv", ("id,name,\"no\nte\"" + end + "1,x,n" + end + "2,y,m" + end))
                .look();

        assertThat(folder.query("SELECT id, name, _rescued_data FROM %s ORDER BY ALL"))
                .containsExactly("1|x|{\"no\\nte\":\"n\"}", "2|y|{\"no\\nte\":\"m\"}");
    }

    @Test
    void valuesHaveLineEndsOfAnyKind() {
        folder.put("bank/a.csv", "id,name\r\n1,\"a\nb\"\r\n2,\"c\r\nd\"\r\n")
                .put("bank/b.csv", "id,name\n3,\"a\r\nb\"\n4,\"c\nd\"\n")
                .look();

        assertThat(rows()).containsExactly("1|a~b", "2|c^~d", "3|a^~b", "4|c~d");
    }

    @Test
    void lineEndsMayBeMixed() {
        folder.put("bank/a.csv", "id,name\r\n1,x\n2,y\r\n3,z\n").look();

        assertThat(rows()).containsExactly("1|x", "2|y", "3|z");
    }

    @Test
    void emptyLinesAreNoRows() {
        folder.put("bank/a.csv", "\nid,name\n\n1,x\n\n\n2,y\n\n").look();

        assertThat(rows()).containsExactly("1|x", "2|y");
    }

    @Test
    void raggedRecordsAreKeptAsideWithTheirPlace() {
        folder.put("bank/a.csv", "id,name\n1,\"x\ny\"\n2\n3,a,b\n4,ok\n\"5\"x,\"un\n6,y\n");
        assertThat(folder.look()).hasSize(1).allSatisfy(done -> assertThat(done.remarks())
                .containsExactly(
                        "3 records of landing/bank/a.csv cannot be read; see tarn quarantine show bronze.bank."));

        assertThat(rows()).containsExactly("1|x~y", "4|ok");
        assertThat(folder.aside())
                .containsExactly(
                        "landing/bank/a.csv|4|null|it has fewer values than there are columns|2",
                        "landing/bank/a.csv|5|null|it has more values than there are columns|3,a,b",
                        "landing/bank/a.csv|7|id|a quote is not closed, or something stands behind it|\"5\"x,\"un~6,y~");
    }

    @Test
    void placesAreLinesOfTheFileWithWindowsLineEnds() {
        folder.put("bank/a.csv", "id,name\r\n1,\"x\r\ny\"\r\n2\r\n4,ok\r\n").look();

        assertThat(rows()).containsExactly("1|x^~y", "4|ok");
        assertThat(folder.aside())
                .containsExactly("landing/bank/a.csv|4|null|it has fewer values than there are columns|2");
    }

    @Test
    void bytesThatAreNotUtf8AreKeptAside() {
        folder.put("bank/a.csv", "id,name\n1,x\n2,é\n3,z\n", StandardCharsets.ISO_8859_1)
                .look();

        assertThat(rows()).containsExactly("1|x", "3|z");
        assertThat(folder.aside()).containsExactly("landing/bank/a.csv|3|name|it is not UTF-8|2,?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"windows-1252", "ISO-8859-15", "UTF-16", "UTF-16LE", "Shift_JIS", "x-UTF-16LE-BOM", "UTF-32"})
    void encodingsAreReadAsTheProjectSays(String encoding) {
        String text = encoding.equals("Shift_JIS") ? "日本" : "é€";
        folder.encoding(encoding)
                .put("bank/a.csv", "id,name\n1," + text + "\n", Charset.forName(encoding))
                .look();

        assertThat(rows()).containsExactly("1|" + text);
    }

    @Test
    void aByteOrderMarkIsBelieved() {
        folder.encoding("windows-1252")
                .put("bank/a.csv", "\uFEFFid,name\n1,é\n", StandardCharsets.UTF_8)
                .put("bank/b.csv", "\uFEFFid,name\n2,é\n", StandardCharsets.UTF_16LE)
                .put("bank/c.csv", "\uFEFFid,name\n3,é\n", StandardCharsets.UTF_16BE)
                .put("bank/d.csv", "id,name\n4,é\n", Charset.forName("windows-1252"))
                .look();

        assertThat(rows()).containsExactly("1|é", "2|é", "3|é", "4|é");
    }

    @Test
    void aByteThatMeansNothingKeepsTheFileAsideWithItsLine() {
        byte[] content = "id,name\n1,x\n2,?\n".getBytes(StandardCharsets.US_ASCII);
        content[14] = (byte) 0x81;
        folder.encoding("windows-1252").put("bank/a.csv", content).put("bank/b.csv", "id,name\n3,z\n");
        assertThat(folder.look().get(0).remarks())
                .containsExactly(
                        "landing/bank/a.csv cannot be read: a byte means nothing in windows-1252, in which the drop"
                                + " says the file is; see tarn quarantine show bronze.bank.");

        assertThat(rows()).containsExactly("3|z");
        assertThat(folder.aside())
                .containsExactly(
                        "landing/bank/a.csv|3|null|a byte means nothing in windows-1252, in which the drop says the"
                                + " file is|null");
        assertThat(folder.look()).isEmpty();
    }

    @Test
    void aThousandColumnsAreRead() {
        String header = IntStream.range(0, 1000).mapToObj(at -> "c" + at).collect(Collectors.joining(","));
        String values = IntStream.range(0, 1000).mapToObj(Integer::toString).collect(Collectors.joining(","));
        folder.columns(new Column("c7", DataType.Simple.INT), new Column("c999", DataType.Simple.STRING))
                .put("bank/a.csv", header + "\n" + values + "\n")
                .look();

        assertThat(folder.query(
                        "SELECT c7, c999, json_array_length(json_keys(_rescued_data)::JSON), _rescued_data->>'c500'"
                                + " FROM %s"))
                .containsExactly("7|999|998|500");
    }

    @Test
    void headersThatSayNothingKeepAFileAside() {
        folder.put("bank/a.csv", "id;name\n1;x\n")
                .put("bank/b.csv", "id,name,ID\n1,x,2\n")
                .put("bank/c.csv", "\n\n")
                .put("bank/d.csv", "id,,name\n1,gap,x\n")
                .look();

        assertThat(folder.query("SELECT id, name, _rescued_data FROM %s"))
                .containsExactly("1|x|{\"column 2\":\"gap\"}");
        assertThat(folder.aside())
                .containsExactly(
                        "landing/bank/a.csv|null|null|its header has none of the columns of the table; the separator may be"
                                + " another one|null",
                        "landing/bank/b.csv|null|null|columns 1 and 3 of its header have the same name|null",
                        "landing/bank/c.csv|null|null|it has no header|null");
    }

    @Test
    void theProjectSaysHowValuesStand() {
        folder.options(new FileDrop.Options(false, "\t", "'", "\\", "UTF-8", List.of("-", "n/a"), 2, ".", null))
                .put("bank/a.csv", "export of \"today\nby me\n1\t'it\\'s'\n2\t-\n3\tn/a\n")
                .put("bank/b.csv", "a\nb\n4\tx\tmore\n")
                .look();

        assertThat(folder.query("SELECT id, name, _rescued_data FROM %s ORDER BY id"))
                .containsExactly("1|it's|null", "2|null|null", "3|null|null", "4|x|{\"column 3\":\"more\"}");
    }

    @Test
    void numbersMayHaveADecimalComma() {
        folder.columns(
                        new Column("id", DataType.Simple.INT),
                        new Column("amount", new DataType.Decimal(18, 2)),
                        new Column("rate", DataType.Simple.DOUBLE),
                        new Column("name", DataType.Simple.STRING))
                .options(new FileDrop.Options(true, ";", "\"", "\"", "UTF-8", List.of(), 0, ",", null))
                .put(
                        "bank/a.csv",
                        "id;amount;rate;name\n1;-1234,50;0,25;a,b.c\n2;7;1;x\n3;1.234,50;1.5;y\n4;0,125;2;z\n")
                .look();

        assertThat(folder.query("SELECT id, amount, rate, name, _rescued_data FROM %s ORDER BY id"))
                .containsExactly(
                        "1|-1234.50|0.25|a,b.c|null",
                        "2|7.00|1.0|x|null",
                        "3|null|null|y|{\"amount\":\"1.234,50\",\"rate\":\"1.5\"}",
                        "4|null|2.0|z|{\"amount\":\"0,125\"}");
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    private static byte[] zip(byte[] content, String... names) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (String name : names) {
                out.putNextEntry(new ZipEntry(name));
                if (!name.endsWith("/")) {
                    out.write(content);
                }
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] row(int id) {
        return ("id,name\n" + id + ",x\n").getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void packedFilesAreUnpacked() throws IOException {
        byte[] latin = "id,name\n3,é\n".getBytes(StandardCharsets.UTF_16LE);
        folder.put("bank/a.csv.gz", gzip(row(1)))
                .put("bank/b.zip", zip(row(2), "../../etc/", "../../etc/passwd", "__MACOSX/x"))
                .put(
                        "bank/c",
                        gzip(("\uFEFF" + new String(latin, StandardCharsets.UTF_16LE))
                                .getBytes(StandardCharsets.UTF_16LE)))
                .look();

        assertThat(rows()).containsExactly("1|x", "2|x", "3|é");
    }

    @Test
    void whatUnpacksToTooMuchIsKeptAside() throws IOException {
        byte[] broken = gzip(row(9));
        folder.size(new BatchSize(100, 1 << 20, 1 << 20))
                .put("bank/bomb.gz", gzip(new byte[64 << 20]))
                .put("bank/bomb.zip", zip(new byte[64 << 20], "a"))
                .put("bank/broken.gz", java.util.Arrays.copyOf(broken, broken.length - 9))
                .put("bank/empty.zip", zip(new byte[0], "a/"))
                .put("bank/two.zip", zip(row(2), "a", "b"))
                .put("bank/ok.csv", row(1))
                .look();

        assertThat(rows()).containsExactly("1|x");
        assertThat(folder.aside())
                .containsExactly(
                        "landing/bank/bomb.gz|null|null|it unpacks to more than the 1 MiB that there is room for|null",
                        "landing/bank/bomb.zip|null|null|it unpacks to more than the 1 MiB that there is room for|null",
                        "landing/bank/broken.gz|null|null|its packed form is broken or ends too early|null",
                        "landing/bank/empty.zip|null|null|the archive holds no file|null",
                        "landing/bank/two.zip|null|null|the archive holds more than one file|null");
    }

    @Test
    void aRecordThatIsTooLongIsKeptAside() {
        folder.put("bank/a.csv", "id,name\n1,x\n2," + "y".repeat(5 << 20) + "\n3,z\n")
                .look();

        assertThat(rows()).containsExactly("1|x", "3|z");
        assertThat(folder.lake().query("bronze.bank_quarantine", "SELECT _line, _reason FROM %s"))
                .containsExactly("3|it is too long");
    }
}
