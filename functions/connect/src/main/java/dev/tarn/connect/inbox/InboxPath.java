package dev.tarn.connect.inbox;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where events lie until they are in bronze: {@code tarn/inbox/<endpoint>/<milliseconds>-<process>-<number>.ndjson}. */
public final class InboxPath {

    private static final String FOLDER = "tarn/inbox/";
    private static final String NAME = "([0-9]{13})-[0-9a-f]{16}-[0-9]{6}\\.ndjson";
    private static final Pattern FILE = Pattern.compile("tarn/inbox/([a-z][a-z0-9_]*)/" + NAME);

    private InboxPath() {}

    /** The id under which all that follows from the events of a file is done: its path in the container. */
    static String correlation(String path) {
        return path.substring(path.indexOf('/') + 1);
    }

    /** The folder of an endpoint. */
    static String folder(String endpoint) {
        return FOLDER + endpoint;
    }

    static String file(String endpoint, Instant at, String process, int number) {
        return String.format(
                Locale.ROOT,
                "%s/%013d-%s-%06d.ndjson",
                folder(endpoint),
                at.toEpochMilli(),
                process,
                Math.floorMod(number, 1_000_000));
    }

    /** The endpoint whose events are in the file at that path; empty when it is no file of an inbox. */
    public static Optional<String> endpoint(String path) {
        return Optional.of(FILE.matcher(path)).filter(Matcher::matches).map(matcher -> matcher.group(1));
    }

    /** Whether a file of an inbox may be called so. */
    static boolean isFile(String name) {
        return name.matches(NAME);
    }

    /** When the file was begun, by the clock of its writer. */
    static Instant begun(String path) {
        Matcher matcher = FILE.matcher(path);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(path + " is no file of an inbox");
        }
        return Instant.ofEpochMilli(Long.parseLong(matcher.group(2)));
    }
}
