package dev.tarn.engine.delta;

import dev.tarn.model.TableName;
import org.jspecify.annotations.Nullable;

/**
 * How far one source of a flow has been read: a table up to a version, or anything else up to a cursor.
 *
 * @param source full name of the table, or name of the source
 * @param tableId of the table; it changes when the table is created anew. Null for a cursor
 * @param version of the table that has been read, inclusive. Null for a cursor
 * @param cursor whatever the source needs to go on. Null for a table
 */
public record SourceProgress(String source, @Nullable String tableId, @Nullable Long version, @Nullable String cursor) {

    public SourceProgress {
        boolean table = tableId != null && version != null && version >= 0 && cursor == null;
        boolean other = tableId == null && version == null && cursor != null;
        if (source.isEmpty() || !(table || other)) {
            throw new IllegalArgumentException("progress of " + source + " is a table's version or a cursor");
        }
    }

    public static SourceProgress ofTable(TableName table, String tableId, long version) {
        return new SourceProgress(table.toString(), tableId, version, null);
    }

    public static SourceProgress ofCursor(String source, String cursor) {
        return new SourceProgress(source, null, null, cursor);
    }
}
