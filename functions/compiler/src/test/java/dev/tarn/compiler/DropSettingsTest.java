package dev.tarn.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.DropPath;
import dev.tarn.model.FileDrop;
import dev.tarn.model.Plan;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DropSettingsTest {

    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void aProject() {
        project = new TestProject(folder)
                .sql("CREATE MATERIALIZED VIEW gold.partners AS SELECT id, name FROM bronze.res_partner");
    }

    private TestProject drops(String drops) {
        return project.with("sources/files.yml", "source: files\ntype: files\ndrops:\n" + drops);
    }

    @Test
    void everythingThatADropCanSayIsRead() {
        Plan plan = drops(
                        """
                  - name: bank_statement
                    path: bank_statement/**
                    format: csv
                    options:
                      { header: false, sep: "\\t", quote: "'", escape: "\\\\", encoding: cp1252, null_value: ["NULL", "-"], skip: 2, decimal: "," }
                    columns: { booked_on: DATE, amount: "DECIMAL(18,2)", text: string }
                    schema: failOnNewColumns
                    keep: latest
                    same_file_again: read
                """)
                .compile();

        assertThat(plan.drops())
                .containsExactly(new FileDrop(
                        "files",
                        "bank_statement",
                        TableName.parse("bronze.bank_statement"),
                        new DropPath("bank_statement/**"),
                        FileDrop.Format.CSV,
                        new FileDrop.Options(
                                false, "\t", "'", "\\", "windows-1252", List.of("NULL", "-"), 2, ",", null),
                        List.of(
                                new Column("booked_on", DataType.Simple.DATE),
                                new Column("amount", new DataType.Decimal(18, 2)),
                                new Column("text", DataType.Simple.STRING)),
                        FileDrop.Unknown.FAIL_ON_NEW_COLUMNS,
                        FileDrop.Keep.LATEST,
                        FileDrop.SameFile.READ,
                        new SourcePosition("sources/files.yml", 4, 11)));
    }

    @Test
    void decimalsStandBehindAPointOrAComma() {
        assertThat(drops(
                                """
                          - { name: bank, path: bank/**, format: csv, columns: { amount: DOUBLE }, options: { decimal: "'" } }
                        """)
                        .refusal())
                .isEqualTo(
                        """
                sources/files.yml:4:96  CONFIGURATION_INVALID  'decimal' is neither a point nor a comma.
                    Write decimal: "," where 1,5 is one and a half.""");
    }

    @Test
    void whatADropDoesNotSayIsUsual() {
        FileDrop drop = drops("  - { name: budget, path: budget/*.csv, format: csv, columns: { month: DATE } }\n")
                .compile()
                .drops()
                .get(0);

        assertThat(drop.options()).isEqualTo(FileDrop.Options.USUAL);
        assertThat(drop.schema()).isEqualTo(FileDrop.Unknown.RESCUE);
        assertThat(drop.keep()).isEqualTo(FileDrop.Keep.ALL);
        assertThat(drop.sameFileAgain()).isEqualTo(FileDrop.SameFile.SKIP);
    }

    @Test
    void aDroppedTableIsReadBeforeItsFirstFile() {
        Plan plan = drops("  - { name: bank, path: bank/**, format: csv, columns: { amount: \"DECIMAL(18,2)\" } }\n")
                .sql(
                        """
                CREATE STREAMING TABLE silver.bank AS
                SELECT amount, _file, _file_modified, _file_size, _seq, _rescued_data FROM STREAM(bronze.bank)
                """)
                .schemas(table -> Optional.empty())
                .compile();

        assertThat(plan.flows().get(0).schema().columns())
                .extracting(column -> column.name() + " " + column.type())
                .containsExactly(
                        "amount DECIMAL(18,2)",
                        "_file STRING",
                        "_file_modified TIMESTAMP",
                        "_file_size BIGINT",
                        "_seq BIGINT",
                        "_rescued_data STRING");
    }

    @Test
    void columnsThatFilesBroughtAndThoseThatAreDeclaredSinceAreRead() {
        drops("  - { name: bank, path: bank/**, format: csv, columns: { amount: INT } }\n")
                .sql("CREATE STREAMING TABLE silver.bank AS SELECT amount, note FROM STREAM(bronze.bank)")
                .schemas(table -> Optional.of(
                        new TableSchema(List.of(new Column("note", DataType.Simple.STRING), FileDrop.FILE))));

        assertThat(project.compile().flows().get(0).schema().names()).containsExactly("amount", "note");
    }

    @Test
    void aTableOfTheNewestFileHasNoStream() {
        drops("  - { name: budget, path: budget/*, format: csv, keep: latest, columns: { month: DATE } }\n")
                .sql("CREATE STREAMING TABLE silver.budget AS SELECT month FROM STREAM(bronze.budget)");

        assertThat(project.refusal())
                .isEqualTo(
                        """
                pipelines/a.sql:1:66  SQL_UNSUPPORTED  STREAM of bronze.budget, whose rows the newest file replaces, is not supported.
                    Read it without STREAM in a materialized view.""");
    }

    @Test
    void settingsThatMeanNothingAreNamed() {
        assertThat(drops(
                                """
                  - name: Bank
                    path: ../secret/*
                    format: xls
                    options: { header: maybe, sep: "||", encoding: klingon, skip: two, quotes: x }
                    columns: { amount: MONEY, _file: STRING, "a b": INT, tags: "ARRAY<INT>", A: INT, a: INT }
                    schema: loose
                    keep: some
                    every: 5m
                """)
                        .refusal())
                .isEqualTo(
                        """
                sources/files.yml:4:11  CONFIGURATION_INVALID  'Bank' cannot be the name of a drop, whose table of bronze is called the same.
                    Use small letters, digits and _, beginning with a letter, at most 52 characters.
                sources/files.yml:5:11  CONFIGURATION_INVALID  '../secret/*' does not say which files below landing are meant.
                    Write folders and a name between single /, with * and ? for characters of a name and ** for any folders: bank/**, budget/*.csv.
                sources/files.yml:6:13  CONFIGURATION_INVALID  'xls' is nothing that format can be here.
                    Possible: csv, excel, json, ndjson, parquet.
                sources/files.yml:7:24  CONFIGURATION_INVALID  'header' is neither true nor false.
                    Write header: true or header: false.
                sources/files.yml:7:36  CONFIGURATION_INVALID  'sep' takes one character of ASCII.
                    Write it in quotes: sep: ",".
                sources/files.yml:7:52  CONFIGURATION_INVALID  'klingon' is no encoding that Tarn knows.
                    Write UTF-8, windows-1252, ISO-8859-15, UTF-16 or another name of the IANA.
                sources/files.yml:7:67  CONFIGURATION_INVALID  'skip' is no number of lines.
                    Write how many lines stand before the header: skip: 2.
                sources/files.yml:7:72  CONFIGURATION_INVALID  'quotes' is not a setting that Tarn reads here.
                    Nearest: quote.
                sources/files.yml:8:24  CONFIGURATION_INVALID  'MONEY' is not a type that values of files are read as.
                    Use BOOLEAN, TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE, DECIMAL(p,s) with at most 38 digits, STRING, DATE, TIMESTAMP or TIMESTAMP_NTZ; one with a comma stands in quotes: "DECIMAL(18,2)".
                sources/files.yml:8:38  CONFIGURATION_INVALID  '_file' cannot be the name of a column.
                    Name it without spaces and the characters , ; { } ( ) =, and not with _ at the beginning: those names are Tarn's.
                sources/files.yml:8:53  CONFIGURATION_INVALID  'a b' cannot be the name of a column.
                    Name it without spaces and the characters , ; { } ( ) =, and not with _ at the beginning: those names are Tarn's.
                sources/files.yml:8:64  CONFIGURATION_INVALID  'ARRAY<INT>' is not a type that values of files are read as.
                    Use BOOLEAN, TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE, DECIMAL(p,s) with at most 38 digits, STRING, DATE, TIMESTAMP or TIMESTAMP_NTZ; one with a comma stands in quotes: "DECIMAL(18,2)".
                sources/files.yml:8:89  CONFIGURATION_INVALID  Column a is there twice: names differ by more than their case.
                    Keep one.
                sources/files.yml:9:13  CONFIGURATION_INVALID  'loose' is nothing that schema can be here.
                    Possible: rescue, addNewColumns, failOnNewColumns, none.
                sources/files.yml:10:11  CONFIGURATION_INVALID  'some' is nothing that keep can be here.
                    Possible: all, latest.
                sources/files.yml:11:5  CONFIGURATION_INVALID  'every' is not a setting that Tarn reads here.
                    Possible here: name, path, format, options, columns, schema, keep, same_file_again.""");
    }

    @Test
    void aSheetOfAWorkbookHasItsOwnOptions() {
        FileDrop drop = drops(
                        """
                  - name: budget
                    path: budget/*.xlsx
                    format: excel
                    options: { sheet: 2024, header: true, skip: 3, null_value: "-" }
                    columns: { month: DATE }
                """)
                .compile()
                .drops()
                .get(0);

        assertThat(drop.format()).isEqualTo(FileDrop.Format.EXCEL);
        assertThat(drop.options())
                .isEqualTo(new FileDrop.Options(true, ",", "\"", "\"", "UTF-8", List.of("-"), 3, ".", "2024"));
    }

    @Test
    void optionsOfTextsMeanNothingInAWorkbookAndSheetsNothingInTexts() {
        assertThat(drops(
                                """
                  - { name: a, path: a/*, format: excel, columns: { a: INT }, options: { decimal: ",", sheet: "" } }
                  - { name: b, path: b/*, format: csv, columns: { b: INT }, options: { sheet: Budget } }
                """)
                        .refusal())
                .isEqualTo(
                        """
                sources/files.yml:4:74  CONFIGURATION_INVALID  'decimal' is not a setting that Tarn reads here.
                    Possible here: sheet, header, null_value, skip.
                sources/files.yml:4:95  CONFIGURATION_INVALID  'sheet' is empty.
                    Write the name of a sheet or its number from 1, or leave it out for the first one.
                sources/files.yml:5:72  CONFIGURATION_INVALID  'sheet' is not a setting that Tarn reads here.
                    Possible here: header, sep, quote, escape, encoding, null_value, skip, decimal.""");
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThat(drops("  - { path: a/** }\n  - { name: b, path: b, format: parquet, options: { sep: x } }\n")
                        .refusal())
                .isEqualTo(
                        """
                sources/files.yml:4:5  CONFIGURATION_INVALID  'name' is missing.
                    Add name here.
                sources/files.yml:4:5  CONFIGURATION_INVALID  'format' is missing.
                    Add format here.
                sources/files.yml:4:5  CONFIGURATION_INVALID  'columns' is missing, and nothing else says which columns the table has.
                    Write columns: { name: TYPE }, or schema: addNewColumns to take those of the files as texts.
                sources/files.yml:5:5  CONFIGURATION_INVALID  'columns' is missing, and nothing else says which columns the table has.
                    Write columns: { name: TYPE }, or schema: addNewColumns to take those of the files as texts.
                sources/files.yml:5:51  CONFIGURATION_INVALID  'options' say how texts are read, and a Parquet file says that itself.
                    Take options out.
                sources/files.yml:5:53  CONFIGURATION_INVALID  'sep' is not a setting that Tarn reads here.
                    Possible here: encoding.""");
    }

    @Test
    void aTableIsFilledFromOnePlace() {
        assertThat(drops(
                                """
                  - { name: res_partner, path: a/**, format: csv, columns: { a: INT } }
                  - { name: bank, path: b/**, format: csv, columns: { a: INT } }
                  - { name: bank, path: c/**, format: csv, columns: { a: INT } }
                  - { name: bank_quarantine, path: d/**, format: csv, columns: { a: INT } }
                """)
                        .refusal())
                .isEqualTo(
                        """
                sources/files.yml:4:13  TABLE_CLAIMED_TWICE  bronze.res_partner is already filled from sources/odoo.yml:7:12.
                    Give one of them another name.
                sources/files.yml:6:13  TABLE_CLAIMED_TWICE  bronze.bank is already filled from sources/files.yml:5:13.
                    Give one of them another name.
                sources/files.yml:7:13  TABLE_CLAIMED_TWICE  bronze.bank_quarantine keeps what of the files of bronze.bank cannot be read.
                    Give the table another name.""");
    }

    @Test
    void aSourceOfAnotherTypeIsRefused() {
        assertThat(project.with("sources/x.yml", "source: x\ntype: kafka\n").refusal())
                .isEqualTo(
                        """
                sources/x.yml:2:7  CONFIGURATION_INVALID  A source of type kafka is not read yet.
                    Only type: odoo, type: postgres, type: webhook and type: files are.""");
    }

    @Test
    void everyPathIsOneOfTheLake() {
        for (String path :
                List.of("/bank", "bank/", "a//b", "..", "a/../b", "./a", "a\\b", "a**", "a/[b]", "{a,b}", "")) {
            assertThat(DropPath.tryParse(path)).as(path).isEmpty();
        }
        assertThat(new DropPath("a/b*/c/*.csv").folder()).isEqualTo("a");
        assertThat(new DropPath("*.csv").folder()).isEmpty();
        assertThat(new DropPath("a/b.csv").folder()).isEqualTo("a");
    }

    @Test
    void aPathMeansFiles() {
        assertMatch("bank/**", "bank/a.csv", "bank/2024/01/a.csv").doesNotMatch("banks/a.csv");
        assertMatch("bank/**/*.csv", "bank/a.csv", "bank/x/y/a.csv").doesNotMatch("bank/a.txt");
        assertMatch("bank/*.csv", "bank/a.csv", "bank/.csv").doesNotMatch("bank/x/a.csv");
        assertMatch("bank/a?.csv", "bank/ab.csv").doesNotMatch("bank/a.csv");
        assertMatch("bank/a+(b).csv", "bank/a+(b).csv").doesNotMatch("bank/aab.csv");
    }

    private record Files(DropPath path) {
        void doesNotMatch(String file) {
            assertThat(path.pattern().matcher(file).matches()).as(file).isFalse();
        }
    }

    private static Files assertMatch(String path, String... files) {
        DropPath drop = new DropPath(path);
        for (String file : files) {
            assertThat(drop.pattern().matcher(file).matches()).as(file).isTrue();
        }
        return new Files(drop);
    }
}
