package dev.tarn.readers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Reads a Delta table to the end. */
interface TableReader {

    /** The table in {@code folder} at {@code version}, or as it is now. */
    TableContent read(Path folder, OptionalLong version) throws IOException;
}
