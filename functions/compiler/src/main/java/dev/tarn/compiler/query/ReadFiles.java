package dev.tarn.compiler.query;

import dev.tarn.model.Column;
import dev.tarn.model.DropPath;
import dev.tarn.model.FileDrop;
import dev.tarn.model.SourcePosition;
import java.util.List;

/**
 * What a call of {@code read_files} asks for.
 *
 * @param columns that the query sees before the first file
 * @param rescued whether the query sees {@code _rescued_data}
 */
public record ReadFiles(
        DropPath path,
        FileDrop.Format format,
        FileDrop.Options options,
        List<Column> columns,
        FileDrop.Unknown schema,
        boolean rescued,
        SourcePosition position) {

    public ReadFiles {
        columns = List.copyOf(columns);
    }
}
