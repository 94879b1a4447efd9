package dev.tarn.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.budget.Budget;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuckDbTest {

    private static final Budget BUDGET = new Budget(256L << 20, 128L << 20, 64L << 20, 64L << 20, 1L << 30, 2);

    @TempDir
    Path workspace;

    private List<Path> leftInWorkspace() throws Exception {
        try (Stream<Path> files = Files.list(workspace)) {
            return files.toList();
        }
    }

    @Test
    void theBudgetAndTheRulesOfSparkHoldInEverySession() {
        try (DuckDb duckDb = DuckDb.open(BUDGET, workspace);
                Session session = duckDb.session()) {
            assertThat(session.query(
                            "SELECT current_setting('memory_limit'), current_setting('threads'), current_setting('max_temp_directory_size'),"
                                    + " current_setting('autoinstall_known_extensions'), current_setting('TimeZone')",
                            row -> row.getString(1) + " " + row.getString(2) + " " + row.getString(3) + " "
                                    + row.getString(4) + " " + row.getString(5)))
                    .containsExactly("128.0 MiB 2 64.0 MiB false UTC");
            assertThat(session.query(
                            "SELECT v FROM (VALUES (1), (NULL), (2)) t(v) ORDER BY v", row -> row.getString(1)))
                    .containsExactly(null, "1", "2");
            assertThat(session.query(
                            "SELECT v FROM (VALUES (1), (NULL), (2)) t(v) ORDER BY v DESC", row -> row.getString(1)))
                    .containsExactly("2", "1", null);
            assertThat(session.query("SELECT 'nan'::DOUBLE > 'inf'::DOUBLE", row -> row.getBoolean(1)))
                    .containsExactly(true);
        }
    }

    @Test
    void aQueryThatNeedsMoreThanTheBudgetFails() {
        try (DuckDb duckDb = DuckDb.open(BUDGET, workspace);
                Session session = duckDb.session()) {
            assertThatThrownBy(() -> session.query(
                            "SELECT len(list(range || repeat('x', 50))) FROM range(10000000)", row -> row.getLong(1)))
                    .isInstanceOf(SqlFailedException.class)
                    .hasMessageStartingWith("Out of Memory Error");
        }
    }

    @Test
    void nothingIsLeftAfterClosing() throws Exception {
        try (DuckDb duckDb = DuckDb.open(BUDGET, workspace);
                Session session = duckDb.session()) {
            Files.writeString(session.newFile(".parquet"), "rows");
            assertThat(leftInWorkspace()).hasSize(2);
        }

        assertThat(leftInWorkspace()).isEmpty();
    }

    @Test
    void filesOfADeadProcessAreDeletedAndThoseOfALivingOneStay() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Other.class.getName(),
                        workspace.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))) {
            Path theirs = Path.of(said.readLine());
            assertThat(theirs).exists();
            DuckDb.open(BUDGET, workspace).close();
            assertThat(theirs).exists();

            other.destroyForcibly().waitFor();
            assertThat(theirs).exists();
            DuckDb.open(BUDGET, workspace).close();

            assertThat(theirs).doesNotExist();
            assertThat(leftInWorkspace()).isEmpty();
        } finally {
            other.destroyForcibly();
        }
    }

    /** Leaves a file in the workspace and waits until it is killed. */
    static final class Other {
        public static void main(String[] arguments) throws Exception {
            DuckDb duckDb = DuckDb.open(BUDGET, Path.of(arguments[0]));
            Path file = Files.writeString(duckDb.session().newFile(".parquet"), "rows");
            System.out.println(file);
            System.in.read();
            duckDb.close();
        }
    }
}
