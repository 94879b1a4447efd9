package dev.tarn.local.run;

import dev.tarn.engine.storage.Storage;
import dev.tarn.model.TableCommitted;
import dev.tarn.model.TableName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Tells of new commits by looking into the tables' logs: what Event Grid does in the cloud. Safe for use by several
 * threads; a commit is told of at least once, and the versions of a table in rising order.
 */
final class CommitWatcher {

    private static final long NONE = -1;

    private final Storage storage;
    private final Consumer<TableCommitted> listener;
    private final Map<TableName, Long> newest = new TreeMap<>();

    CommitWatcher(Storage storage, Collection<TableName> tables, Consumer<TableCommitted> listener) {
        this.storage = storage;
        this.listener = listener;
        tables.forEach(table -> newest.put(table, NONE));
    }

    /** Looks for the next version of every table: one look at one file each, in a folder cheap enough for twenty times a second. */
    synchronized void poll() {
        newest.replaceAll(this::follow);
    }

    /** Looks through the logs themselves, and so finds what {@link #poll} cannot: a log whose beginning was cleaned up. */
    synchronized void sweep() {
        newest.replaceAll((table, known) -> {
            long found = newestIn(table, known);
            if (found > known) {
                listener.accept(new TableCommitted(table, found));
            }
            return Math.max(found, known);
        });
    }

    private long follow(TableName table, long known) {
        try {
            long version = known;
            while (storage.find(log(table) + "/" + fileName(version + 1)).isPresent()) {
                version++;
                listener.accept(new TableCommitted(table, version));
            }
            return version;
        } catch (IOException e) {
            throw new UncheckedIOException("looking for commits of " + table, e);
        }
    }

    private long newestIn(TableName table, long known) {
        try {
            return storage.list(log(table), known == NONE ? "" : fileName(known)).stream()
                    .map(file -> TableCommitted.ofFile(file.path()))
                    .flatMap(Optional::stream)
                    .mapToLong(TableCommitted::version)
                    .max()
                    .orElse(NONE);
        } catch (IOException e) {
            throw new UncheckedIOException("looking through the commits of " + table, e);
        }
    }

    private static String log(TableName table) {
        return table.path() + "/_delta_log";
    }

    private static String fileName(long version) {
        return String.format(Locale.ROOT, "%020d.json", version);
    }
}
