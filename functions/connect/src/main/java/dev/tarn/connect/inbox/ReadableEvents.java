package dev.tarn.connect.inbox;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import dev.tarn.engine.duckdb.SqlFailedException;
import dev.tarn.engine.storage.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads files of an inbox together, and without those that cannot be read, which it puts aside. */
final class ReadableEvents {

    /** Failures that are those of a value, and come again whoever reads it. */
    private static final Set<String> OF_CONTENT =
            Set.of("Invalid Input Error", "Conversion Error", "Out of Range Error");

    private final Session session;
    private final InboxFiles files;
    private final UnreadableFiles unreadable;
    private final EventSql sql;

    ReadableEvents(Session session, InboxFiles files, UnreadableFiles unreadable, EventSql sql) {
        this.session = session;
        this.files = files;
        this.unreadable = unreadable;
        this.sql = sql;
    }

    /**
     * What was read.
     *
     * @param unreadable number of files that were put aside
     */
    record Read(Spool spool, int unreadable) implements AutoCloseable {
        @Override
        public void close() {
            spool.close();
        }
    }

    Read read(List<StoredFile> taken) throws IOException {
        Path local = session.newFile(".ndjson");
        try {
            InboxFiles.Copied copied = files.copy(taken, local, unreadable);
            try {
                return new Read(
                        spool(local, copied), taken.size() - copied.files().size());
            } catch (SqlFailedException e) {
                List<StoredFile> good = readableAlone(copied.files(), local, e);
                return new Read(spool(local, files.copy(good, local, unreadable)), taken.size() - good.size());
            }
        } finally {
            Files.deleteIfExists(local);
        }
    }

    private Spool spool(Path local, InboxFiles.Copied copied) {
        return Spool.of(session, sql.events(local, copied.longest()));
    }

    /** Throws {@code failure} when it is not one of a file's content. */
    private List<StoredFile> readableAlone(List<StoredFile> together, Path local, SqlFailedException failure)
            throws IOException {
        if (!OF_CONTENT.contains(failure.kind())) {
            throw failure;
        }
        List<StoredFile> good = new ArrayList<>();
        for (StoredFile file : together) {
            try {
                spool(local, files.copy(List.of(file), local, unreadable)).close();
                good.add(file);
            } catch (SqlFailedException e) {
                if (!OF_CONTENT.contains(e.kind())) {
                    throw e;
                }
                unreadable.keep(file, files.content(file), "DuckDB cannot read it: " + e.kind() + ".");
            }
        }
        if (good.size() == together.size()) {
            throw failure;
        }
        return good;
    }
}
