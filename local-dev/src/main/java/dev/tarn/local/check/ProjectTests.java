package dev.tarn.local.check;

import dev.tarn.compiler.project.Problems;
import dev.tarn.compiler.project.ProjectFiles;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.local.run.OpenLake;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Plan;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The tests of a project, each run on a lake of its own that is gone afterwards. */
public final class ProjectTests {

    private static final String FOLDER = "tests";

    private ProjectTests() {}

    /**
     * Runs every test of {@code tests/}, in the order of their paths.
     *
     * @param plan that the project compiles to
     * @param bronze columns of the tables that flows read and none makes
     * @throws TarnException with everything that is wrong in their files; no test has run then
     */
    public static List<TestResult> run(Path project, Plan plan, Map<TableName, TableSchema> bronze, Clock clock) {
        List<TestCase> cases = read(project, plan, bronze);
        return cases.stream().map(test -> run(test, plan, bronze, clock)).toList();
    }

    private static List<TestCase> read(Path project, Plan plan, Map<TableName, TableSchema> bronze) {
        Problems problems = new Problems();
        ProjectFiles files = new ProjectFiles(project, problems);
        List<String> paths = files.list(FOLDER, ".yml");
        if (paths.isEmpty()) {
            throw new TarnException(
                    ErrorCode.CONFIGURATION_INVALID,
                    "The project has no tests: tests/ has no file that ends in .yml.",
                    "Write the first one, with given: and expect:, or leave --tests out.");
        }
        try (DuckDb duckDb = OpenLake.duckDb();
                Session session = duckDb.session()) {
            TestReader reader = new TestReader(plan, bronze, session, problems);
            List<TestCase> cases = paths.stream()
                    .map(path -> files.find(path).flatMap(reader::read))
                    .flatMap(Optional::stream)
                    .toList();
            problems.refuseIfAny();
            return cases;
        }
    }

    private static TestResult run(TestCase test, Plan plan, Map<TableName, TableSchema> bronze, Clock clock) {
        Path folder = null;
        try {
            folder = Files.createTempDirectory("tarn-test");
            return new TestRun(test, plan, bronze).on(folder, clock);
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary folder for a test", e);
        } finally {
            if (folder != null) {
                delete(folder);
            }
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a temporary folder cannot be deleted", e);
        }
    }
}
