package dev.tarn.connect.files;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.StoredFile;
import dev.tarn.model.FileDrop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Which files one commit takes. */
final class Choice {

    private static final Comparator<StoredFile> NEWEST_FIRST = Comparator.comparing(StoredFile::modified)
            .thenComparing(StoredFile::path)
            .reversed();

    private final FileDrop drop;
    private final Session session;
    private final BatchSize size;
    private final Intake intake;

    Choice(Lake lake, FileDrop drop, Session session, BatchSize size) {
        this.drop = drop;
        this.session = session;
        this.size = size;
        this.intake = new Intake(lake.storage(), drop, session, size.room());
    }

    /** @param left gets the files that changed while they were taken */
    List<TakenFile> of(List<StoredFile> fresh, Set<StoredFile> left, BooleanSupplier enough) {
        if (drop.keep() == FileDrop.Keep.LATEST) {
            return newest(fresh, left);
        }
        List<TakenFile> taken = new ArrayList<>();
        long bytes = 0;
        long copied = 0;
        for (StoredFile file : fresh) {
            boolean full = taken.size() >= size.files() || bytes >= size.bytes() || copied >= size.room() / 2;
            if (full || !taken.isEmpty() && enough.getAsBoolean()) {
                break;
            }
            Optional<TakenFile> one = intake.take(file);
            one.ifPresentOrElse(taken::add, () -> left.add(file));
            bytes += file.size();
            copied += one.map(Choice::copiedBytes).orElse(0L);
        }
        return drop.sameFileAgain() == FileDrop.SameFile.SKIP ? FileBatch.once(session, taken) : taken;
    }

    private static long copiedBytes(TakenFile file) {
        try {
            return file.copied() && file.local() != null ? Files.size(file.path()) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException("a temporary file is gone: " + file.local(), e);
        }
    }

    /** The newest one that can be read; those before it do not count any more. */
    private List<TakenFile> newest(List<StoredFile> fresh, Set<StoredFile> left) {
        Optional<FileLedger.Live> live = FileLedger.live(session);
        List<TakenFile> taken = new ArrayList<>();
        boolean found = false;
        for (StoredFile file : fresh.stream().sorted(NEWEST_FIRST).toList()) {
            if (found || live.filter(current -> isOlder(file, current)).isPresent()) {
                taken.add(TakenFile.older(file));
                continue;
            }
            Optional<TakenFile> one = intake.take(file);
            if (one.isEmpty()) {
                left.add(file);
                continue;
            }
            boolean again = drop.sameFileAgain() == FileDrop.SameFile.SKIP
                    && live.filter(current -> current.sha256().equals(one.get().sha256()))
                            .isPresent();
            found = one.get().isRead();
            taken.add(again ? one.get().repeated() : one.get());
        }
        return taken;
    }

    /** A file that takes the place of the live one counts, whatever its time. */
    private static boolean isOlder(StoredFile file, FileLedger.Live live) {
        return !file.path().equals(live.path()) && file.modified().isBefore(live.modified());
    }
}
