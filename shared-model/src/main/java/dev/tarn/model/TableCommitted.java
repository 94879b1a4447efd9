package dev.tarn.model;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The event that wakes flows: {@code table} has a commit {@code version}. It may come late, twice or not at all. */
public record TableCommitted(TableName table, long version) {

    /** Delta writes a version with 20 digits; two more than any table will need keep the number within a long. */
    private static final Pattern COMMIT_FILE = Pattern.compile("([a-z]+)/([^/]+)/_delta_log/00([0-9]{18})\\.json");

    public TableCommitted {
        requireNonNull(table, "table");
        if (version < 0) {
            throw new IllegalArgumentException("a version is not negative, got " + version);
        }
    }

    /**
     * Reads the event from the path of a file of the lake, {@code bronze/account_move/_delta_log/00000000000000000003.json};
     * empty when the file is not the commit of a table.
     */
    public static Optional<TableCommitted> ofFile(String path) {
        Matcher file = COMMIT_FILE.matcher(path);
        if (!file.matches()) {
            return Optional.empty();
        }
        return TableName.tryParse(file.group(1) + "." + file.group(2))
                .map(table -> new TableCommitted(table, Long.parseLong(file.group(3))));
    }
}
