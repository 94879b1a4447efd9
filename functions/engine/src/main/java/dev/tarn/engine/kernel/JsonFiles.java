package dev.tarn.engine.kernel;

import static dev.tarn.engine.kernel.KernelEngine.storagePath;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** JSON files of the log. */
final class JsonFiles implements JsonHandler {

    private static final Pattern COMMIT = Pattern.compile(".*/\\d{20}\\.json");
    private static final String POINTER = "/_last_checkpoint";
    private static final Pattern HINT = Pattern.compile("\\s*\\{.*\"version\".*}\\s*", Pattern.DOTALL);

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
            if (isUseless(path, content)) {
                throw new NoSuchFileException(path);
            }
            return HeapBatch.of(schema, rows(storagePath(path), content, schema));
        } catch (NoSuchFileException e) {
            // Kernel looks for this cause when an optional file is absent.
            throw new KernelEngineException(path, new FileNotFoundException(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<@Nullable Object[]> rows(String path, byte[] content, StructType schema) throws IOException {
        try {
            List<@Nullable Object[]> rows = JsonReader.rows(content, schema);
            if (rows.isEmpty() && COMMIT.matcher(path).matches()) {
                throw LogDamage.of(path, "is empty", null);
            }
            return rows;
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            String why =
                    e instanceof JsonEOFException ? "ends in the middle of line " : "is not the JSON of a log in line ";
            throw LogDamage.of(path, why + line, e);
        }
    }

    /** The pointer to the newest checkpoint is no more than a hint; for one that is damaged Kernel would wait. */
    private static boolean isUseless(String path, byte[] content) {
        return path.endsWith(POINTER)
                && !HINT.matcher(new String(content, StandardCharsets.UTF_8)).matches();
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
