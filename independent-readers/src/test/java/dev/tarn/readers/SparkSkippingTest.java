package dev.tarn.readers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Spark finds the same rows by a filter, for which it passes over files and row groups, as by comparing every row. */
@Tag("full")
@ExtendWith(SharedReaders.class)
class SparkSkippingTest {

    @TempDir
    private Path folder;

    private WrittenLake lake;
    private SparkReader spark;
    private String table;

    @BeforeEach
    void write(SparkReader shared) throws IOException {
        spark = shared;
        Path root = Files.createDirectory(folder.resolve("lake"));
        lake = new WrittenLake(root, folder.resolve("writing"));
        SkippedFiles.write(lake);
        table = "delta.`" + root.resolve(SkippedFiles.TABLE.path()).toAbsolutePath() + "`";
    }

    @AfterEach
    void close() {
        lake.close();
    }

    @Test
    void theSameRowsAreFoundWithSkipping() {
        for (String name : SkippedFiles.columns()) {
            assertFound(name);
        }
        List.of("double", "huge", "text", "moment").forEach(name -> assertFound("deep.in." + name));
    }

    private void assertFound(String column) {
        List<String> conditions = conditions(column);
        String compared = String.join(
                ", '|', ", conditions.stream().map(this::idsComparing).toList());
        List<String> truth = List.of(spark.text("SELECT concat(" + compared + ", '|.') FROM " + table)
                .split("\\|"));
        for (int at = 0; at < conditions.size(); at++) {
            assertThat(spark.text("SELECT " + idsComparing("TRUE") + " FROM " + table + " WHERE " + conditions.get(at)))
                    .as(conditions.get(at))
                    .isEqualTo(truth.get(at));
        }
    }

    /** Not a filter, so that no row is passed over. */
    private String idsComparing(String condition) {
        return "array_join(sort_array(collect_list(CASE WHEN " + condition + " THEN id END)), ' ')";
    }

    private List<String> conditions(String column) {
        List<String> conditions = new ArrayList<>(List.of(column + " IS NULL"));
        String texts =
                spark.text("SELECT array_join(array_distinct(collect_list(concat(typeof(" + column + "), ':', hex(CAST("
                        + column + " AS STRING))))), '|') FROM " + table + " WHERE " + column + " IS NOT NULL");
        List<String> values = new ArrayList<>();
        for (String text : texts.split("\\|")) {
            String type = text.substring(0, text.indexOf(':'));
            String hex = "unhex('" + text.substring(text.indexOf(':') + 1) + "')";
            values.add(type.equals("binary") ? hex : "CAST(CAST(" + hex + " AS STRING) AS " + type + ")");
        }
        values.forEach(value -> conditions.add(column + " = " + value));
        // A query takes a second, so these are asked of one value each.
        conditions.add(column + " < " + values.get(0));
        conditions.add(column + " > " + values.get(values.size() / 2));
        conditions.add(column + " IN (" + values.get(0) + ", " + values.get(values.size() - 1) + ")");
        return conditions;
    }
}
