package dev.tarn.engine.event;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.TableName;

/**
 * A table that an update read as a whole.
 *
 * @param tableId that the table has as long as it is not made anew
 * @param version that was read
 * @param bytes of its files
 */
public record SourceRead(TableName table, String tableId, long version, long rows, long files, long bytes) {

    public SourceRead {
        requireNonNull(table, "table");
        requireNonNull(tableId, "tableId");
        if (version < 0 || rows < 0 || files < 0 || bytes < 0) {
            throw new IllegalArgumentException("versions, rows, files and bytes are not negative");
        }
    }
}
