package dev.tarn.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.model.TarnException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Statement by statement, what comes out of it or how it is refused. The files say it: a statement; behind {@code |} what
 * else there is, {@code src: } columns of {@code bronze.src}, {@code also: } other statements, {@code yml: } a line of
 * {@code spark-pipeline.yml}; behind {@code =} what comes out, as {@link PlanText} tells it, or the whole message.
 */
class StatementsTest {

    private static final String SRC =
            "id INT, v STRING, a STRING, d DATE, ts TIMESTAMP, op STRING, s BIGINT, score DOUBLE";

    @TempDir
    private Path folder;

    /** One block of a file. */
    record Row(String file, int line, String sql, List<String> with, String expected) {
        @Override
        public String toString() {
            return file + ":" + line + " " + sql.replaceAll("\\s+", " ");
        }
    }

    static Stream<Row> rows() throws Exception {
        return Stream.concat(rows("sdp.txt").stream(), rows("surface.txt").stream());
    }

    private static Path file(String name) throws URISyntaxException {
        return Path.of(StatementsTest.class.getResource("/statements/" + name).toURI());
    }

    private static List<Row> rows(String name) throws Exception {
        List<Row> rows = new ArrayList<>();
        List<String> lines = Files.readAllLines(file(name));
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isBlank() || lines.get(i).startsWith("#")) {
                continue;
            }
            int start = i;
            List<String> sql = new ArrayList<>();
            List<String> with = new ArrayList<>();
            List<String> expected = new ArrayList<>();
            for (; i < lines.size() && !lines.get(i).isBlank(); i++) {
                String line = lines.get(i);
                if (line.startsWith("= ")) {
                    expected.add(line.substring(2));
                } else if (line.startsWith("| ")) {
                    with.add(line.substring(2));
                } else {
                    sql.add(line);
                }
            }
            rows.add(new Row(name, start + 1, String.join("\n", sql), with, String.join("\n", expected)));
        }
        return rows;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void aStatementIsHonouredOrRefusedByName(Row row) {
        assertThat(answer(row)).isEqualTo(row.expected());
    }

    private String answer(Row row) {
        StringBuilder columns = new StringBuilder(SRC);
        StringBuilder also = new StringBuilder();
        StringBuilder yml = new StringBuilder();
        for (String with : row.with()) {
            if (with.startsWith("src: ")) {
                columns.replace(0, columns.length(), with.substring(5));
            } else if (with.startsWith("yml: ")) {
                yml.append(with.substring(5)).append('\n');
            } else {
                also.append(with.substring("also: ".length())).append('\n');
            }
        }
        TestProject project =
                project(folder, columns.toString(), yml.toString()).sql(row.sql());
        if (!also.isEmpty()) {
            project.with("pipelines/also.sql", also.toString());
        }
        try {
            return PlanText.of(project.compile());
        } catch (TarnException refusal) {
            return refusal.getMessage();
        }
    }

    static TestProject project(Path folder, String columns, String yml) {
        return new TestProject(folder)
                .with(
                        "spark-pipeline.yml",
                        """
                        name: test
                        storage: file:///tmp/spark
                        database: bronze
                        %slibraries:
                          - glob: { include: pipelines/** }
                        """
                                .formatted(yml))
                .with(
                        "sources/odoo.yml",
                        """
                        source: shop
                        type: odoo
                        connection: { database: "${secret:shop}", version: 19 }
                        schedule: { every: 5m }
                        tables:
                          - table: src
                          - table: other
                        """)
                .schemas(table -> Optional.of(OdooTables.parse(columns)));
    }

    @Test
    void theStatementsAreThoseThatWereMeasuredOnSpark() throws Exception {
        Path samples = Path.of("").toAbsolutePath();
        while (samples != null && !Files.exists(samples.resolve("shared/samples/sql/sdp-statements.txt"))) {
            samples = samples.getParent();
        }
        assumeTrue(samples != null, "shared/samples/sql/sdp-statements.txt is not beside this project");

        assertThat(rows("sdp.txt").stream().map(Row::sql).toList())
                .isEqualTo(statements(samples.resolve("shared/samples/sql/sdp-statements.txt")));
    }

    private static List<String> statements(Path file) throws IOException {
        return Files.readAllLines(file).stream().filter(line -> !line.isBlank()).toList();
    }
}
