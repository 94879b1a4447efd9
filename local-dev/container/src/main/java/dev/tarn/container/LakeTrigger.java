package dev.tarn.container;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which function a file of the lake wakes, as the triggers in Azure say it.
 *
 * @param function its name
 * @param folder of the lake that its files lie in
 * @param name path of the file in that folder
 */
record LakeTrigger(String function, String folder, String name) {

    private static final Pattern SUBJECT =
            Pattern.compile("/blobServices/default/containers/([^/]+)/blobs/(.+)", Pattern.DOTALL);

    private enum Woken {
        CLEANSE("cleanse", "bronze"),
        AGGREGATE("aggregate", "silver"),
        PUBLISH("publish", "gold"),
        FILE_ARRIVED("fileArrived", "landing"),
        DRAIN("drain", "tarn/inbox");

        private final String function;
        private final String folder;

        Woken(String function, String folder) {
            this.function = function;
            this.folder = folder;
        }
    }

    LakeTrigger {
        requireNonNull(function, "function");
        requireNonNull(folder, "folder");
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a file has a name");
        }
    }

    /** Of a function that a request names. */
    static LakeTrigger of(String function, String name) {
        Woken woken = Arrays.stream(Woken.values())
                .filter(one -> one.function.equals(function))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no file wakes " + function));
        return new LakeTrigger(function, woken.folder, name);
    }

    /** Whether the text is the subject of an event about a blob. */
    static boolean isSubject(String subject) {
        return SUBJECT.matcher(subject).matches();
    }

    /** Of the subject of an event about a blob; empty when the blob wakes nothing. */
    static Optional<LakeTrigger> ofSubject(String subject) {
        Matcher blob = SUBJECT.matcher(subject);
        if (!blob.matches()) {
            return Optional.empty();
        }
        String path = blob.group(1) + "/" + blob.group(2);
        return Arrays.stream(Woken.values())
                .filter(woken -> path.startsWith(woken.folder + "/") && path.length() > woken.folder.length() + 1)
                .findFirst()
                .map(woken -> new LakeTrigger(woken.function, woken.folder, path.substring(woken.folder.length() + 1)));
    }

    /** Of the file in the lake. */
    String path() {
        return folder + "/" + name;
    }
}
