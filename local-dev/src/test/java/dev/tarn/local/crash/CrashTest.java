package dev.tarn.local.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.storage.Fault;
import dev.tarn.local.Books;
import dev.tarn.local.LakeReader;
import dev.tarn.local.SampleCopy;
import dev.tarn.local.cli.TarnRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that is halted inside an update, and run again, leaves the lake and the sink as a process does that was never
 * halted: the same rows in every table, no table that refers to a missing file.
 */
@TestInstance(Lifecycle.PER_CLASS)
class CrashTest {

    private static final int NEVER = -1;

    private Path folder;
    private Books books;
    private SampleCopy project;
    /** A lake that has seen Odoo before {@link #changeOdoo}. */
    private Path filled;

    private Outcome expected;
    private int roots;

    /** The end of a run: rows of each table, in any order, as a count and a sum of hashes; and what the sink shows. */
    private record Outcome(Map<String, String> tables, List<String> published) {}

    /** What a child process said and how it ended. */
    private record Child(int exitCode, String said) {
        int points() {
            return Integer.parseInt(said.substring(said.indexOf("points ") + 7).strip());
        }
    }

    @BeforeAll
    void prepare(@TempDir Path temporary) throws IOException {
        folder = temporary;
        books = Books.open(folder.resolve("books"), 100);
        project = SampleCopy.in(folder.resolve("project"));
        filled = folder.resolve("filled");
        runAgain(filled);
        changeOdoo();
        Path clean = copy(filled);
        runAgain(clean);
        expected = outcome(clean);
    }

    @AfterAll
    void close() {
        books.close();
    }

    private void changeOdoo() {
        books.odoo(
                "UPDATE account_move SET amount_untaxed_signed = amount_untaxed_signed + 1, amount_residual_signed = 7 "
                        + "WHERE move_type = 'out_invoice' AND state = 'posted'");
        books.odoo("UPDATE res_partner SET name = name || '.' WHERE id % 2 = 0");
    }

    @Test
    void haltedInAnUpdateAndRunAgain() throws IOException, InterruptedException {
        haltEverywhere(4, this::copyOfFilled);
    }

    @Test
    @Tag("full")
    void haltedAtManyPointsOfAnUpdate() throws IOException, InterruptedException {
        assertThat(haltEverywhere(34, this::copyOfFilled)).hasSizeGreaterThanOrEqualTo(30);
    }

    @Test
    @Tag("full")
    void haltedAtManyPointsOfTheFirstLoad() throws IOException, InterruptedException {
        assertThat(haltEverywhere(12, this::newRoot)).hasSizeGreaterThanOrEqualTo(10);
    }

    private interface Begin {
        Path root() throws IOException;
    }

    /** Halts at {@code number} points spread over a run, runs again after each, and answers at which kinds of call. */
    private Set<Integer> haltEverywhere(int number, Begin begin) throws IOException, InterruptedException {
        int points = child(begin.root(), NEVER).points();
        Set<Integer> halts = new TreeSet<>();
        for (int point : IntStream.range(0, number)
                .map(i -> i * (points - 1) / (number - 1))
                .toArray()) {
            Path root = begin.root();
            forgetPublished();
            Child halted = child(root, point);
            String where = "point " + point + " of " + points + ": " + halted.said();
            if (halted.exitCode() == Fault.Halt.EXIT_CODE) {
                halts.add(point);
            } else {
                // Two threads work: a run may pass a call or two less than the one that was counted.
                assertThat(point).as(where).isGreaterThan(points * 8 / 10);
            }
            runAgain(root);
            Outcome outcome = outcome(root);
            assertThat(outcome.published()).as(where).isEqualTo(expected.published());
            if (root.getFileName().toString().startsWith("copy")) {
                assertThat(outcome.tables()).as(where).isEqualTo(expected.tables());
            } else {
                assertThat(ofTheCurrentState(outcome)).as(where).isEqualTo(ofTheCurrentState(expected));
            }
        }
        return halts;
    }

    /** A lake that began after the change has not seen the versions before it, neither in bronze nor in what is made of them. */
    private static Map<String, String> ofTheCurrentState(Outcome outcome) {
        Map<String, String> tables = new TreeMap<>(outcome.tables());
        tables.keySet()
                .removeIf(table -> table.startsWith("bronze.")
                        || table.endsWith("_history")
                        || table.equals("gold.control_closed_periods"));
        return tables;
    }

    private Child child(Path root, int point) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HaltingUp.class.getName(),
                        project.folder().toString(),
                        root.toString(),
                        Integer.toString(point))
                .redirectErrorStream(true);
        builder.environment().putAll(books.secrets());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Child(process.waitFor(), said);
    }

    private void runAgain(Path root) {
        TarnRun run = TarnRun.of(project.folder(), books.secrets(), "up", "--once", "--root", root.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    private void forgetPublished() {
        books.supabase("DELETE FROM reporting.monthly_revenue");
        books.supabase("DELETE FROM reporting.receivables_by_partner");
        books.supabase("DROP SCHEMA IF EXISTS tarn CASCADE");
    }

    private Outcome outcome(Path root) throws IOException {
        try (LakeReader lake = LakeReader.open(root)) {
            assertThat(lake.missingFiles()).isEmpty();
            return new Outcome(
                    lake.fingerprints(),
                    books.supabase("SELECT m.*, r.* FROM reporting.monthly_revenue m FULL JOIN "
                            + "reporting.receivables_by_partner r ON false ORDER BY m.company_id, m.month, r.company_id, "
                            + "r.partner_id"));
        }
    }

    private Path newRoot() {
        return folder.resolve("new" + ++roots);
    }

    private Path copyOfFilled() throws IOException {
        return copy(filled);
    }

    private Path copy(Path root) throws IOException {
        Path copy = folder.resolve("copy" + ++roots);
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(root.relativize(file)));
            }
        }
        return copy;
    }
}
