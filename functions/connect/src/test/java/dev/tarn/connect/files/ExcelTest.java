package dev.tarn.connect.files;

import static dev.tarn.connect.files.TestWorkbook.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.FileDrop;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExcelTest {

    @TempDir
    Path temp;

    private DropFolder folder;

    @BeforeEach
    void open() {
        folder = new DropFolder(temp).format(FileDrop.Format.EXCEL);
    }

    @AfterEach
    void close() {
        folder.close();
    }

    private DropFolder put(String name, TestWorkbook workbook) {
        return folder.put(name, workbook.bytes());
    }

    private static FileDrop.Options options(boolean header, int skip, @Nullable String sheet) {
        return new FileDrop.Options(header, ",", "\"", "\"", "UTF-8", List.of("n/a"), skip, ".", sheet);
    }

    @Test
    void textsAreThoseThatPeopleSee() {
        put(
                        "bank/a.xlsx",
                        new TestWorkbook(
                                        """
                                <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>
                                <row r="2"><c r="A2"><v>1</v></c><c r="B2" t="s"><v>2</v></c></row>
                                <row r="3"><c r="A3"><v>2</v></c><c r="B3" t="s"><v>3</v></c></row>
                                <row r="4"><c r="A4"><v>3</v></c><c r="B4" t="str"><f>"a"&amp;"b"</f><v>a,b;"c"</v></c></row>
                                <row r="5"><c r="A5"><v>4</v></c><c r="B5" t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r></is></c></row>
                                <row r="6"><c r="A6"><f>2+3</f><v>5</v></c><c r="B6" t="b"><v>1</v></c></row>
                                <row><c><v>6</v></c><c t="inlineStr"><is><t>_x0041__x0000_</t></is></c></row>
                                """)
                                .texts(
                                        "<t>ID</t>",
                                        "<t> name </t>",
                                        "<r><t>é</t></r><r><rPr/><t>è</t></r><rPh><t>kana</t></rPh>",
                                        "<t xml:space=\"preserve\"> line\nand_x000D_\nline </t>"))
                .look();

        assertThat(folder.query("SELECT id, replace(replace(name, chr(10), '~'), chr(13), '^'), _file, _rescued_data"
                        + " FROM %s ORDER BY id"))
                .containsExactly(
                        "1|éè|landing/bank/a.xlsx|null",
                        "2| line~and^~line |landing/bank/a.xlsx|null",
                        "3|a,b;\"c\"|landing/bank/a.xlsx|null",
                        "4|inline|landing/bank/a.xlsx|null",
                        "5|true|landing/bank/a.xlsx|null",
                        "6|A_x0000_|landing/bank/a.xlsx|null");
    }

    @Test
    void numbersAreNotRounded() {
        put(
                        "bank/a.xlsx",
                        new TestWorkbook(rows(
                                "id|name",
                                "1|0.1",
                                "2|1.1000000000000001",
                                "3|19.989999999999998",
                                "4|0.30000000000000004",
                                "5|1E+2",
                                "6|-1.5E-7",
                                "7|9007199254740993",
                                "8|12345678901234567890.12",
                                "9|1234.5599999999999",
                                "10|100.50",
                                "11|1.0E+300",
                                "12|1E-999999999",
                                "13|-0.07000000000000001",
                                "14|1234567890123456",
                                "15|0.1000000000000000055511151231257827",
                                "1.5|0",
                                "9999999999|-0.0")))
                .look();

        assertThat(folder.query(
                        "SELECT id, left(name, 30), _rescued_data FROM %s ORDER BY id NULLS LAST, _rescued_data"))
                .containsExactly(
                        "1|0.1|null",
                        "2|1.1|null",
                        "3|19.99|null",
                        "4|0.30000000000000004|null",
                        "5|100|null",
                        "6|-0.00000015|null",
                        "7|9007199254740993|null",
                        "8|12345678901234567890.12|null",
                        "9|1234.56|null",
                        "10|100.5|null",
                        "11|1" + "0".repeat(29) + "|null",
                        "12|1E-999999999|null",
                        "13|-0.07|null",
                        "14|1234567890123456|null",
                        "15|0.1|null",
                        "null|0|{\"id\":\"1.5\"}",
                        "null|0|{\"id\":\"9999999999\"}");
    }

    private void dated(String rows) {
        folder.columns(
                new Column("id", DataType.Simple.INT),
                new Column("name", DataType.Simple.STRING),
                new Column("day", DataType.Simple.DATE),
                new Column("moment", DataType.Simple.TIMESTAMP_NTZ));
        put(
                        "bank/a.xlsx",
                        new TestWorkbook(rows("id|name|day|moment") + rows)
                                .formats(
                                        "0",
                                        "14",
                                        "dd/mm/yyyy\\ hh:mm",
                                        "[$-407]d. mmmm yyyy",
                                        "h:mm",
                                        "[h]:mm",
                                        "#,##0.00\\ \\d&quot;days&quot;;[Red]-#,##0.00",
                                        "mmm"))
                .look();
    }

    private static String dated(int id, int style, String number) {
        String cell = "<c s=\"" + style + "\"><v>" + number + "</v></c>";
        return "<row><c><v>" + id + "</v></c>" + cell.repeat(3) + "</row>";
    }

    @Test
    void numbersAreDatesWhereTheirFormatSaysSo() {
        dated(dated(1, 1, "45322")
                + dated(2, 2, "45322.4244212963")
                + dated(3, 3, "45322.5")
                + dated(4, 1, "59")
                + dated(5, 1, "61")
                + dated(6, 7, "45322")
                + "<row><c><v>7</v></c><c/><c t=\"d\"><v>2024-01-31T00:00:00</v></c>"
                + "<c t=\"d\"><v>2024-01-31T10:11:12.5</v></c></row>");

        assertThat(folder.query("SELECT id, name, day, moment, _rescued_data FROM %s ORDER BY id"))
                .containsExactly(
                        "1|2024-01-31|2024-01-31|2024-01-31 00:00:00|null",
                        "2|2024-01-31 10:11:10|null|2024-01-31 10:11:10|{\"day\":\"2024-01-31 10:11:10\"}",
                        "3|2024-01-31 12:00:00|null|2024-01-31 12:00:00|{\"day\":\"2024-01-31 12:00:00\"}",
                        "4|1900-02-28|1900-02-28|1900-02-28 00:00:00|null",
                        "5|1900-03-01|1900-03-01|1900-03-01 00:00:00|null",
                        "6|2024-01-31|2024-01-31|2024-01-31 00:00:00|null",
                        "7|null|2024-01-31|2024-01-31 10:11:12.5|null");
    }

    @Test
    void whatIsNoDateStaysWhatItIs() {
        dated(dated(1, 1, "60")
                + dated(2, 4, "0.75")
                + dated(3, 5, "1.5")
                + dated(4, 1, "-1")
                + dated(5, 1, "2958466")
                + dated(6, 6, "45322")
                + dated(7, 1, "1E+30"));

        assertThat(folder.query("SELECT name, day, moment, _rescued_data FROM %s ORDER BY id"))
                .containsExactly(
                        "60|null|null|{\"day\":\"60\",\"moment\":\"60\"}",
                        "18:00:00|null|null|{\"day\":\"18:00:00\",\"moment\":\"18:00:00\"}",
                        "1.5|null|null|{\"day\":\"1.5\",\"moment\":\"1.5\"}",
                        "-1|null|null|{\"day\":\"-1\",\"moment\":\"-1\"}",
                        "2958466|null|null|{\"day\":\"2958466\",\"moment\":\"2958466\"}",
                        "45322|null|null|{\"day\":\"45322\",\"moment\":\"45322\"}",
                        "1" + "0".repeat(30) + "|null|null|{\"day\":\"1" + "0".repeat(30) + "\",\"moment\":\"1"
                                + "0".repeat(30) + "\"}");
    }

    @Test
    void daysMayBeCountedFrom1904() {
        folder.columns(new Column("id", DataType.Simple.INT), new Column("name", DataType.Simple.DATE));
        put(
                        "bank/a.xlsx",
                        new TestWorkbook(rows("id|name")
                                        + "<row><c><v>1</v></c><c s=\"1\"><v>0</v></c></row>"
                                        + "<row><c><v>2</v></c><c s=\"1\"><v>43860</v></c></row>")
                                .since1904()
                                .formats("0", "14"))
                .look();

        assertThat(folder.rows()).containsExactly("1|1904-01-01", "2|2024-01-31");
    }

    @Test
    void cellsThatAreNoValuesOfTheTableAreRescuedWithTheirPlace() {
        folder.options(options(true, 0, null));
        put(
                        "bank/a.xlsx",
                        new TestWorkbook(rows("id|name|more", "1|x|y", "", "|||", "2||||note", "n/a|z")
                                + "<row r=\"7\"><c r=\"A7\"><v>3</v></c><c r=\"B7\" t=\"e\"><f>Other!A1</f><v>#REF!</v></c>"
                                + "<c r=\"AB7\" t=\"e\"><v>#N/A</v></c></row>"))
                .look();

        assertThat(folder.query("SELECT id, name, _rescued_data FROM %s ORDER BY id NULLS LAST"))
                .containsExactly(
                        "1|x|{\"more\":\"y\"}",
                        "2|null|{\"Budget!E5\":\"note\"}",
                        "3|null|{\"Budget!B7\":\"#REF!\",\"Budget!AB7\":\"#N/A\"}",
                        "null|z|null");
    }

    @Test
    void withoutSchemaOnlyErrorsOfColumnsAreRescued() {
        folder.schema(FileDrop.Unknown.NONE);
        put(
                        "bank/a.xlsx",
                        new TestWorkbook(
                                rows("id|name|more", "1|x|y|note")
                                        + "<row r=\"3\"><c r=\"A3\" t=\"e\"><v>#DIV/0!</v></c><c r=\"B3\" t=\"str\"><v>z</v></c></row>"))
                .look();

        assertThat(folder.query("SELECT id, name, _rescued_data FROM %s ORDER BY id NULLS LAST"))
                .containsExactly("1|x|null", "null|z|{\"Budget!A3\":\"#DIV/0!\"}");
    }

    @Test
    void newColumnsAreAddedOrKeepAFileOut() {
        folder.schema(FileDrop.Unknown.ADD_NEW_COLUMNS);
        put("bank/a.xlsx", new TestWorkbook(rows("id||note", "1|b|n"))).look();
        assertThat(folder.query("SELECT id, name, note, _rescued_data FROM %s"))
                .containsExactly("1|null|n|{\"column 2\":\"b\"}");

        folder.schema(FileDrop.Unknown.FAIL_ON_NEW_COLUMNS);
        put("bank/b.xlsx", new TestWorkbook(rows("id|more", "2|n")));
        assertThat(folder.refusal())
                .isEqualTo(
                        """
                sources/files.yml:4:11  SCHEMA_CHANGED  landing/bank/b.xlsx has a column more, which bronze.bank does not have, and schema: failOnNewColumns refuses it.
                    Add it to columns, or write schema: rescue or schema: addNewColumns; the file is then read.""");
    }

    @Test
    void theFirstSheetThatIsShownIsRead() {
        put("bank/a.xlsx", new TestWorkbook(rows("id", "1")).hide("Budget").sheet("Seen", rows("id|name", "2|b")))
                .look();

        assertThat(folder.rows()).containsExactly("2|b");
    }

    @Test
    void aSheetIsMeantByNameThenByNumber() {
        TestWorkbook workbook = new TestWorkbook(rows("id", "1"))
                .sheet("Résumé", rows("id", "2"))
                .sheet("2", rows("id", "3"));
        folder.options(options(true, 0, "résumé"));
        put("bank/a.xlsx", workbook).look();
        assertThat(folder.rows()).containsExactly("2|null");

        folder.options(options(true, 0, "2")).keep(FileDrop.Keep.LATEST, FileDrop.SameFile.READ);
        put("bank/b.xlsx", workbook).look();
        assertThat(folder.rows()).containsExactly("3|null");

        folder.options(options(true, 0, "1"));
        put("bank/c.xlsx", workbook).look();
        assertThat(folder.rows()).containsExactly("1|null");
    }

    @Test
    void rowsBeforeTheHeaderAreLeftOutAndAHeaderNeedNotBe() {
        folder.options(options(true, 3, null));
        put("bank/a.xlsx", new TestWorkbook(rows("Report|of", "", "2024", "", "id|name", "1|x")))
                .look();
        assertThat(folder.rows()).containsExactly("1|x");

        folder.options(options(false, 1, null));
        put("bank/b.xlsx", new TestWorkbook(rows("a|b", "2", "3|z|more"))).look();
        assertThat(folder.query("SELECT id, name, _rescued_data FROM %s ORDER BY id NULLS LAST"))
                .containsExactly("1|x|null", "2|null|null", "3|z|{\"Budget!C3\":\"more\"}");
    }

    @Test
    void theSameContentIsReadOnceAndTheNewestFileReplacesOthers() {
        TestWorkbook first = new TestWorkbook(rows("id|name", "1|x"));
        put("bank/a.xlsx", first);
        put("bank/b.xlsx", first).look();
        assertThat(folder.rows()).containsExactly("1|x");

        folder.keep(FileDrop.Keep.LATEST, FileDrop.SameFile.SKIP);
        put("bank/c.xlsx", new TestWorkbook(rows("name|id", "y|2")));
        put("bank/d.xlsx", new TestWorkbook(rows("id|name", "3|z"))).look();
        assertThat(folder.rows()).containsExactly("3|z");
    }
}
