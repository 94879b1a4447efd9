package dev.tarn.compiler;

import static dev.tarn.model.ErrorCode.CONFIGURATION_INVALID;

import dev.tarn.compiler.project.Problems;
import dev.tarn.compiler.query.ReadFiles;
import dev.tarn.model.FileDrop;
import dev.tarn.model.Layer;
import dev.tarn.model.TableName;
import java.util.Locale;

/**
 * What {@code STREAM read_files} means: files that are dropped into a table of bronze, which is read as a stream. The table is
 * called after the path, so that a query may be renamed and moved without its files being read again.
 */
final class QueriedFiles {

    /** Source of the rows. */
    private static final String SOURCE = "read_files";

    private static final String FILES = "_files";

    private QueriedFiles() {}

    /** Throws {@link dev.tarn.model.TarnException} when the path gives no name. */
    static FileDrop drop(ReadFiles files) {
        String path = files.path().text().toLowerCase(Locale.ROOT);
        String name = path.replaceAll("[^a-z0-9]+", "_").replaceAll("^[^a-z]+|_+$", "") + FILES;
        if (!TableName.isTableName(name + TableName.QUARANTINE)) {
            throw Problems.refusal(
                    CONFIGURATION_INVALID,
                    files.position(),
                    "The rows of " + files.path() + " would go to bronze." + name + ", which is no name for a table.",
                    "Describe the files in sources/files.yml, and read STREAM(bronze.table).");
        }
        return new FileDrop(
                SOURCE,
                name,
                new TableName(Layer.BRONZE, name),
                files.path(),
                files.format(),
                files.options(),
                files.columns(),
                files.schema(),
                FileDrop.Keep.ALL,
                FileDrop.SameFile.SKIP,
                files.position());
    }
}
