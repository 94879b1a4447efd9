package dev.tarn.engine.delta;

import dev.tarn.engine.storage.StoredFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Deletes a table: its rows first and its log last, for the log is what says where the rows are. */
final class Drop {

    private static final String SIDECARS = "/_sidecars";

    private final DeltaTable table;
    private final DeltaTables lake;

    Drop(DeltaTable table, DeltaTables lake) {
        this.table = table;
        this.lake = lake;
    }

    void run() {
        Optional<TableSnapshot> newest = table.snapshot();
        if (newest.isEmpty()) {
            return;
        }
        TableLog log = table.log();
        NeededFiles files = NeededFiles.of(lake, newest.get(), log, log.files(), Long.MIN_VALUE);
        try {
            for (String folder : files.folders()) {
                delete(table.location().path() + (folder.isEmpty() ? "" : "/" + folder));
            }
            delete(log.folder() + SIDECARS);
            delete(log.folder());
        } catch (IOException e) {
            throw new UncheckedIOException("files of " + table.location() + " cannot be deleted", e);
        }
    }

    /** The newest file first: a log that lost its beginning would be a damaged one. */
    private void delete(String folder) throws IOException {
        List<StoredFile> files = new ArrayList<>(lake.storage().list(folder, ""));
        Collections.reverse(files);
        for (StoredFile file : files) {
            lake.storage().delete(file.path());
        }
    }
}
