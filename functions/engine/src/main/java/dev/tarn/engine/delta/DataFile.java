package dev.tarn.engine.delta;

/**
 * A file of rows that is part of a table.
 *
 * @param path relative to the lake's root
 * @param size in bytes
 * @param records rows in the table: those that a deletion vector hides are not counted
 */
public record DataFile(String path, long size, long records) {

    public DataFile {
        if (path.isEmpty() || size < 0 || records < 0) {
            throw new IllegalArgumentException(
                    "not a data file: '" + path + "', " + size + " bytes, " + records + " rows");
        }
    }
}
