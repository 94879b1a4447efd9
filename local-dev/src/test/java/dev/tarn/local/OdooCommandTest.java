package dev.tarn.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.local.cli.TarnRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Commands about a source, on the sample's lake and a real database. */
@TestInstance(Lifecycle.PER_CLASS)
class OdooCommandTest {

    private Path folder;
    private Path settled;
    private Books books;
    private int copies;

    @BeforeAll
    void runOnce(@TempDir Path folder) {
        this.folder = folder;
        settled = SampleCopy.in(folder.resolve("settled")).folder();
        books = Books.open(folder.resolve("books"), 200);
        TarnRun run = TarnRun.of(settled, books.secrets(), "up", "--once");
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    @AfterAll
    void stop() {
        books.close();
    }

    private SampleCopy copy() throws IOException {
        Path copy = folder.resolve("copy" + ++copies);
        try (Stream<Path> all = Files.walk(settled)) {
            for (Path from : all.toList()) {
                Files.copy(from, copy.resolve(settled.relativize(from).toString()));
            }
        }
        return SampleCopy.at(copy);
    }

    private TarnRun tarn(SampleCopy project, String... arguments) {
        return tarn(project, books.secrets(), arguments);
    }

    private static TarnRun tarn(SampleCopy project, Map<String, String> secrets, String... arguments) {
        TarnRun run = TarnRun.of(project.folder(), secrets, arguments);
        // A machine that is busy takes more than a second, and that is said.
        return new TarnRun(run.exitCode(), run.out(), run.err().replaceAll("(?m)^ \\.\\.\\. .*\n", ""));
    }

    @Test
    void look() throws IOException {
        SampleCopy project = copy();
        for (String line : List.of(
                "verify odoo",
                "verify odoo --format json",
                "odoo grants",
                "odoo grants --user bi --format json",
                "odoo fields",
                "odoo fields res.company",
                "odoo fields res.company --format json",
                "odoo reconcile",
                "odoo resync --table account_move --format json",
                "verify odoo --table account.move --sum account_move.amount_total")) {
            TarnRun run = tarn(project, line.split(" "));
            System.out.println("$ tarn " + line + "\n" + run.out() + run.err() + "-> " + run.exitCode());
        }
    }
}
