package dev.tarn.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.local.cli.TarnRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** The sample that has run until all had settled, copies of it with their lakes, and the databases it ran on. */
final class SettledSource implements AutoCloseable {

    private static final String AS_OF = "(?m)^as of \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d, snapshot \\d+:\\d+:$";

    private final Path folder;
    private final Path settled;
    private final Books books;
    private int copies;

    private SettledSource(Path folder, Path settled, Books books) {
        this.folder = folder;
        this.settled = settled;
        this.books = books;
    }

    static SettledSource in(Path folder) {
        Path settled = SampleCopy.in(folder.resolve("settled")).folder();
        SettledSource source = new SettledSource(folder, settled, Books.open(folder.resolve("books"), 200));
        TarnRun run = TarnRun.of(settled, source.books.secrets(), "up", "--once");
        assertThat(run.exitCode()).as(run.err()).isZero();
        return source;
    }

    Path folder() {
        return folder;
    }

    Books books() {
        return books;
    }

    SampleCopy copy() throws IOException {
        Path copy = folder.resolve("copy" + ++copies);
        try (Stream<Path> all = Files.walk(settled)) {
            for (Path from : all.toList()) {
                Files.copy(from, copy.resolve(settled.relativize(from).toString()));
            }
        }
        return SampleCopy.at(copy);
    }

    TarnRun tarn(SampleCopy project, String line) {
        return tarn(project, books.secrets(), line);
    }

    TarnRun tarn(SampleCopy project, Map<String, String> secrets, String line) {
        TarnRun run = TarnRun.of(project.folder(), secrets, line.split(" "));
        // A machine that is busy takes more than a second, and that is said.
        return new TarnRun(
                run.exitCode(),
                run.out().replaceAll(AS_OF, "as of NOW:"),
                run.err().replaceAll("(?m)^ \\.\\.\\. .*\n", ""));
    }

    static void assertSays(TarnRun run, int exitCode, String out) {
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo(out);
        assertThat(run.exitCode()).isEqualTo(exitCode);
    }

    static void assertRefused(TarnRun run, int exitCode, String message) {
        assertThat(run.err()).isEqualTo(message + "\n");
        assertThat(run.exitCode()).isEqualTo(exitCode);
    }

    @Override
    public void close() {
        books.close();
    }
}
