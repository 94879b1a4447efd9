package dev.tarn.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.BronzeSchema;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code STREAM read_files}, which is a drop and a stream of its table. */
class ReadFilesTest {

    private static final String START = "CREATE STREAMING TABLE silver.bank AS SELECT * FROM STREAM read_files(";

    @TempDir
    Path folder;

    private TestProject call(String arguments) {
        return new TestProject(folder).sql(START + arguments + ")");
    }

    private FileDrop drop(String arguments) {
        return call(arguments).compile().drops().get(0);
    }

    private static List<String> columns(Plan plan) {
        return plan.flows().get(0).schema().columns().stream()
                .map(column -> column.name() + " " + column.type())
                .toList();
    }

    @Test
    void everythingThatACallCanSayIsRead() {
        assertThat(
                        drop(
                                """
                'abfss://landing@lake.dfs.core.windows.net/bank/2024/', FORMAT => 'csv', header => true, sep => ';', quote => "'",
                escape => '\\\\', encoding => 'cp1252', nullValue => '-', skipRows => 2, pathGlobFilter => '*.csv',
                schema => 'booked_on DATE, amount DECIMAL(18,2), text STRING', schemaEvolutionMode => 'failOnNewColumns',
                rescuedDataColumn => '_rescued_data', allowOverwrites => true"""))
                .isEqualTo(new FileDrop(
                        "read_files",
                        "bank_2024_csv_files",
                        TableName.parse("bronze.bank_2024_csv_files"),
                        new DropPath("bank/2024/**/*.csv"),
                        FileDrop.Format.CSV,
                        new FileDrop.Options(true, ";", "'", "\\", "windows-1252", List.of("-"), 2, ".", null),
                        List.of(
                                new Column("booked_on", DataType.Simple.DATE),
                                new Column("amount", new DataType.Decimal(18, 2)),
                                new Column("text", DataType.Simple.STRING)),
                        FileDrop.Unknown.FAIL_ON_NEW_COLUMNS,
                        FileDrop.Keep.ALL,
                        FileDrop.SameFile.SKIP,
                        new SourcePosition("pipelines/a.sql", 1, 60)));
    }

    @Test
    void whatACallDoesNotSayIsAsDatabricksHasIt() {
        FileDrop csv = drop("'/landing/bank/', format => 'csv', schema => 'a INT'");

        assertThat(csv.options())
                .isEqualTo(new FileDrop.Options(false, ",", "\"", "\\", "UTF-8", List.of(), 0, ".", null));
        assertThat(csv.schema()).isEqualTo(FileDrop.Unknown.NONE);
        assertThat(drop("'/landing/bank/', format => 'json', schema => 'a INT'").format())
                .isEqualTo(FileDrop.Format.NDJSON);
        assertThat(drop("'/landing/bank/', format => 'json', multiLine => true, schema => 'a INT'")
                        .format())
                .isEqualTo(FileDrop.Format.JSON);
        FileDrop hinted = drop("'/landing/bank/', format => 'csv', schemaHints => 'a INT', inferColumnTypes => false");
        assertThat(hinted.schema()).isEqualTo(FileDrop.Unknown.ADD_NEW_COLUMNS);
        assertThat(hinted.options().header()).isTrue();
        assertThat(drop("'/landing/bank/', format => 'csv', schema => 'a INT', rescuedDataColumn => '_rescued_data'")
                        .schema())
                .isEqualTo(FileDrop.Unknown.RESCUE);
    }

    @ParameterizedTest
    @CsvSource({
        "/landing/bank,bank/**,bronze.bank_files",
        "landing/bank//,bank/**,bronze.bank_files",
        "/Volumes/main/lake/landing/bank/,bank/**,bronze.bank_files",
        "/landing/Bank 2/*.csv,Bank 2/*.csv,bronze.bank_2_csv_files",
        "/landing/a/b.csv,a/b.csv,bronze.a_b_csv_files",
        "/landing/2024/x,2024/x/**,bronze.x_files"
    })
    void aPathIsOneOfTheContainerLanding(String written, String path, String table) {
        FileDrop drop = drop("'" + written + "', format => 'csv', schema => 'a INT'");

        assertThat(drop.path()).hasToString(path);
        assertThat(drop.target()).hasToString(table);
    }

    @Test
    void theQuerySeesTheColumnsOfTheFilesAndTheirMetadata() {
        TestProject project = new TestProject(folder)
                .sql(
                        """
                CREATE STREAMING TABLE silver.bank AS
                SELECT *, _metadata.file_path, f._metadata.file_name, _metadata.file_size, _metadata.file_modification_time
                FROM STREAM read_files('/landing/bank/', format => 'parquet', schemaHints => 'amount DECIMAL(18,2)') AS f
                """)
                .schemas(table -> Optional.of(new TableSchema(List.of(
                        new Column("note", DataType.Simple.STRING), FileDrop.FILE, BronzeSchema.RESCUED_DATA))));

        assertThat(columns(project.compile()))
                .containsExactly(
                        "note STRING",
                        "_rescued_data STRING",
                        "amount DECIMAL(18,2)",
                        "file_path STRING",
                        "file_name STRING",
                        "file_size BIGINT",
                        "file_modification_time TIMESTAMP");
    }

    @Test
    void theSameFilesDescribedAlikeAreOneTable() {
        String files = "STREAM read_files('/landing/bank/', format => 'csv', schema => 'a INT, b INT')";
        Plan plan = new TestProject(folder)
                .sql("CREATE STREAMING TABLE silver.x AS SELECT a FROM " + files
                        + ";\nCREATE TEMPORARY VIEW v AS SELECT b FROM " + files
                        + ";\nCREATE STREAMING TABLE silver.y AS SELECT b FROM STREAM(v);")
                .compile();

        assertThat(plan.drops()).hasSize(1);
        assertThat(plan.flows())
                .extracting(flow -> flow.inputs().get(0).table().toString())
                .containsExactly("bronze.bank_files", "bronze.bank_files");
    }

    @Test
    void tablesOfTheNameAreRefused() {
        TestProject project = new TestProject(folder)
                .sql(
                        """
                CREATE STREAMING TABLE silver.x AS SELECT * FROM STREAM read_files('/landing/bank/', format => 'csv', schema => 'a INT');
                CREATE STREAMING TABLE silver.y AS SELECT * FROM STREAM read_files('/landing/bank/', format => 'json', schema => 'a INT');
                CREATE STREAMING TABLE silver.z AS SELECT * FROM STREAM read_files('/landing/z/', format => 'json', schema => 'a INT');
                CREATE MATERIALIZED VIEW bronze.z_files AS SELECT id FROM bronze.res_partner;
                """);

        assertThat(project.refusal())
                .isEqualTo(
                        """
                pipelines/a.sql:2:57  CONFIGURATION_INVALID  The rows of these files go to bronze.bank_files, as those of other files or options at pipelines/a.sql:1:57.
                    Write the same options in both places, or put the files into folders with other names.
                pipelines/a.sql:3:57  TABLE_CLAIMED_TWICE  The rows of these files go to bronze.z_files, but bronze.z_files is made at pipelines/a.sql:4:26.
                    Give that table another name, or put the files into a folder with another name.""");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "format => 'csv', schema => 'a INT'|60|CONFIGURATION_INVALID  read_files does not say which files.|Write '/landing/folder/', or 'abfss://landing@account.dfs.core.windows.net/folder/' for Databricks too.",
                "'/data/x', format => 'csv', schema => 'a INT'|71|CONFIGURATION_INVALID  '/data/x' is no folder of the lake's container landing.|Write '/landing/folder/', or 'abfss://landing@account.dfs.core.windows.net/folder/' for Databricks too.",
                "'/landing/../x', format => 'csv', schema => 'a INT'|71|CONFIGURATION_INVALID  '/landing/../x' does not say which files are meant.|Write folders and a name between single /, with * and ? for characters of a name and ** for any folders.",
                "'/landing/x', schema => 'a INT'|60|CONFIGURATION_INVALID  read_files does not say how the files are written.|Write format => 'csv', 'json' or 'parquet'.",
                "'/landing/x', format => 'xml', schema => 'a INT'|85|CONFIGURATION_INVALID  Files of the format 'xml' are not read here.|Write format => 'csv', 'json' or 'parquet'.",
                "'/landing/x', format => 'csv'|60|CONFIGURATION_INVALID  read_files does not say which columns there are.|Write schema => 'name TYPE, name TYPE'.",
                "'/landing/x', format => 'csv', schemaHints => 'a INT'|102|CONFIGURATION_INVALID  Types of the other columns would be inferred, which Tarn does not: they would be texts.|Write inferColumnTypes => false, or schema with all columns.",
                "'/landing/x', format => 'csv', schema => 'a MONEY'|102|CONFIGURATION_INVALID  'a MONEY' is no list of columns: MONEY is not a type that a table of Tarn holds.|Write names and types: schema => 'booked_on DATE, amount DECIMAL(18,2)'.",
                "'/landing/x', format => 'csv', schema => 'a ARRAY<INT>'|102|CONFIGURATION_INVALID  a ARRAY<INT> is not a column that values of files are read as.|Describe the files in sources/files.yml, and read STREAM(bronze.table).",
                "'/landing/x', format => 'csv', schema => 'a INT', maxFilesPerTrigger => 10|121|CONFIGURATION_INVALID  The option maxFilesPerTrigger is not read here.|Leave it out, or describe the files in sources/files.yml.",
                "'/landing/x', format => 'json', sep => ';', schema => 'a INT'|103|CONFIGURATION_INVALID  The option sep is not read here.|Leave it out, or describe the files in sources/files.yml.",
                "'/landing/x', format => 'csv', schema => 'a INT', header => 'maybe'|121|CONFIGURATION_INVALID  header is neither true nor false.|Write true or false.",
                "'/landing/x', format => 'csv', schema => 'a INT', sep => ';;'|121|CONFIGURATION_INVALID  sep takes one character of ASCII.|Write sep => ';'.",
                "'/landing/x', format => 'csv', schema => 'a INT', encoding => 'klingon'|121|CONFIGURATION_INVALID  'klingon' is no encoding that Tarn knows.|Write UTF-8, windows-1252, ISO-8859-15, UTF-16 or another name of the IANA.",
                "'/landing/x', format => 'csv', schema => 'a INT', schemaEvolutionMode => 'addNewColumns'|121|CONFIGURATION_INVALID  No columns are added to those of schema.|Write schemaHints instead of schema.",
                "'/landing/x', format => 'csv', schema => 'a INT', allowOverwrites => false|121|CONFIGURATION_INVALID  A file that changes in place is read again.|Write allowOverwrites => true.",
                "'/landing/x', format => 'csv', schema => 'a INT', rescuedDataColumn => 'rest'|121|CONFIGURATION_INVALID  'rest' cannot be the column of rescued values.|Name it _rescued_data.",
                "'/landing/x', format => 'csv', format => 'json'|102|CONFIGURATION_INVALID  format is there twice.|Keep one.",
                "'/landing/x', 'csv'|85|SQL_UNSUPPORTED  The argument 'csv' is not supported yet.|Write options behind the path as key => value.",
                "'/landing/' + 'x', format => 'csv'|71|SQL_UNSUPPORTED  A computed value of path is not supported yet.|Write it out: a text in quotes, a number, true or false."
            })
    void whatIsNotReadIsNamed(String arguments, int column, String what, String mend) {
        assertThat(call(arguments).refusal()).isEqualTo("pipelines/a.sql:1:" + column + "  " + what + "\n    " + mend);
    }
}
