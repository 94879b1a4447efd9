package dev.tarn.connect.files;

import static java.util.Objects.requireNonNull;

import dev.tarn.connect.bronze.Extracted;
import dev.tarn.connect.bronze.Landing;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.StoredFile;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.FileDrop;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Looks at what was dropped for one table of bronze and lands what is new: each version of a file once, many files with each
 * commit. Which files were taken is written before the commit and named by it, so that an attempt which ends early has done
 * nothing.
 */
public final class DropLook {

    private static final int MOST_ATTEMPTS = 3;

    private final Lake lake;
    private final FileDrop drop;
    private final ZoneId timezone;
    private final Arrivals arrivals;
    private final BatchSize size;
    /** Versions that are known to be taken, which spares looks that find nothing. */
    private final Set<String> known = new HashSet<>();

    /** @param timezone of texts that say a time without one */
    public DropLook(Lake lake, FileDrop drop, ZoneId timezone) {
        this(lake, drop, timezone, BatchSize.of(lake.duckDb().budget()));
    }

    DropLook(Lake lake, FileDrop drop, ZoneId timezone, BatchSize size) {
        this.lake = requireNonNull(lake, "lake");
        this.drop = requireNonNull(drop, "drop");
        this.timezone = requireNonNull(timezone, "timezone");
        this.arrivals = new Arrivals(lake, drop);
        this.size = size;
    }

    /** What is looked at. */
    public FileDrop drop() {
        return drop;
    }

    /**
     * Lands what is new.
     *
     * @param enough once it says so, the rest is left to the next look
     * @return what each commit did
     * @throws TarnException SCHEMA_CHANGED for columns that need a decision, when everything else was landed;
     *     COMMIT_CONFLICT when another process keeps reading the same files
     */
    public synchronized List<Extracted> look(BooleanSupplier enough) {
        boolean unfilled = new DropTable(lake, drop).prepare();
        List<StoredFile> complete = arrivals.look().complete();
        List<Extracted> done = new ArrayList<>();
        List<Problem> refused = new ArrayList<>();
        Set<StoredFile> left = new HashSet<>();
        int overtaken = 0;
        boolean more = unfilled || complete.stream().anyMatch(file -> !known.contains(FileLedger.key(file)));
        while (more) {
            try {
                more = batch(complete, left, done, refused, enough) && !enough.getAsBoolean();
            } catch (OvertakenException again) {
                overtaken++;
                if (overtaken == MOST_ATTEMPTS) {
                    throw conflict();
                }
            }
        }
        if (!refused.isEmpty()) {
            throw new TarnException(refused, null);
        }
        return done;
    }

    private TarnException conflict() {
        return new TarnException(
                List.of(new Problem(
                        ErrorCode.COMMIT_CONFLICT,
                        drop.position(),
                        "Another process keeps reading the files of " + drop.target()
                                + " into the same lake, or what is" + " known of them in tarn/files is gone.",
                        "Let one process alone read them; Tarn looks again.")),
                null);
    }

    /** Whether there is more to do. */
    private boolean batch(
            List<StoredFile> complete,
            Set<StoredFile> left,
            List<Extracted> done,
            List<Problem> refused,
            BooleanSupplier enough) {
        try (Session session = lake.duckDb().session()) {
            session.timezone(timezone);
            Landing landing = Landing.begin(lake, drop.source(), drop.name(), drop.target());
            FileLedger ledger = FileLedger.of(lake.storage(), drop.target(), landing.cursor());
            if (!ledger.open(session)) {
                throw new OvertakenException();
            }
            known.clear();
            known.addAll(FileLedger.keys(session));
            List<StoredFile> fresh = complete.stream()
                    .filter(file -> !known.contains(FileLedger.key(file)) && !left.contains(file))
                    .toList();
            Choice choice = new Choice(lake, drop, session, size);
            List<TakenFile> taken = choice.of(fresh, left, enough);
            FileBatch batch = new FileBatch(lake, drop, session, landing, ledger, taken, arrivals::versions);
            if (taken.isEmpty()) {
                if (landing.cursor().isEmpty()) {
                    batch.landNothing();
                }
                return false;
            }
            Optional<Extracted> landed = batch.land();
            landed.ifPresent(done::add);
            refused.addAll(batch.refused());
            batch.files().forEach(file -> known.add(FileLedger.key(file.file())));
            taken.stream()
                    .filter(file -> file.outcome() != Outcome.OLDER)
                    .map(TakenFile::file)
                    .filter(file -> !known.contains(FileLedger.key(file)))
                    .forEach(left::add);
            return true;
        }
    }
}
