package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import io.delta.kernel.internal.actions.AddFile;
import java.util.List;
import java.util.Set;

/** Plans to write small files and files with many deleted rows anew; the rows stay what they are. */
final class Compaction {

    private final DeltaTables lake;
    private final Session session;
    private final TableSnapshot base;
    private final TableChangeBuilder change;
    private long bytesRemoved;
    private long bytesAdded;
    private long smallest = Long.MAX_VALUE;
    private long largest;
    private long vectorsRemoved;

    /** @param session for whose life what is written is protected */
    Compaction(DeltaTables lake, Session session, TableSnapshot base) {
        this.lake = lake;
        this.session = session;
        this.base = base;
        this.change = new TableChangeBuilder(lake, base, "OPTIMIZE").rearranges();
    }

    TableChange by(CompactionPolicy policy) {
        try {
            for (List<AddFile> bin : CompactionBins.of(base, policy)) {
                rewrite(bin);
            }
        } catch (RuntimeException e) {
            change.discard(e);
            throw e;
        }
        return change.metric("numRemovedFiles", change.filesRemoved())
                .metric("numAddedFiles", change.filesAdded())
                .metric("numRemovedBytes", bytesRemoved)
                .metric("numAddedBytes", bytesAdded)
                .metric("minFileSize", Math.min(smallest, largest))
                .metric("maxFileSize", largest)
                .metric("numDeletionVectorsRemoved", vectorsRemoved)
                .build();
    }

    /** With a session of its own: what it fetched, holds and has written is let go before the next bin takes as much. */
    private void rewrite(List<AddFile> bin) {
        LiveFiles descriptions = new LiveFiles(base.table(), lake);
        List<LiveFile> files = bin.stream().map(descriptions::of).toList();
        try (Session own = lake.duckDb().session()) {
            String rows = base.scanSql(own, change.schema())
                    .over(files, () -> Set.copyOf(change.schema().fieldNames()));
            DataFileWriter writer = new DataFileWriter(lake, own, base, change.schema());
            List<NewFile> written =
                    writer.writeOne("SELECT * FROM " + rows, files.get(0).partitionValues());
            change.add(written);
            String folder = base.table().path() + "/";
            lake.pins()
                    .hold(
                            session,
                            written.stream().map(file -> folder + file.path()).toList());
            checkComplete(files, written);
            bin.forEach(this::removed);
            written.forEach(this::added);
        }
    }

    /** Files that lack rows would take the place of those that have them, for good. */
    private void checkComplete(List<LiveFile> files, List<NewFile> written) {
        long expected = files.stream().mapToLong(file -> file.file().records()).sum();
        long found = written.stream().mapToLong(NewFile::records).sum();
        if (found != expected) {
            throw new TarnException(
                    ErrorCode.LAKE_DAMAGED,
                    "Files of " + base + " that are to be packed hold " + found + " rows, and its log says " + expected
                            + ", the first of them " + files.get(0).file().path() + ". Nothing was changed.",
                    "Restore the table from a backup, or write it anew from what can be read of it.");
        }
    }

    private void removed(AddFile file) {
        change.remove(file);
        bytesRemoved += file.getSize();
        vectorsRemoved += file.getDeletionVector().isPresent() ? 1 : 0;
    }

    private void added(NewFile file) {
        bytesAdded += file.size();
        smallest = Math.min(smallest, file.size());
        largest = Math.max(largest, file.size());
    }
}
