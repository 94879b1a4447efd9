package dev.tarn.engine.delta;

import dev.tarn.engine.storage.LakePath;
import dev.tarn.model.TableName;

/**
 * Where a table is: a table of the lake, or any folder with a Delta log.
 *
 * @param name by which people know it: {@code silver.account_move}, or its folder
 * @param path of its folder, relative to the root of the storage
 */
public record TableLocation(String name, String path) {

    public TableLocation {
        LakePath.require(path);
        if (name.isBlank()) {
            throw new IllegalArgumentException("the table at " + path + " needs a name");
        }
    }

    /** The place of a table of the lake. */
    public static TableLocation of(TableName table) {
        return new TableLocation(table.toString(), table.path());
    }

    @Override
    public String toString() {
        return name;
    }
}
