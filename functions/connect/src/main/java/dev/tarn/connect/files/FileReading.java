package dev.tarn.connect.files;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.DataType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files that one call of DuckDB reads.
 *
 * @param from a FROM-expression, among whose columns {@link #FILE} is where each row's file lies
 * @param values what the files have, each once whatever its case
 * @param rest a DuckDB expression for an object of JSON with what is in a row besides; null for nothing
 */
record FileReading(List<TakenFile> files, String from, List<Value> values, @Nullable String rest) {

    /** Where the file lies on this machine. */
    static final String FILE = "tarn_file";

    /**
     * A column of files.
     *
     * @param sql a DuckDB expression
     * @param type that it has
     */
    record Value(String name, String sql, DataType type) {
        Value {
            requireNonNull(name, "name");
            requireNonNull(sql, "sql");
            requireNonNull(type, "type");
        }

        static Value text(String name, String sql) {
            return new Value(name, sql, DataType.Simple.STRING);
        }
    }

    FileReading {
        files = List.copyOf(files);
        values = List.copyOf(values);
    }
}
