package dev.tarn.readers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.local.cli.CommandLineShell;
import dev.tarn.local.cli.Surroundings;
import dev.tarn.local.run.Stop;
import dev.tarn.model.Layer;
import dev.tarn.model.TableName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.AnalysisException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The sample, exported for Spark: Spark makes the same tables of the same bronze. */
@Tag("full")
@ExtendWith(SharedReaders.class)
class SparkExportTest {

    private static final String TIMEZONE = "spark.sql.session.timeZone";

    /** The kind of dataset, its name, and its query. */
    private static final Pattern STATEMENT = Pattern.compile(
            "CREATE (MATERIALIZED VIEW|TEMPORARY VIEW) ([a-z_.]+)(?:\\s\\(.*?\\n\\))?(?:(?!\\nAS ).)*\\nAS (.*)",
            Pattern.DOTALL);

    @TempDir
    private static Path folder;

    private static SparkReader spark;

    @BeforeAll
    static void makeTheLakeAndExport(SparkReader shared) {
        spark = shared;
        tarn("up", "--once", "--rows", "500", "--root", "lake", "--memory", "2GB");
        tarn("init", "project");
        tarn("export", "--project", "project", "--target", "spark", "out");
        spark.set(TIMEZONE, "Asia/Manila");
    }

    @AfterAll
    static void forget() {
        for (String layer : List.of("bronze", "silver", "gold")) {
            spark.run("DROP SCHEMA IF EXISTS " + layer + " CASCADE");
        }
        spark.set(TIMEZONE, "UTC");
    }

    private static void tarn(String... arguments) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(said, true, UTF_8);
        int exitCode = CommandLineShell.run(
                new Surroundings(Map.of(), folder, stream, stream, false, Clock.systemUTC()), new Stop(), arguments);
        assertThat(exitCode).as(said.toString(UTF_8)).isZero();
    }

    @Test
    void sparkMakesEveryTableOfTheSampleWithTheSameRows() throws IOException {
        List<String> statements = statements();
        assertThat(statements).hasSize(18);
        statements.forEach(spark::parse);
        try (LakeComparison comparison = new LakeComparison(folder.resolve("lake"), folder.resolve("reading"))) {
            List<TableName> tables = comparison.tables();
            registerBronze(tables);
            makeAll(statements);
            int compared = 0;
            for (TableName table : tables) {
                if (table.layer() == Layer.SILVER || table.layer() == Layer.GOLD) {
                    int rows = comparison.assertIsReadIdentically(
                            (path, version) -> spark.query("SELECT * FROM " + table), table, OptionalLong.empty());
                    assertThat(rows).as("rows of " + table).isPositive();
                    compared++;
                }
            }
            assertThat(compared).isEqualTo(12);
        }
    }

    private static List<String> statements() throws IOException {
        List<String> statements = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder.resolve("out/transformations"))) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                Arrays.stream(Files.readString(file).split(";\n"))
                        .map(text -> text.replaceAll("(?m)^\\s*--.*\n?", "").strip())
                        .filter(text -> !text.isEmpty())
                        .forEach(statements::add);
            }
        }
        return statements;
    }

    private static void registerBronze(List<TableName> tables) {
        for (String layer : List.of("bronze", "silver", "gold")) {
            spark.run("CREATE SCHEMA " + layer + " LOCATION '" + folder.resolve("spark/" + layer) + "'");
        }
        tables.stream()
                .filter(table -> table.layer() == Layer.BRONZE)
                .forEach(table -> spark.run("CREATE TABLE " + table + " USING DELTA LOCATION '"
                        + folder.resolve("lake").resolve(table.path()) + "'"));
    }

    /** Each dataset once those that it reads are there, which is the order of the graph. */
    private static void makeAll(List<String> statements) {
        List<String> waiting = new ArrayList<>(statements);
        while (!waiting.isEmpty()) {
            List<String> next = waiting.stream().filter(one -> !isMade(one)).toList();
            assertThat(next.size()).as("what Spark cannot make: " + next).isLessThan(waiting.size());
            waiting = new ArrayList<>(next);
        }
    }

    private static boolean isMade(String statement) {
        Matcher parts = STATEMENT.matcher(statement);
        assertThat(parts.matches()).as(statement).isTrue();
        boolean table = parts.group(1).equals("MATERIALIZED VIEW");
        try {
            spark.run((table
                            ? "CREATE TABLE " + parts.group(2) + " USING DELTA"
                            : "CREATE OR REPLACE TEMP VIEW " + parts.group(2))
                    + " AS " + parts.group(3));
            return true;
        } catch (Exception e) {
            if (e instanceof AnalysisException missing && "TABLE_OR_VIEW_NOT_FOUND".equals(missing.getCondition())) {
                return false;
            }
            throw e;
        }
    }
}
