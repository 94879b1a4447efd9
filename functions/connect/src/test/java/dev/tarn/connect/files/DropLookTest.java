package dev.tarn.connect.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.connect.bronze.Extracted;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.FileDrop;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DropLookTest {

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

    @Test
    void theTableIsThereBeforeTheFirstFile() {
        assertThat(folder.look()).isEmpty();

        assertThat(folder.rows()).isEmpty();
        assertThat(folder.lake().snapshot("bronze.bank").schema()).isEqualTo(DropFolder.BANK.tableSchema());
    }

    @Test
    void rowsSayWhereTheyComeFrom() {
        folder.put(
                "bank/2024/a.csv",
                "id,name\n1,x\n".getBytes(StandardCharsets.UTF_8),
                Instant.parse("2024-05-06T07:08:09Z"));

        List<Extracted> done = folder.look();

        assertThat(done).extracting(Extracted::rows).containsExactly(1L);
        assertThat(
                        folder.query(
                                "SELECT id, name, _file, _file_modified, _file_size, _op, _seq, _source, _rescued_data FROM %s"))
                .containsExactly("1|x|landing/bank/2024/a.csv|2024-05-06 07:08:09+00|12|upsert|1|files|null");
    }

    @Test
    void theSameFilesAreReadOnce() {
        folder.put("bank/a.csv", "id,name\n1,x\n").put("bank/b.csv", "id,name\n2,y\n");
        folder.look();

        assertThat(folder.look()).isEmpty();
        folder.put("bank/again/a.csv", "id,name\n1,x\n")
                .put("bank/c.csv", "id,name\n3,z\n")
                .put("bank/b2.csv", "id,name\n2,y\n");
        folder.look();

        assertThat(folder.rows()).containsExactly("1|x", "2|y", "3|z");
    }

    @Test
    void theSameContentTwiceInOneCommitIsReadOnce() {
        folder.put("bank/a.csv", "id,name\n1,x\n").put("bank/copy of a.csv", "id,name\n1,x\n");

        assertThat(folder.look()).extracting(Extracted::rows).containsExactly(1L);
    }

    @Test
    void aRenamedFileIsNotReadAgain() throws Exception {
        folder.put("bank/a.csv", "id,name\n1,x\n").look();
        Files.move(folder.path("bank/a.csv"), folder.path("bank/z.csv"));

        folder.look();

        assertThat(folder.rows()).containsExactly("1|x");
    }

    @Test
    void theSameContentIsReadAgainWhereTheProjectSaysSo() {
        folder.keep(FileDrop.Keep.ALL, FileDrop.SameFile.READ)
                .put("bank/a.csv", "id,name\n1,x\n")
                .look();
        folder.put("bank/b.csv", "id,name\n1,x\n").look();

        assertThat(folder.look()).isEmpty();
        assertThat(folder.rows()).containsExactly("1|x", "1|x");
    }

    @Test
    void aFileThatChangedIsANewVersion() {
        folder.put("bank/a.csv", "id,name\n1,x\n").look();
        folder.put("bank/a.csv", "id,name\n1,x\n2,y\n").look();

        assertThat(folder.query("SELECT id, _seq FROM %s ORDER BY ALL")).containsExactly("1|1", "1|2", "2|2");
    }

    @Test
    void whatLooksHalfWrittenIsLeftForLater() throws Exception {
        folder.put("bank/empty.csv", "")
                .put("bank/.hidden.csv", "id,name\n1,x\n")
                .put("bank/_archive/a.csv", "id,name\n1,x\n")
                .put("bank/a.csv.part", "id,name\n1,x\n")
                .put("bank/a.csv.TMP", "id,name\n1,x\n")
                .put("bank/a.csv.crdownload", "id,name\n1,x\n")
                .put("bank/a.csv.filepart", "id,name\n1,x\n")
                .put("other/a.csv", "id,name\n1,x\n")
                .put("bank/fresh.csv", "id,name\n2,y\n".getBytes(StandardCharsets.UTF_8), Instant.now());
        assertThat(folder.look()).isEmpty();
        assertThat(folder.rows()).isEmpty();

        Files.setLastModifiedTime(
                folder.path("bank/fresh.csv"), FileTime.from(Instant.now().minusSeconds(4)));
        folder.look();

        assertThat(folder.rows()).containsExactly("2|y");
    }

    @Test
    void linksAreNotFollowed() throws Exception {
        Path secret = Files.writeString(temp.resolve("secret.csv"), "id,name\n1,secret\n");
        folder.put("bank/a.csv", "id,name\n2,y\n");
        Files.createSymbolicLink(folder.path("bank/link.csv"), secret);
        Files.createSymbolicLink(folder.path("bank/folder"), temp);

        folder.look();

        assertThat(folder.rows()).containsExactly("2|y");
    }

    @Test
    void namesThatLookLikePatternsAreNames() {
        folder.put("bank/a*.csv", "id,name\n1,x\n")
                .put("bank/a[1].csv", "id,name\n2,y\n")
                .put("bank/it's \"b\".csv", "id,name\n3,z\n")
                .put("bank/a\\b.csv", "id,name\n4,w\n")
                .look();

        assertThat(folder.rows()).containsExactly("1|x", "2|y", "3|z");
    }

    @Test
    void manyFilesMakeFewCommits() {
        for (int file = 0; file < 250; file++) {
            folder.put("bank/" + file + ".csv", "id,name\n" + file + ",x\n");
        }

        assertThat(folder.size(new BatchSize(100, 1 << 20, 1 << 20)).look())
                .extracting(Extracted::rows)
                .containsExactly(100L, 100L, 50L);
        assertThat(folder.query("SELECT count(DISTINCT id), count(*), count(DISTINCT _seq) FROM %s"))
                .containsExactly("250|250|3");
    }

    @Test
    void aCommitTakesNoMoreThanItsBytes() {
        folder.put("bank/a.csv", "id,name\n1,x\n").put("bank/b.csv", "id,name\n2,y\n");

        assertThat(folder.size(new BatchSize(100, 5, 1 << 20)).look()).hasSize(2);
    }

    @Test
    void aLookThatHadEnoughLeavesTheRestToTheNext() {
        folder.put("bank/a.csv", "id,name\n1,x\n").put("bank/b.csv", "id,name\n2,y\n");

        assertThat(folder.newLook().look(() -> true)).hasSize(1);
        assertThat(folder.rows()).containsExactly("1|x");
        folder.look();
        assertThat(folder.rows()).containsExactly("1|x", "2|y");
    }

    @Test
    void whatDoesNotFitIsRescued() {
        folder.columns(
                        new Column("id", DataType.Simple.INT),
                        new Column("amount", new DataType.Decimal(6, 2)),
                        new Column("day", DataType.Simple.DATE),
                        new Column("at", DataType.Simple.TIMESTAMP_NTZ))
                .put(
                        "bank/a.csv",
                        """
                        id,amount,day,at,note
                        1,12.30,2024-02-29,2024-01-01 10:00:00,
                        1.5,12.345,2024-02-30,2024-01-01 10:00:00+02,hello
                        9999999999,123456.7,2024-01-01 10:00:00,infinity,"a ""b""\"
                        0x10,1e1,infinity,2024-01-01,
                        ,,,,
                        """)
                .look();

        assertThat(folder.query("SELECT id, amount, day, \"at\", _rescued_data FROM %s ORDER BY _rescued_data"))
                .containsExactly(
                        "1|12.30|2024-02-29|2024-01-01 10:00:00|null",
                        "null|null|null|null|null",
                        "null|10.00|null|2024-01-01 00:00:00|{\"id\":\"0x10\",\"day\":\"infinity\"}",
                        "null|null|null|null|{\"id\":\"1.5\",\"amount\":\"12.345\",\"day\":\"2024-02-30\","
                                + "\"at\":\"2024-01-01 10:00:00+02\",\"note\":\"hello\"}",
                        "null|null|null|null|{\"id\":\"9999999999\",\"amount\":\"123456.7\","
                                + "\"day\":\"2024-01-01 10:00:00\",\"at\":\"infinity\",\"note\":\"a \\\"b\\\"\"}");
    }

    @Test
    void newColumnsBecomeTheTablesWhereTheProjectSaysSo() {
        folder.schema(FileDrop.Unknown.ADD_NEW_COLUMNS)
                .put("bank/a.csv", "id,name,note,_op,a b\n1,x,n,o,p\n")
                .put("bank/b.csv", "NOTE,id\nm,2\n")
                .look();

        assertThat(folder.query("SELECT id, name, note, _op, _rescued_data FROM %s ORDER BY id"))
                .containsExactly("1|x|n|upsert|{\"_op\":\"o\",\"a b\":\"p\"}", "2|null|m|upsert|null");
    }

    @Test
    void newColumnsAreLeftOutWhereTheProjectSaysSo() {
        folder.schema(FileDrop.Unknown.NONE)
                .put("bank/a.csv", "id,name,note\nq,x,n\n")
                .look();

        assertThat(folder.query("SELECT id, name, _rescued_data FROM %s")).containsExactly("null|x|{\"id\":\"q\"}");
    }

    @Test
    void newColumnsKeepAFileOutWhereTheProjectSaysSo() {
        folder.schema(FileDrop.Unknown.FAIL_ON_NEW_COLUMNS)
                .put("bank/a.csv", "id,name,note\n1,x,n\n")
                .put("bank/b.csv", "id,name\n2,y\n");

        assertThat(folder.refusal())
                .isEqualTo(
                        """
                sources/files.yml:4:11  SCHEMA_CHANGED  landing/bank/a.csv has a column note, which bronze.bank does not have, and schema: failOnNewColumns refuses it.
                    Add it to columns, or write schema: rescue or schema: addNewColumns; the file is then read.""");
        assertThat(folder.rows()).containsExactly("2|y");
        folder.schema(FileDrop.Unknown.RESCUE).look();
        assertThat(folder.rows()).containsExactly("1|x", "2|y");
    }

    @Test
    void aColumnThatIsDeclaredLaterIsAddedAtOnce() {
        folder.put("bank/a.csv", "id,name,note\n1,x,n\n").look();
        folder.columns(
                        new Column("id", DataType.Simple.INT),
                        new Column("name", DataType.Simple.STRING),
                        new Column("note", DataType.Simple.STRING))
                .look();
        folder.put("bank/b.csv", "id,name,note\n2,y,m\n").look();

        assertThat(folder.query("SELECT id, note, _rescued_data FROM %s ORDER BY id"))
                .containsExactly("1|null|{\"note\":\"n\"}", "2|m|null");
    }

    @Test
    void aTypeThatIsDeclaredOtherwiseIsRefused() {
        folder.look();
        folder.columns(new Column("id", DataType.Simple.BIGINT));

        assertThat(folder.refusal())
                .isEqualTo(
                        """
                sources/files.yml:4:11  SCHEMA_CHANGED  Column id of bronze.bank is INT, and the project says BIGINT.
                    Keep its type and cast in silver, or give the column another name.""");
    }

    @Test
    void theNewestFileTakesThePlaceOfOlderOnes() {
        folder.keep(FileDrop.Keep.LATEST, FileDrop.SameFile.SKIP)
                .put("bank/jan.csv", "id,name\n1,x\n2,y\n")
                .put("bank/feb.csv", "id,name\n1,z\n")
                .look();
        assertThat(folder.rows()).containsExactly("1|z");

        folder.put(
                        "bank/old.csv",
                        "id,name\n9,w\n".getBytes(StandardCharsets.UTF_8),
                        Instant.parse("2020-01-01T00:00:00Z"))
                .look();
        assertThat(folder.rows()).containsExactly("1|z");

        folder.put("bank/feb.csv", "id,name\n1,again\n").look();
        assertThat(folder.rows()).containsExactly("1|again");

        folder.put("bank/copy.csv", "id,name\n1,again\n").look();
        folder.put("bank/jan.csv", "id,name\n1,x\n2,y\n").look();
        assertThat(folder.rows()).containsExactly("1|x", "2|y");
        assertThat(folder.look()).isEmpty();
    }

    @Test
    void aNewestFileThatCannotBeReadTakesNoPlace() {
        folder.keep(FileDrop.Keep.LATEST, FileDrop.SameFile.SKIP)
                .put("bank/jan.csv", "id,name\n1,x\n")
                .look();
        folder.put("bank/feb.csv", "foreign\n1\n").look();

        assertThat(folder.rows()).containsExactly("1|x");
        assertThat(folder.look()).isEmpty();
    }

    @Test
    void theNewestFileIsTheNewestThatCanBeRead() {
        folder.keep(FileDrop.Keep.LATEST, FileDrop.SameFile.SKIP)
                .put("bank/dec.csv", "id,name\n9,w\n")
                .put("bank/jan.csv", "id,name\n1,x\n")
                .put("bank/feb.csv", "foreign\n1\n")
                .look();

        assertThat(folder.rows()).containsExactly("1|x");
        assertThat(folder.look()).isEmpty();
    }

    @Test
    @Tag("full")
    void tenThousandFilesMakeFewCommits() {
        for (int file = 0; file < 10_000; file++) {
            folder.put("bank/" + file % 7 + "/" + file + ".csv", "id,name\n" + file + ",x\n");
        }
        folder.size(new BatchSize(4_000, 512L << 20, 64L << 20));

        assertThat(folder.look()).hasSize(3);
        assertThat(folder.look()).isEmpty();
        assertThat(folder.query("SELECT count(DISTINCT id), count(*) FROM %s")).containsExactly("10000|10000");
    }

    @Test
    @Tag("full")
    void aFileOfTwoGigabytesStaysWithinTheMemory() throws Exception {
        Files.createDirectories(folder.path("bank"));
        byte[] line = ("x".repeat(1000) + "\n").getBytes(StandardCharsets.UTF_8);
        int lines = 2_000_000;
        try (java.io.OutputStream out =
                new java.io.BufferedOutputStream(Files.newOutputStream(folder.path("bank/big.csv")), 1 << 20)) {
            out.write("id,name\n".getBytes(StandardCharsets.UTF_8));
            for (int id = 0; id < lines; id++) {
                out.write((id + ",").getBytes(StandardCharsets.UTF_8));
                out.write(line);
            }
        }
        Files.setLastModifiedTime(
                folder.path("bank/big.csv"), FileTime.from(Instant.now().minusSeconds(60)));

        assertThat(folder.look()).extracting(Extracted::rows).containsExactly((long) lines);
        assertThat(folder.query("SELECT count(DISTINCT id), min(length(name)) FROM %s"))
                .containsExactly(lines + "|1000");
    }

    @Test
    void olderLedgersAreDeleted() throws Exception {
        for (int file = 0; file < 3; file++) {
            folder.put("bank/" + file + ".csv", "id,name\n" + file + ",x\n").look();
        }

        assertThat(temp.resolve("lake/tarn/files/bank").toFile().list()).hasSize(1);
    }

    @Test
    void onlyTheWorkspaceOfTheSessionIsUsed() throws Exception {
        folder.encoding("windows-1252")
                .put("bank/a.csv", "id,name\n1,é\n", StandardCharsets.ISO_8859_1)
                .look();

        assertThat(folder.rows()).containsExactly("1|é");
        try (java.util.stream.Stream<Path> left = Files.walk(temp.resolve("workspace"))) {
            assertThat(left.filter(file -> file.toString().endsWith(".csv"))).isEmpty();
        }
    }
}
