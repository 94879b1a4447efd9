package dev.tarn.connect.files;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.engine.duckdb.FilePattern;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.LakeJson;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StoredFile;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Sql;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which files of a drop were taken: a Parquet file {@code tarn/files/<table>/<number>-<id>.parquet} that is never changed.
 * The commit that lands rows names the ledger that knows their files, so that both become true at once.
 */
final class FileLedger {

    private static final int VERSION = 1;
    private static final String COLUMNS = "path, etag, size, modified, sha256, outcome, number";
    private static final String NONE = "(SELECT NULL::VARCHAR AS path, NULL::VARCHAR AS etag, NULL::BIGINT AS size,"
            + " NULL::TIMESTAMPTZ AS modified, NULL::VARCHAR AS sha256, NULL::VARCHAR AS outcome, NULL::BIGINT AS number"
            + " WHERE false)";

    private final Storage storage;
    private final TableName table;
    private final @Nullable String path;

    private FileLedger(Storage storage, TableName table, @Nullable String path) {
        this.storage = storage;
        this.table = table;
        this.path = path;
    }

    /** The one that the cursor names; an empty one without a cursor. */
    static FileLedger of(Storage storage, TableName table, Optional<String> cursor) {
        return new FileLedger(
                storage, table, cursor.map(text -> path(table, text)).orElse(null));
    }

    private static String path(TableName table, String cursor) {
        try {
            JsonNode json = LakeJson.MAPPER.readTree(cursor);
            int version = json.path("v").asInt(0);
            if (version > VERSION) {
                throw new TarnException(
                        ErrorCode.LAKE_FORMAT_NEWER,
                        "What is known of the files of " + table + " has version " + version
                                + "; this version of Tarn knows up to " + VERSION + ".",
                        "Use the newer Tarn that wrote it.");
            }
            return json.required("ledger").asText();
        } catch (IOException | IllegalArgumentException e) {
            throw new TarnException(
                    ErrorCode.LAKE_DAMAGED,
                    table + " does not say which files it was filled from.",
                    "Restore the table, or delete it with all its versions: its files are then read once more.",
                    e);
        }
    }

    private String folder() {
        return "tarn/files/" + table.table();
    }

    /** Where the ledger of the commit of that number may be. */
    String newPath(long number) {
        return folder() + "/" + String.format(Locale.ROOT, "%020d", number) + "-" + UUID.randomUUID() + ".parquet";
    }

    static String cursor(String path) {
        return LakeJson.MAPPER
                .createObjectNode()
                .put("v", VERSION)
                .put("ledger", path)
                .toString();
    }

    /** Makes {@code "ledger"} stand for it in the session. Empty when another writer went on meanwhile. */
    boolean open(Session session) {
        if (path == null) {
            session.view("ledger", "SELECT * FROM " + NONE);
            return true;
        }
        try {
            Path local = local(session, path);
            session.view("ledger", "SELECT * FROM read_parquet(" + FilePattern.literal(local) + ")");
            return true;
        } catch (NoSuchFileException deleted) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("what is known of the files of " + table + " cannot be read", e);
        }
    }

    private Path local(Session session, String ledger) throws IOException {
        Optional<Path> here = storage.localFile(ledger);
        if (here.isPresent()) {
            return here.get();
        }
        Path copy = session.newFile(".parquet");
        Files.write(copy, storage.read(ledger));
        session.keep(() -> delete(copy));
        return copy;
    }

    private static void delete(Path copy) {
        try {
            Files.deleteIfExists(copy);
        } catch (IOException e) {
            throw new UncheckedIOException("a temporary file cannot be deleted: " + copy, e);
        }
    }

    /** Names the version of a file. */
    static String key(StoredFile file) {
        return file.etag() + " " + file.path();
    }

    /** Keys of all versions that were taken. */
    static Set<String> keys(Session session) {
        return new HashSet<>(session.query("SELECT etag || ' ' || path FROM ledger", row -> row.getString(1)));
    }

    /** Those of the hashes that were taken. */
    static Set<String> taken(Session session, List<String> hashes) {
        if (hashes.isEmpty()) {
            return Set.of();
        }
        String list = hashes.stream().map(Sql::literal).collect(java.util.stream.Collectors.joining(", "));
        return new HashSet<>(session.query(
                "SELECT DISTINCT sha256 FROM ledger WHERE sha256 IN (" + list + ")", row -> row.getString(1)));
    }

    /** The file whose rows the table of the newest one has. */
    record Live(String path, java.time.Instant modified, String sha256) {}

    static Optional<Live> live(Session session) {
        return session
                .query(
                        "SELECT path, epoch_us(modified), sha256 FROM ledger WHERE outcome = 'READ'"
                                + " ORDER BY number DESC LIMIT 1",
                        row -> new Live(
                                row.getString(1),
                                java.time.Instant.EPOCH.plus(row.getLong(2), java.time.temporal.ChronoUnit.MICROS),
                                row.getString(3)))
                .stream()
                .findFirst();
    }

    /** Puts the ledger with the files of the session's table {@code taken} at {@code newPath}. */
    void write(Session session, long number, String newPath) {
        Path local = session.newFile(".parquet");
        session.execute("COPY (SELECT " + COLUMNS + " FROM ledger UNION ALL SELECT path, etag, size, modified, sha256,"
                + " outcome, " + number + "::BIGINT FROM taken) TO " + Sql.literal(local.toString())
                + " (FORMAT parquet, COMPRESSION zstd)");
        try {
            storage.putFile(newPath, local);
        } catch (IOException e) {
            throw new UncheckedIOException("what is known of the files of " + table + " cannot be kept", e);
        } finally {
            delete(local);
        }
    }

    /** Deletes those that no reader of the commit of that number, or of a later one, looks for. */
    void deleteBefore(long number) {
        String first = String.format(Locale.ROOT, "%020d", number);
        try {
            for (StoredFile file : storage.list(folder(), "")) {
                if (file.name().compareTo(first) < 0) {
                    storage.delete(file.path());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("what was known of the files of " + table + " cannot be deleted", e);
        }
    }
}
