package dev.tarn.readers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.AnalysisException;

/** The datasets of an export for Spark, made by Spark one after the other, streams read as what there is. */
record ExportedTables(SparkReader spark, Path folder) {

    private static final List<String> LAYERS = List.of("bronze", "silver", "gold");

    /** The kind of dataset, its name, and its query. */
    private static final Pattern STATEMENT = Pattern.compile(
            "CREATE (?:(MATERIALIZED VIEW|TEMPORARY VIEW) ([a-z_.]+)(?:\\s\\(.*?\\n\\))?(?:(?!\\nAS ).)*\\nAS "
                    + "|FLOW [a-z_]+\\nAS INSERT INTO ([a-z_.]+) BY NAME\\n)(.*)",
            Pattern.DOTALL);

    /** All statements of the export; each of them is one of Spark's. */
    List<String> statements() throws IOException {
        List<String> statements = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder.resolve("transformations"))) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                Arrays.stream(Files.readString(file).split(";\n"))
                        .map(text -> text.replaceAll("(?m)^\\s*--.*\n?", "").strip())
                        .filter(text -> !text.isEmpty())
                        .forEach(statements::add);
            }
        }
        statements.forEach(spark::parse);
        return statements;
    }

    /** Puts the bronze tables of the lake into Spark's catalog; what Spark makes lies in {@code made}. */
    void register(Path lake, List<TableName> bronze, Path made) {
        for (String layer : LAYERS) {
            spark.run("CREATE SCHEMA " + layer + " LOCATION '" + made.resolve(layer) + "'");
        }
        bronze.forEach(table ->
                spark.run("CREATE TABLE " + table + " USING DELTA LOCATION '" + lake.resolve(table.path()) + "'"));
    }

    void forget() {
        LAYERS.forEach(layer -> spark.run("DROP SCHEMA IF EXISTS " + layer + " CASCADE"));
    }

    /** Each dataset once those that it reads are there, which is the order of the graph. */
    void make() throws IOException {
        List<String> waiting = statements();
        String streaming = "CREATE STREAMING TABLE";
        waiting.stream()
                .filter(statement -> statement.startsWith(streaming))
                .forEach(statement -> spark.run(statement.replace(streaming, "CREATE TABLE") + " USING DELTA"));
        waiting.removeIf(statement -> statement.startsWith(streaming));
        while (!waiting.isEmpty()) {
            List<String> next = waiting.stream().filter(one -> !isMade(one)).toList();
            assertThat(next.size()).as("what Spark cannot make: " + next).isLessThan(waiting.size());
            waiting = next;
        }
    }

    private boolean isMade(String statement) {
        Matcher parts = STATEMENT.matcher(statement);
        assertThat(parts.matches()).as(statement).isTrue();
        boolean view = "TEMPORARY VIEW".equals(parts.group(1));
        String begin = parts.group(3) != null
                ? "INSERT INTO " + parts.group(3) + " BY NAME "
                : view
                        ? "CREATE OR REPLACE TEMP VIEW " + parts.group(2) + " AS "
                        : "CREATE TABLE " + parts.group(2) + " USING DELTA AS ";
        try {
            spark.run(begin + parts.group(4).replaceAll("STREAM\\(([a-z_.]+)\\)", "$1"));
            return true;
        } catch (Exception e) {
            if (e instanceof AnalysisException missing && "TABLE_OR_VIEW_NOT_FOUND".equals(missing.getCondition())) {
                return false;
            }
            throw e;
        }
    }
}
