package dev.tarn.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.local.run.OpenLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static WrittenTables tables;

    @BeforeAll
    static void write() throws IOException {
        tables = new WrittenTables(folder.resolve("lake"), folder.resolve("project"));
        tables.create(
                "silver.account_move",
                "SELECT 1::BIGINT AS id, 1.5::DECIMAL(18,2) AS amount, 'x' AS state, now() AS written,"
                        + " {'name': 'x', 'tags': ['a']} AS partner, 1e10::DOUBLE AS ratio",
                Map.of("delta.checkpointInterval", "2"));
        tables.append(
                "silver.account_move",
                "SELECT 1::BIGINT AS id, 12.50::DECIMAL(18,2) AS amount, 'posted' AS state,"
                        + " TIMESTAMPTZ '2026-01-31 16:00:00.5+00' AS written,"
                        + " {'name': 'Tarn', 'tags': ['a', NULL]} AS partner, 1e10::DOUBLE AS ratio");
        tables.append(
                "silver.account_move",
                "SELECT 2::BIGINT AS id, NULL::DECIMAL(18,2) AS amount, 'dra' || chr(10) || 'ft' AS state,"
                        + " NULL::TIMESTAMPTZ AS written, NULL::STRUCT(name VARCHAR, tags VARCHAR[]) AS partner,"
                        + " 'NaN'::DOUBLE AS ratio");
    }

    @AfterAll
    static void close() {
        tables.close();
    }

    private static TarnRun tarn(String... arguments) {
        return TarnRun.of(folder, Map.of(), arguments);
    }

    private static TarnRun table(String command, String name, String... more) {
        return tarn(Stream.concat(Stream.of("table", command, name, "--root", "lake"), Stream.of(more))
                .toArray(String[]::new));
    }

    private static TarnRun read(String... more) {
        return table("read", "silver.account_move", more);
    }

    private static void assertShows(TarnRun run, String... lines) {
        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines()).containsExactlyInAnyOrder(lines);
        assertThat(run.exitCode()).isZero();
    }

    private static void assertRefused(TarnRun run, String message) {
        assertThat(run.err()).isEqualTo(message + "\n");
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void rowsAreShownAsSparkPrintsThemInTheZoneOfTheProject() {
        assertShows(
                read(),
                " id  amount  state    written                partner            ratio",
                " 1   12.50   posted   2026-02-01 00:00:00.5  {Tarn, [a, null]}  1.0E10",
                " 2   NULL    dra\\nft  NULL                   NULL               NaN");
    }

    @Test
    void anotherZoneIsTakenWhenAskedFor() {
        assertShows(
                read("--columns", "written", "--where", "id = 1", "--timezone", "UTC"),
                " written",
                " 2026-01-31 16:00:00.5");
    }

    @Test
    void columnsFieldsAndRowsAreChosen() {
        assertShows(
                read("--columns", "Partner.NAME, `state`,id", "--where", "state = 'posted' OR amount > 100"),
                " partner.name  state   id",
                " Tarn          posted  1");
        assertShows(read("--columns", "id", "--limit", "0"), " id");
        assertThat(read("--columns", "id", "--limit", "1").out().lines()).hasSize(2);
    }

    @Test
    void rowsAreShownAsJsonWithTheirTypes() {
        String[] rows = {
            "{\"id\":1,\"amount\":12.50,\"written\":\"2026-01-31T16:00:00.5Z\",\"partner\":{\"name\":\"Tarn\","
                    + "\"tags\":[\"a\",null]},\"ratio\":10000000000.0}",
            "{\"id\":2,\"amount\":null,\"written\":null,\"partner\":null,\"ratio\":\"NaN\"}"
        };
        String columns = "id,amount,written,partner,ratio";

        assertShows(read("--format", "jsonl", "--columns", columns), rows);
        assertShows(read("--format", "json", "--columns", columns), rows);
    }

    @Test
    void anOlderVersionIsReadByNumberAndByMoment() {
        String first =
                tables.table("silver.account_move").snapshotAt(1).timestamp().toString();

        assertShows(read("--version", "1", "--columns", "id"), " id", " 1");
        assertShows(read("--version=0", "--columns", "id"), " id");
        assertShows(read("--timestamp", first, "--columns", "id"), " id", " 1");
    }

    @Test
    void aTableIsReadByItsFolderWithoutALakeAndWithoutATrace() throws IOException {
        Path copy = Files.createDirectories(folder.resolve("else where"));
        try (Stream<Path> files = Files.walk(folder.resolve("lake/silver/account_move"))) {
            for (Path file : files.toList()) {
                Path target = copy.resolve(folder.resolve("lake/silver").relativize(file));
                Files.copy(file, target);
            }
        }
        List<Path> before = filesIn(copy);

        for (String name : List.of("else where/account_move", copy + "/account_move", copy.toUri() + "account_move")) {
            assertShows(
                    tarn("table", "read", name, "--columns", "id,written", "--where", "account_move.id = 1"),
                    " id  written",
                    " 1   2026-01-31 16:00:00.5");
            assertThat(tarn("table", "describe", name).exitCode()).isZero();
            assertThat(tarn("table", "history", name).exitCode()).isZero();
        }
        assertThat(TarnRun.of(copy, Map.of(), "table", "read", "account_move", "--limit", "0")
                        .exitCode())
                .isZero();
        assertThat(filesIn(copy)).isEqualTo(before);
    }

    private static List<Path> filesIn(Path place) throws IOException {
        try (Stream<Path> files = Files.walk(place)) {
            return files.sorted().toList();
        }
    }

    @Test
    void rowsAreWrittenToANewFile() throws IOException {
        Path file = folder.resolve("rows.jsonl");

        assertShows(read("--format", "jsonl", "--columns", "id", "--where", "id = 2", "--output", "rows.jsonl"));

        assertThat(file).hasContent("{\"id\":2}");
        assertRefused(
                read("--output", "rows.jsonl"),
                """
                OUTPUT_NOT_WRITABLE  %s exists already.
                    Name another file with --output, or delete this one."""
                        .formatted(file));
        assertThat(file).hasContent("{\"id\":2}");
    }

    @Test
    void rowsAreWrittenAsParquet() {
        assertShows(read("--format", "parquet", "--columns", "id,partner.name,written", "--output", "rows.parquet"));

        try (DuckDb duckDb = OpenLake.duckDb();
                Session session = duckDb.session()) {
            String rows = "SELECT * FROM read_parquet('" + folder.resolve("rows.parquet") + "')";
            assertThat(session.describe(rows).toString())
                    .isEqualTo("TableSchema[columns=[Column[name=id, type=BIGINT, comment=], Column[name=partner.name,"
                            + " type=STRING, comment=], Column[name=written, type=TIMESTAMP, comment=]]]");
            assertThat(session.query(rows + " ORDER BY id", row -> row.getString(2)))
                    .containsExactly("Tarn", null);
        }
    }

    @Test
    void aFailedReadLeavesNoFile() throws IOException {
        TarnRun run = read("--where", "CAST(amount * 100000000 AS DECIMAL(3,0)) > 1", "--output", "failed.txt");

        assertThat(run.err())
                .isEqualTo(
                        """
                QUERY_FAILED  Reading silver.account_move failed on the rows it met: Conversion Error.
                    Run again with --stacktrace to see the database's own words, which may show values.
                """);
        assertThat(run.exitCode()).isEqualTo(1);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).noneMatch(file -> file.toString().contains("failed.txt"));
        }
    }

    @Test
    void aTableIsDescribed() {
        TarnRun run = table("describe", "silver.account_move");

        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines())
                .startsWith("table       silver.account_move", "path        " + folder + "/lake/silver/account_move")
                .contains(
                        "writable    yes",
                        "rows        2",
                        "checkpoint  version 2",
                        "property    delta.checkpointInterval = 2",
                        " column        type                                    nullable  min  max  nulls  comment",
                        " partner       STRUCT<name:STRING,tags:ARRAY<STRING>>  yes",
                        " partner.name  STRING                                  yes       1    1    2")
                .anyMatch(line -> line.matches("version     2, 20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d"))
                .anyMatch(line -> line.matches("files       2, \\d+\\.\\d KB"));
    }

    @Test
    void aTableIsDescribedForPrograms() throws IOException {
        JsonNode table = JSON.readTree(table("describe", "silver.account_move", "--version=1", "--format=json")
                .out());

        assertThat(table.path("table").textValue()).isEqualTo("silver.account_move");
        assertThat(table.path("version").longValue()).isEqualTo(1);
        assertThat(table.path("writable").booleanValue()).isTrue();
        assertThat(table.path("refusal").isNull()).isTrue();
        assertThat(table.path("files").path("rows").longValue()).isEqualTo(1);
        assertThat(table.path("columns").get(0).toString())
                .isEqualTo(
                        "{\"path\":\"id\",\"type\":\"BIGINT\",\"nullable\":true,\"partition\":false,\"comment\":\"\","
                                + "\"statistics\":{\"min\":1,\"max\":1,\"nullCount\":1}}");
    }

    @Test
    void historyIsShownTheNewestFirst() throws IOException {
        List<String> lines = table("history", "silver.account_move", "--limit", "2")
                .out()
                .lines()
                .toList();

        assertThat(lines.get(0)).matches(" version +timestamp +operation +parameters +metrics +engine");
        assertThat(lines.get(1))
                .matches(" 2 +20\\d\\d-[-\\d]+ [:\\d]+ +WRITE +mode=Append +.*numOutputRows=1.* +tarn/.*");
        assertThat(lines).hasSize(3);
        JsonNode oldest = JSON.readTree(table("history", "silver.account_move", "--format", "json")
                .out()
                .lines()
                .toList()
                .get(2));
        assertThat(oldest.path("version").longValue()).isZero();
        assertThat(oldest.path("operation").textValue()).isEqualTo("CREATE TABLE");
        assertThat(oldest.path("engine").textValue()).contains("tarn/");
    }

    @Test
    void manyRowsPassWithoutBeingKept() {
        tables.create("gold.many", "SELECT 1::BIGINT AS id, 'x' AS text", Map.of());
        tables.append("gold.many", "SELECT range AS id, repeat('x', (range % 50)::INT) AS text FROM range(20000)");

        assertThat(table("read", "gold.many").out().lines()).hasSize(20_001);
        assertThat(table("read", "gold.many", "--format", "jsonl").out().lines())
                .hasSize(20_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            silver.acount_move  | TABLE_NOT_FOUND  The lake at $/lake has no table silver.acount_move.  | Nearest: silver.account_move, silver.account_move_line.
            silver.product      | TABLE_NOT_FOUND  The lake at $/lake has no table silver.product yet.  | Run tarn up: it fills the table.
            nonsense            | TABLE_NOT_FOUND  The lake at $/lake has no table nonsense.  | See its tables with tarn status, or name the folder of a Delta table.
            lake/silver         | TABLE_NOT_FOUND  $/lake/silver is no Delta table: it has no folder _delta_log.  | Name the folder of a Delta table, or a table of the lake by layer and name: silver.account_move.
            ./nowhere           | TABLE_NOT_FOUND  There is no folder $/nowhere.  | Name the folder of a Delta table, or a table of the lake by layer and name: silver.account_move.
            s3://bucket/table   | USAGE  s3://bucket/table is not the folder of a table on this machine.  | Name a folder, or a table of the lake by layer and name: silver.account_move.
            file://host/table   | USAGE  file://host/table is not the folder of a table on this machine.  | Name a folder, or a table of the lake by layer and name: silver.account_move.
            /                   | USAGE  / is not the folder of a table on this machine.  | Name a folder, or a table of the lake by layer and name: silver.account_move.
            """)
    void aTableThatIsNotThereIsRefused(String name, String what, String mend) {
        assertRefused(table("read", name), what.replace("$", folder.toString()) + "\n    " + mend);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
            --version 9 | TABLE_NOT_FOUND  silver.account_move has no version 9. | Ask for one that its log can give: versions 0 to 2.
            --version -1 | USAGE  --version takes 0 or more, not -1. | See tarn table history.
            --version x | USAGE  Invalid value for option '--version': 'x' is not a long. | See tarn table read --help.
            --version 1 --timestamp 2026-01-31 | USAGE  --version and --timestamp name two versions. | Give one of them.
            --timestamp 2026-02-30 | USAGE  Invalid value for option '--timestamp': a moment is 2026-01-31, '2026-01-31 08:00:00' or 2026-01-31T08:00:00Z, for example. | See tarn table read --help.
            --columns id,amuont | COLUMN_NOT_FOUND  --columns names amuont, which is not a column of silver.account_move. | Nearest: amount.
            --columns partner.nam | COLUMN_NOT_FOUND  --columns names nam, which is not a field of partner. | Nearest: name.
            --columns id.x | COLUMN_NOT_FOUND  --columns names a field of id, which is BIGINT and has none. | Name the column alone.
            --columns id,ID | USAGE  --columns names id twice. | Name each column once.
            --columns id,, | USAGE  --columns 'id,,' is no list of columns. | Separate names by commas, put a point before a field, and backticks around a name with either.
            --columns `id | USAGE  --columns '`id' is no list of columns. | Separate names by commas, put a point before a field, and backticks around a name with either.
            --where amuont=1 | --where:1:1  COLUMN_NOT_FOUND  amuont is not a column of silver.account_move. | Nearest: amount.
            --where id=1; | --where:1:5  SQL_SYNTAX  A condition has no semicolon. | Remove it and what follows it.
            --limit -1 | USAGE  --limit takes 0 or more, not -1. | Leave it out to see all rows.
            --format parquet | USAGE  --format parquet writes a file and needs its name. | Add --output FILE.
            --format x | USAGE  Invalid value for option '--format': there is table, json, jsonl and parquet, not x. | See tarn table read --help.
            --timezone Manila | USAGE  Invalid value for option '--timezone': there is no time zone Manila; one is Asia/Manila, another UTC. | See tarn table read --help.
            --output no/where.txt | OUTPUT_NOT_WRITABLE  There is no folder $/no to write where.txt to. | Make the folder, or name another file with --output.
            """)
    void aReadThatCannotBeUnderstoodIsRefused(String options, String what, String mend) {
        assertRefused(read(options.split(" ")), what.replace("$", folder.toString()) + "\n    " + mend);
    }

    @Test
    void aMomentBeforeTheTableIsRefused() {
        TarnRun run = read("--timestamp", "2000-01-01");

        assertThat(run.err()).startsWith("TABLE_NOT_FOUND  silver.account_move").contains("1999-12-31T16:00:00Z");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void formatsForRowsAreOfferedToNoOtherCommand() {
        assertRefused(
                table("history", "silver.account_move", "--format", "jsonl"),
                """
                USAGE  Invalid value for option '--format': there is table and json, not jsonl.
                    See tarn table history --help.""");
    }

    @Test
    void withoutALakeATableOfOneIsNotLookedFor() {
        assertRefused(
                tarn("table", "history", "silver.account_move", "--root", "none"),
                """
                PROJECT_NOT_FOUND  There is no lake in %s/none.
                    Make one with tarn up, go into its project, or name its folder with --root."""
                        .formatted(folder));
        assertThat(folder.resolve("none")).doesNotExist();
    }
}
