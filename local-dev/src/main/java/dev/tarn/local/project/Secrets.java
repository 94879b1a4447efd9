package dev.tarn.local.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Values of secrets on one machine: the environment variable {@code TARN_SECRET_NAME}, else the line {@code name=value}
 * of the project's file {@code .secrets}. Values leave this class only through {@link #find} and {@link #require}.
 */
public final class Secrets {

    /** File of the project; its lines are {@code name=value}, empty, or begin with {@code #}. */
    public static final String FILE = ".secrets";

    private final Map<String, String> environment;
    private final Map<String, String> file;

    private Secrets(Map<String, String> environment, Map<String, String> file) {
        this.environment = Map.copyOf(environment);
        this.file = Map.copyOf(file);
    }

    /**
     * Those of the project in {@code project}. Throws {@link TarnException} (CONFIGURATION_INVALID) when its file has a
     * line that says nothing.
     */
    public static Secrets of(Map<String, String> environment, Path project) {
        return new Secrets(environment, read(project.resolve(FILE)));
    }

    /** The value; empty when it is set nowhere, or set to nothing. */
    public Optional<String> find(SecretRef secret) {
        return Optional.ofNullable(environment.get(secret.environmentVariable()))
                .or(() -> Optional.ofNullable(file.get(secret.name())))
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }

    /** The value. Throws {@link TarnException} (SECRET_MISSING) when it is set nowhere. */
    public String require(SecretRef secret, @Nullable SourcePosition position, String target) {
        return find(secret).orElseThrow(() -> new TarnException(List.of(missing(secret, position, target)), null));
    }

    /** The problem of a secret that is set nowhere. */
    public static Problem missing(SecretRef secret, @Nullable SourcePosition position, String target) {
        return new Problem(
                ErrorCode.SECRET_MISSING,
                position,
                secret + " is not set for target " + target + ".",
                "Set " + secret.environmentVariable() + " or add " + secret.name() + " to " + FILE + ".");
    }

    private static Map<String, String> read(Path path) {
        Map<String, String> secrets = new HashMap<>();
        List<Problem> problems = new ArrayList<>();
        int number = 0;
        for (String line : lines(path)) {
            number++;
            String text = line.strip();
            int equals = text.indexOf('=');
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            if (equals < 1
                    || SecretRef.tryParse(
                                    "${secret:" + text.substring(0, equals).strip() + "}")
                            .isEmpty()) {
                problems.add(unreadable(number));
                continue;
            }
            secrets.put(
                    text.substring(0, equals).strip(),
                    text.substring(equals + 1).strip());
        }
        if (!problems.isEmpty()) {
            throw new TarnException(problems, null);
        }
        return secrets;
    }

    private static Problem unreadable(int line) {
        return new Problem(
                ErrorCode.CONFIGURATION_INVALID,
                new SourcePosition(FILE, line, 1),
                "This line is not name=value.",
                "Write the name of a secret (lower-case letters, digits and -), = and its value, or begin the line with #.");
    }

    private static List<String> lines(Path path) {
        try {
            return Files.readAllLines(path, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new TarnException(
                    ErrorCode.CONFIGURATION_INVALID,
                    FILE + " of the project cannot be read: " + e.getClass().getSimpleName() + ".",
                    "Make it a UTF-8 text file that you may read, or remove it.",
                    e);
        }
    }
}
