package dev.tarn.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.local.cli.TarnRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** A changed sample that has run until all had settled, and copies of it with their lakes. */
final class SettledProject {

    private final Path folder;
    private final Path settled;
    private int copies;

    private SettledProject(Path folder, Path settled) {
        this.folder = folder;
        this.settled = settled;
    }

    /** Runs the sample, with one more file, below the folder. */
    static SettledProject in(Path folder, String file, String content) throws IOException {
        Path settled =
                SampleCopy.in(folder.resolve("settled")).add(file, content).folder();
        try (Books books = Books.open(folder.resolve("books"), 200)) {
            TarnRun run = TarnRun.of(settled, books.secrets(), "up", "--once");
            assertThat(run.exitCode()).as(run.err()).isZero();
        }
        return new SettledProject(folder, settled);
    }

    Path folder() {
        return folder;
    }

    /** The project and its lake as they were when all had settled. */
    SampleCopy copy() throws IOException {
        Path copy = folder.resolve("copy" + ++copies);
        try (Stream<Path> all = Files.walk(settled)) {
            for (Path from : all.toList()) {
                Files.copy(from, copy.resolve(settled.relativize(from).toString()));
            }
        }
        return SampleCopy.at(copy);
    }

    static TarnRun update(SampleCopy project, String... arguments) {
        String[] all = Stream.concat(Stream.of("update"), Stream.of(arguments)).toArray(String[]::new);
        TarnRun run = TarnRun.of(project.folder(), Map.of(), all);
        // A machine that is busy takes more than a second for a flow, and that is said.
        return new TarnRun(run.exitCode(), run.out(), run.err().replaceAll("(?m)^ \\.\\.\\. .*\n", ""));
    }

    static String rows(SampleCopy project, String table, String sql) {
        try (LakeReader lake = LakeReader.open(project.folder().resolve(".lake"))) {
            return String.join("\n", lake.rows(table, sql));
        }
    }

    static Map<String, Long> versions(SampleCopy project) throws IOException {
        try (LakeReader lake = LakeReader.open(project.folder().resolve(".lake"))) {
            return lake.versions();
        }
    }
}
