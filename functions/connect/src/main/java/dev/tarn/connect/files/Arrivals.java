package dev.tarn.connect.files;

import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.LakePath;
import dev.tarn.engine.storage.StoredFile;
import dev.tarn.model.FileDrop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files of a drop that lie below {@code landing/} and look as if they were complete. */
final class Arrivals {

    static final String LANDING = "landing";

    /** A file that was written to a moment ago may be written to again. */
    private static final Duration SETTLED = Duration.ofSeconds(3);

    private static final List<String> UNFINISHED = List.of(".tmp", ".part", ".partial", ".crdownload", ".filepart");
    private static final Comparator<StoredFile> OLDEST_FIRST =
            Comparator.comparing(StoredFile::modified).thenComparing(StoredFile::path);

    private final Lake lake;
    private final String folder;
    private final Pattern pattern;

    Arrivals(Lake lake, FileDrop drop) {
        this.lake = lake;
        this.folder = drop.path().folder().isEmpty()
                ? LANDING
                : LANDING + "/" + drop.path().folder();
        this.pattern = drop.path().pattern();
    }

    /**
     * What is there.
     *
     * @param complete files, the oldest first
     * @param waiting how many are left for later
     */
    record Found(List<StoredFile> complete, long waiting) {}

    Found look() {
        List<StoredFile> meant = meant();
        Instant now = lake.clock().instant();
        List<StoredFile> complete = meant.stream()
                .filter(file -> isComplete(file, now))
                .sorted(OLDEST_FIRST)
                .toList();
        return new Found(complete, meant.size() - complete.size());
    }

    private List<StoredFile> meant() {
        try {
            try (Stream<StoredFile> files = lake.storage().listBelow(folder).stream()) {
                return files.filter(this::isMeant).collect(Collectors.toList());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the files below " + folder + " cannot be listed", e);
        }
    }

    private boolean isMeant(StoredFile file) {
        String path = file.path().substring(LANDING.length() + 1);
        return pattern.matcher(path).matches() && isPath(file.path()) && isFinished(path);
    }

    /** Names that no storage can be asked for again; Windows and services read them as other files. */
    private static boolean isPath(String path) {
        try {
            LakePath.require(path);
            return path.chars().noneMatch(Character::isISOControl);
        } catch (IllegalArgumentException noPath) {
            return false;
        }
    }

    private static boolean isFinished(String path) {
        String name = path.toLowerCase(Locale.ROOT);
        return Stream.of(path.split("/")).noneMatch(part -> part.startsWith(".") || part.startsWith("_"))
                && UNFINISHED.stream().noneMatch(name::endsWith);
    }

    /** In a storage account a file is there as a whole or not at all, on a disk it grows while it is written. */
    private boolean isComplete(StoredFile file, Instant now) {
        Duration age = Duration.between(file.modified(), now);
        boolean fresh = !age.isNegative() && age.compareTo(SETTLED) < 0;
        return file.size() > 0 && !(fresh && isHere(file));
    }

    private boolean isHere(StoredFile file) {
        try {
            return lake.storage().localFile(file.path()).isPresent();
        } catch (IOException gone) {
            return true;
        }
    }

    /** The versions that are there now. */
    List<StoredFile> versions() {
        return meant();
    }
}
