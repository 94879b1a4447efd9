package dev.tarn.compiler.project;

import static dev.tarn.model.ErrorCode.CONFIGURATION_INVALID;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.model.SourcePosition;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The files of one project. Bounded, so that a wrong folder is refused instead of read into memory. */
public final class ProjectFiles {

    private static final long MAX_BYTES = 1_000_000;
    private static final int MAX_FILES = 2_000;

    private final Path root;
    private final Problems problems;

    public ProjectFiles(Path root, Problems problems) {
        this.root = root.toAbsolutePath().normalize();
        this.problems = problems;
    }

    /** The file's text; empty when the file is absent, or cannot be read, which is then noted. */
    public Optional<ProjectFile> find(String path) {
        Path file = root.resolve(path);
        return Files.isRegularFile(file) ? problems.attempt(() -> read(path, file)) : Optional.empty();
    }

    /** Every file below {@code folder} whose name ends in {@code suffix}, ordered by path. */
    public List<String> list(String folder, String suffix) {
        Path start = root.resolve(folder);
        if (!Files.isDirectory(start)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(start)) {
            List<String> names = paths.filter(Files::isRegularFile)
                    .map(path -> root.relativize(path).toString().replace('\\', '/'))
                    .filter(name -> name.endsWith(suffix))
                    .sorted()
                    .limit(MAX_FILES + 1L)
                    .toList();
            if (names.size() > MAX_FILES) {
                problems.add(
                        CONFIGURATION_INVALID,
                        null,
                        folder + " holds more than " + MAX_FILES + " files that end in " + suffix + ".",
                        "Name a smaller folder.");
                return List.of();
            }
            return names;
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    private static ProjectFile read(String path, Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw Problems.refusal(
                        CONFIGURATION_INVALID,
                        new SourcePosition(path, 1, 1),
                        path + " is larger than 1 MB.",
                        "Split it, or move it out of the project.");
            }
            return new ProjectFile(path, Files.readString(file, UTF_8).replace("\r\n", "\n"));
        } catch (CharacterCodingException e) {
            throw Problems.refusal(
                    CONFIGURATION_INVALID,
                    new SourcePosition(path, 1, 1),
                    path + " is not UTF-8 text.",
                    "Save it as UTF-8.");
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private static TarnException unreadable(String path, IOException cause) {
        return new TarnException(
                CONFIGURATION_INVALID,
                path + " cannot be read: " + cause.getClass().getSimpleName() + ".",
                "Give yourself the right to read it.",
                cause);
    }
}
