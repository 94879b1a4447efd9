package dev.tarn.local.cli;

import dev.tarn.local.run.LakeStorage;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that say which lake a command is about. */
final class LakeOptions {

    @Option(
            names = "--root",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "Folder of the lake. Default: that of the target.")
    private @Nullable String root;

    @Option(
            names = "--storage",
            paramLabel = "folder|azurite",
            scope = ScopeType.INHERIT,
            defaultValue = "folder",
            description = "Where the tables are: folder (default), or azurite, Azure's blob storage on this machine.")
    private LakeStorage.Kind storage = LakeStorage.Kind.FOLDER;

    Optional<String> root() {
        return Optional.ofNullable(root);
    }

    LakeStorage.Kind storage() {
        return storage;
    }

    /** Reads a kind of storage. Throws {@link IllegalArgumentException} when the text is none. */
    static LakeStorage.Kind kind(String text) {
        return Arrays.stream(LakeStorage.Kind.values())
                .filter(kind -> kind.name().toLowerCase(Locale.ROOT).equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is folder and azurite, not " + text));
    }
}
