package dev.tarn.connect.alarm;

import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.StoredFile;
import dev.tarn.model.AlarmType;
import dev.tarn.model.FileDrop;
import dev.tarn.model.Plan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Dropped files that cannot be read, as a whole or in part, for as long as they lie there as they are. */
final class DropCauses {

    /** Newest files of a drop that are told of: whoever dropped more learns enough from these. */
    private static final int MOST = 20;

    private final Lake lake;
    private final Plan plan;

    DropCauses(Lake lake, Plan plan) {
        this.lake = lake;
        this.plan = plan;
    }

    /**
     * @param modified when, in microseconds since 1970
     * @param records that cannot be read
     * @param reason why the file as a whole cannot be; empty where it is only records
     */
    private record Kept(String path, long modified, long size, long records, String reason) {}

    List<Cause> find() {
        List<Cause> causes = new ArrayList<>();
        for (FileDrop drop : plan.drops()) {
            lake.table(drop.target().quarantine()).snapshot().ifPresent(kept -> newest(kept).stream()
                    .filter(this::liesThere)
                    .forEach(file -> causes.add(cause(drop, file))));
        }
        return causes;
    }

    private List<Kept> newest(TableSnapshot aside) {
        try (Session session = lake.duckDb().session()) {
            return session.query(
                    "SELECT _file, epoch_us(_file_modified), _file_size, count(*),"
                            + " coalesce(any_value(_reason) FILTER (WHERE list_contains(_tarn_broken, 'unreadable_file')), '') FROM "
                            + aside.scan(session)
                            + " AS kept GROUP BY ALL ORDER BY max(_tarn_kept_at) DESC, _file LIMIT " + MOST,
                    row -> new Kept(
                            row.getString(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getString(5)));
        }
    }

    private boolean liesThere(Kept kept) {
        try {
            Optional<StoredFile> there = lake.storage().find(kept.path());
            return there.isPresent()
                    && there.get().size() == kept.size()
                    && ChronoUnit.MICROS.between(Instant.EPOCH, there.get().modified()) == kept.modified();
        } catch (IOException e) {
            throw new UncheckedIOException(kept.path(), e);
        }
    }

    private Cause cause(FileDrop drop, Kept kept) {
        boolean whole = !kept.reason().isEmpty();
        String records = kept.records() == 1 ? "1 record" : kept.records() + " records";
        return new Cause(
                AlarmType.QUARANTINE,
                kept.path(),
                null,
                null,
                null,
                whole
                        ? kept.path() + " cannot be read: " + kept.reason() + "."
                        : records + " of " + kept.path() + " cannot be read.",
                "What cannot be read is missing in " + drop.target() + " and in what is made from it; nothing else is.",
                "See it with tarn quarantine show " + drop.target() + " --target "
                        + plan.operation().target()
                        + (whole
                                ? ". Mend the file where it lies, or delete it."
                                : ". Drop the records anew, corrected and alone, and delete this file."),
                0,
                false);
    }
}
