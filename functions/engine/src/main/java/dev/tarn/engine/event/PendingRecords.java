package dev.tarn.engine.event;

import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StoredFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/** The records of updates that are not in the event log yet, or not known to be: one small file each. */
final class PendingRecords {

    private static final String FOLDER = "tarn/events";
    private static final String SUFFIX = ".json";

    private final Storage storage;

    PendingRecords(Storage storage) {
        this.storage = storage;
    }

    void put(UpdateRecord update) throws IOException {
        storage.put(path(update), UpdateRecordJson.write(update));
    }

    void delete(UpdateRecord update) throws IOException {
        storage.delete(path(update));
    }

    /** All of them, in the order of their ids, without those that another process takes away meanwhile. */
    List<UpdateRecord> all() throws IOException {
        List<UpdateRecord> updates = new ArrayList<>();
        for (StoredFile file : storage.list(FOLDER, "")) {
            if (file.path().endsWith(SUFFIX)) {
                try {
                    updates.add(UpdateRecordJson.read(storage.read(file.path())));
                } catch (NoSuchFileException folded) {
                    continue;
                }
            }
        }
        return updates;
    }

    private static String path(UpdateRecord update) {
        return FOLDER + "/" + update.id() + SUFFIX;
    }
}
