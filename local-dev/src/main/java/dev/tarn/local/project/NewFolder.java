package dev.tarn.local.project;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A folder that a command fills: one that did not exist, or was empty. */
public final class NewFolder {

    private final Path folder;

    private NewFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * The folder, which is made when it is absent.
     *
     * @throws TarnException CONFIGURATION_INVALID when it holds anything, or cannot be written
     */
    public static NewFolder at(Path folder) {
        try {
            Files.createDirectories(folder);
            try (Stream<Path> entries = Files.list(folder)) {
                if (entries.findAny().isPresent()) {
                    throw new TarnException(
                            ErrorCode.CONFIGURATION_INVALID,
                            folder + " is not empty.",
                            "Name a folder that does not exist yet, or empty this one.");
                }
            }
            return new NewFolder(folder);
        } catch (IOException e) {
            throw notWritable(folder, e);
        }
    }

    /** Writes a file; {@code path} is relative to the folder. */
    public void write(String path, String text) {
        Path file = folder.resolve(path);
        try {
            Files.createDirectories(requireNonNull(file.getParent()));
            Files.writeString(file, text);
        } catch (IOException e) {
            throw notWritable(folder, e);
        }
    }

    static TarnException notWritable(Path folder, IOException cause) {
        return new TarnException(
                ErrorCode.CONFIGURATION_INVALID,
                folder + " cannot be written: " + cause.getClass().getSimpleName() + ".",
                "Name a folder in which you may create files.",
                cause);
    }
}
