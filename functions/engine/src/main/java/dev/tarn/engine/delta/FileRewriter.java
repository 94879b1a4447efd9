package dev.tarn.engine.delta;

import dev.tarn.engine.delta.TouchedRows.TouchedFile;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import io.delta.kernel.internal.TableConfig;
import io.delta.kernel.internal.actions.AddFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Carries out updates and deletes file by file, so that rows which lie together stay together: a file is copied without what
 * leaves it, or gets a deletion vector where that writes less.
 */
final class FileRewriter {

    private final DeltaTables lake;
    private final Session session;
    private final TableChangeBuilder change;
    private final DataFileWriter writer;
    private final List<TouchedFile> hidden = new ArrayList<>();
    private long copied;
    private long vectors;

    FileRewriter(DeltaTables lake, Session session, TableChangeBuilder change) {
        this.lake = lake;
        this.session = session;
        this.change = change;
        this.writer = new DataFileWriter(lake, session, change.base(), change.schema());
    }

    /**
     * Removes and rewrites the files of the touched rows.
     *
     * @param files that were scanned, by local path
     */
    void rewrite(TouchedRows rows, Map<String, AddFile> files) {
        boolean mayHide = TableConfig.DELETION_VECTORS_CREATION_ENABLED.fromMetadata(
                change.base().kernel().getMetadata());
        DeletionVectorWriter vectorFile =
                new DeletionVectorWriter(lake, change.base().table());
        List<Hidden> toHide = new ArrayList<>();
        for (TouchedFile touched : rows.files()) {
            AddFile file = files.get(touched.localPath());
            Optional<Long> physical = FileBounds.of(file).physicalRecords();
            long before = file.getDeletionVector()
                    .map(vector -> vector.getCardinality())
                    .orElse(0L);
            if (physical.isPresent() && before + touched.gone() == physical.get()) {
                change.remove(file);
            } else if (!mayHide
                    || physical.isEmpty()
                    || lake.policy().copies(file.getSize(), before + touched.touched(), physical.get())) {
                copy(rows, touched, file);
            } else {
                toHide.add(new Hidden(file, touched));
            }
        }
        hide(rows, toHide, vectorFile);
    }

    private void copy(TouchedRows rows, TouchedFile touched, AddFile file) {
        LiveFile live = new LiveFiles(change.base().table(), lake).of(file);
        ScanSql scan = change.base().scanSql(session, change.schema());
        String positioned = scan.positioned(
                scan.located(List.of(live), () -> Set.copyOf(change.schema().fieldNames())));
        change.remove(file);
        try (Spool places = Spool.of(session, rows.places(touched))) {
            change.add(writer.writeOne(rows.rewritten(touched, positioned, places.from()), live.partitionValues()));
        }
        copied++;
    }

    private record Hidden(AddFile file, TouchedFile touched) {}

    private void hide(TouchedRows rows, List<Hidden> toHide, DeletionVectorWriter vectorFile) {
        if (toHide.isEmpty()) {
            return;
        }
        change.owns(vectorFile.path());
        String stored = change.base().table().path() + "/" + vectorFile.path();
        lake.pins().hold(session, List.of(stored));
        for (Hidden file : toHide) {
            change.replaceVector(file.file(), vectorFile.add(file.file(), rows.positions(file.touched())));
            hidden.add(file.touched());
        }
        vectors = toHide.size();
        vectorFile.put();
    }

    /** Files whose updated rows are hidden and have to be written elsewhere. */
    List<TouchedFile> hidden() {
        return hidden;
    }

    /** Files that were copied. */
    long copied() {
        return copied;
    }

    /** Files that have a new deletion vector. */
    long vectors() {
        return vectors;
    }

    DataFileWriter writer() {
        return writer;
    }
}
