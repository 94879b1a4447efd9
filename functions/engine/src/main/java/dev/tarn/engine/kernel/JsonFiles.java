package dev.tarn.engine.kernel;

import static dev.tarn.engine.kernel.KernelEngine.storagePath;

import dev.tarn.engine.storage.Storage;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.JsonHandler;
import io.delta.kernel.exceptions.KernelEngineException;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** JSON files of the log. */
final class JsonFiles implements JsonHandler {

    private final Storage storage;
    private final LogContents contents;

    JsonFiles(Storage storage) {
        this.storage = storage;
        this.contents = new LogContents(storage);
    }

    @Override
    public ColumnarBatch parseJson(ColumnVector texts, StructType schema, Optional<ColumnVector> selection) {
        List<@Nullable Object[]> rows = new ArrayList<>(texts.getSize());
        try {
            for (int row = 0; row < texts.getSize(); row++) {
                boolean selected = selection.isEmpty() || selection.get().getBoolean(row);
                rows.add(
                        selected && !texts.isNullAt(row)
                                ? JsonReader.row(texts.getString(row), schema)
                                : new Object[schema.length()]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return HeapBatch.of(schema, rows);
    }

    @Override
    public CloseableIterator<ColumnarBatch> readJsonFiles(
            CloseableIterator<FileStatus> files, StructType schema, Optional<Predicate> hint) {
        return files.map(file -> read(file, schema));
    }

    private ColumnarBatch read(FileStatus file, StructType schema) {
        String path = file.getPath();
        try {
            byte[] content =
                    file instanceof ListedFile listed ? contents.read(listed) : storage.read(storagePath(path));
            return HeapBatch.of(schema, JsonReader.rows(content, schema));
        } catch (NoSuchFileException e) {
            // Kernel looks for this cause when an optional file is absent.
            throw new KernelEngineException(path, new FileNotFoundException(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void writeJsonFileAtomically(String path, CloseableIterator<Row> rows, boolean overwrite)
            throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (rows) {
            JsonWriter.write(rows, content);
        }
        if (overwrite) {
            storage.put(storagePath(path), content.toByteArray());
        } else if (!storage.putIfAbsent(storagePath(path), content.toByteArray())) {
            throw new FileAlreadyExistsException(path);
        }
    }
}
