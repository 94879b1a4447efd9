package dev.tarn.local.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the folder of a project: the one that holds {@code spark-pipeline.yml}. */
public final class ProjectFolder {

    /** The file that makes a folder a project. */
    public static final String MARKER = "spark-pipeline.yml";

    private ProjectFolder() {}

    /** The nearest project at or above {@code folder}. */
    public static Optional<Path> nearest(Path folder) {
        for (@Nullable Path at = folder.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
            if (Files.isRegularFile(at.resolve(MARKER))) {
                return Optional.of(at);
            }
        }
        return Optional.empty();
    }

    /** {@code folder}, when it is a project. Throws {@link TarnException} (PROJECT_NOT_FOUND) when it is none. */
    public static Path require(Path folder) {
        if (!Files.isRegularFile(folder.resolve(MARKER))) {
            throw new TarnException(
                    ErrorCode.PROJECT_NOT_FOUND,
                    folder + " is no project: it has no " + MARKER + ".",
                    "Name the project's folder with --project, or make a project with tarn init.");
        }
        return folder;
    }

    /** The nearest project. Throws {@link TarnException} (PROJECT_NOT_FOUND) when there is none. */
    public static Path requireNearest(Path folder) {
        return nearest(folder)
                .orElseThrow(() -> new TarnException(
                        ErrorCode.PROJECT_NOT_FOUND,
                        "There is no " + MARKER + " in " + folder + " nor in a folder above it.",
                        "Go into a project, name one with --project DIR, or make one with tarn init DIR."));
    }
}
