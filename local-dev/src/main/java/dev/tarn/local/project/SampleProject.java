package dev.tarn.local.project;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Plan;
import dev.tarn.model.TarnException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The project that comes with Tarn: what {@code tarn init} copies and {@code tarn up} runs without one of your own. */
public final class SampleProject {

    private static final String FOLDER = "/sample/";
    private static final String INDEX = FOLDER + "index";

    private SampleProject() {}

    /**
     * Copies the sample into {@code folder}, which is made when it is absent.
     *
     * @return the files written, relative to {@code folder}
     * @throws TarnException CONFIGURATION_INVALID when the folder holds anything, or cannot be written
     */
    public static List<String> copyTo(Path folder) {
        NewFolder.at(folder);
        try {
            List<String> files = files();
            for (String file : files) {
                copy(file, folder.resolve(file));
            }
            return files;
        } catch (IOException e) {
            throw NewFolder.notWritable(folder, e);
        }
    }

    /** Puts the sample at {@code folder}, all of it or nothing, unless the folder is there already. */
    public static void unpackOnce(Path folder) {
        if (Files.exists(folder)) {
            return;
        }
        try {
            Path unfinished = folder.resolveSibling(folder.getFileName() + ".unfinished");
            for (String file : files()) {
                Files.deleteIfExists(unfinished.resolve(file));
                copy(file, unfinished.resolve(file));
            }
            Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new TarnException(
                    ErrorCode.LAKE_NOT_WRITABLE,
                    "The sample project cannot be put at " + folder + ": "
                            + e.getClass().getSimpleName() + ".",
                    "Choose another place with --root, or give this user the right to create folders and files there.",
                    e);
        }
    }

    private static void copy(String file, Path to) throws IOException {
        Files.createDirectories(requireNonNull(to.getParent()));
        try (InputStream in = open(FOLDER + file)) {
            Files.copy(in, to);
        }
    }

    /** Names of the sample's files, relative to its folder: resources in a jar cannot be listed. */
    static List<String> files() throws IOException {
        try (BufferedReader index = new BufferedReader(new InputStreamReader(open(INDEX), StandardCharsets.UTF_8))) {
            return index.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        }
    }

    private static InputStream open(String resource) {
        InputStream in = Plan.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IllegalStateException("the sample project lacks " + resource);
        }
        return in;
    }
}
