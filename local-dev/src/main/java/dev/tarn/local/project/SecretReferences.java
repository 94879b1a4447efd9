package dev.tarn.local.project;

import dev.tarn.model.Problem;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourcePosition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the places of a project that name a secret, also in a project that does not compile. */
public final class SecretReferences {

    private static final String SETTINGS = "tarn.yml";
    private static final List<String> FOLDERS = List.of("sources", "sinks");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{secret:[^}]*}");
    private static final Pattern COMMENT = Pattern.compile("(^|\\s)#");

    private SecretReferences() {}

    /** A problem for every reference in settings, sources and sinks whose secret is not set, in the order of files and lines. */
    public static List<Problem> missing(Path project, Secrets secrets, String target) {
        List<Problem> problems = new ArrayList<>();
        if (Files.isRegularFile(project.resolve(SETTINGS))) {
            addMissing(problems, project.resolve(SETTINGS), SETTINGS, secrets, target);
        }
        for (String folder : FOLDERS) {
            for (Path file : files(project.resolve(folder))) {
                addMissing(problems, file, folder + "/" + file.getFileName(), secrets, target);
            }
        }
        return problems;
    }

    private static void addMissing(List<Problem> problems, Path file, String name, Secrets secrets, String target) {
        int number = 0;
        for (String line : lines(file)) {
            number++;
            Matcher comment = COMMENT.matcher(line);
            Matcher reference = REFERENCE.matcher(comment.find() ? line.substring(0, comment.start()) : line);
            while (reference.find()) {
                SourcePosition position = new SourcePosition(name, number, reference.start() + 1);
                SecretRef.tryParse(reference.group())
                        .filter(secret -> secrets.find(secret).isEmpty())
                        .ifPresent(secret -> problems.add(Secrets.missing(secret, position, target)));
            }
        }
    }

    private static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".yml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the project's folder " + folder + " cannot be read", e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the project's file " + file + " cannot be read", e);
        }
    }
}
