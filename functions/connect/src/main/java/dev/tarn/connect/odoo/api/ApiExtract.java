package dev.tarn.connect.odoo.api;

import static java.util.Objects.requireNonNull;

import dev.tarn.connect.bronze.Extracted;
import dev.tarn.connect.extract.DeleteLimit;
import dev.tarn.connect.extract.Extraction;
import dev.tarn.connect.extract.LookTimes;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings what is new in an Odoo into bronze through its API, for where the database cannot be reached.
 *
 * <p>The API shows no horizon, so changes are found by {@code write_date}, the beginning of the transaction that made them:
 * each look goes back an hour before the newest date it knows. What took longer, and what is gone, is found by comparing ids
 * and dates. A record that the user may not see is not there for Tarn.
 */
public final class ApiExtract implements Extraction {

    /** What one model refuses does not keep the others from being read. */
    private static final Set<ErrorCode> OF_ONE_MODEL = Set.of(
            ErrorCode.SCHEMA_CHANGED,
            ErrorCode.CONFIGURATION_INVALID,
            ErrorCode.COLUMN_NOT_FOUND,
            ErrorCode.SOURCE_RECREATED,
            ErrorCode.SOURCE_FAILED,
            ErrorCode.COMMIT_CONFLICT,
            ErrorCode.DELETES_HELD);

    private final Lake lake;
    private final TableSource source;
    private final ApiAccess access;
    private final Map<TableSource.Table, Instant> looked = new HashMap<>();
    private final Map<TableSource.Table, Instant> compared = new HashMap<>();
    private BooleanSupplier enough = () -> false;
    private @Nullable Opened opened;

    private record Opened(OdooRecords records, Map<TableSource.Table, String> models) {}

    private enum Work {
        READ,
        READ_AND_COMPARE,
        COMPARE_ALL,
        READ_WHOLE
    }

    public ApiExtract(Lake lake, ApiAccess access) {
        this.lake = requireNonNull(lake, "lake");
        this.access = requireNonNull(access, "access");
        this.source = access.source();
    }

    /** {@code o19 (19.0) by JSON-2 as tarn@example.com, 2 companies}. */
    @Override
    public String connect() {
        Opened open = open();
        for (Map.Entry<TableSource.Table, String> model : open.models().entrySet()) {
            new ModelPlanner(
                            source,
                            model.getKey(),
                            model.getValue(),
                            open.records().fields(model.getValue()))
                    .plan(null, null);
        }
        return access.info(open.records());
    }

    private Opened open() {
        OdooRecords records = access.open();
        Opened now = new Opened(records, new ModelNames(source, records).find());
        opened = now;
        return now;
    }

    @Override
    public List<Extracted> extract() {
        return run(source.tables(), Work.READ_AND_COMPARE, OptionalLong.empty());
    }

    @Override
    public List<Extracted> extractDue() {
        Instant now = lake.clock().instant();
        List<TableSource.Table> due = source.tables().stream()
                .filter(table -> isDue(looked.get(table), source.every(table), now))
                .toList();
        return run(due, Work.READ, OptionalLong.empty());
    }

    @Override
    public List<Extracted> extractDue(LookTimes times, BooleanSupplier until) {
        for (TableSource.Table table : source.tables()) {
            note(looked, table, times.times(table).horizon());
            note(compared, table, times.times(table).deletes());
        }
        enough = until;
        try {
            return extractDue();
        } finally {
            enough = () -> false;
            looked.forEach((table, at) -> times.scanned(table, "", at.equals(compared.get(table)), at));
        }
    }

    private static void note(Map<TableSource.Table, Instant> times, TableSource.Table table, @Nullable Instant at) {
        if (at == null) {
            times.remove(table);
        } else {
            times.put(table, at);
        }
    }

    private static boolean isDue(@Nullable Instant last, Duration every, Instant now) {
        return last == null || !now.isBefore(last.plus(every));
    }

    @Override
    public List<Extracted> reconcile(List<TableSource.Table> tables, OptionalLong accepted) {
        return run(tables, Work.COMPARE_ALL, accepted);
    }

    @Override
    public List<Extracted> resync(List<TableSource.Table> tables, OptionalLong accepted) {
        return run(tables, Work.READ_WHOLE, accepted);
    }

    private List<Extracted> run(List<TableSource.Table> tables, Work work, OptionalLong accepted) {
        if (tables.isEmpty()) {
            return List.of();
        }
        List<Extracted> done = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        try {
            Opened open = opened == null ? open() : opened;
            for (TableSource.Table table : tables) {
                if (!done.isEmpty() && enough.getAsBoolean()) {
                    break;
                }
                try {
                    done.add(one(open, table, work, accepted));
                } catch (TarnException refusal) {
                    if (!OF_ONE_MODEL.contains(refusal.code())) {
                        throw refusal;
                    }
                    problems.addAll(refusal.problems());
                }
            }
        } catch (TarnException refusal) {
            // Key, version or models may be others by the next look.
            opened = null;
            throw refusal;
        }
        if (!problems.isEmpty()) {
            throw new TarnException(problems, null);
        }
        return done;
    }

    private Extracted one(Opened open, TableSource.Table table, Work work, OptionalLong accepted) {
        String model = open.models().get(table);
        if (model == null) {
            throw new IllegalStateException(table.relation() + " is not a table of " + source.name());
        }
        Instant now = lake.clock().instant();
        ModelLook look = new ModelLook(lake, source, table, open.records(), model);
        ModelLook.Read read = look.read(work == Work.READ_WHOLE, enough);
        if (!read.whole()) {
            return read.extracted();
        }
        looked.put(table, now);
        if (work == Work.READ && !isDue(compared.get(table), source.deletes().every(), now)) {
            return read.extracted();
        }
        boolean all = work == Work.COMPARE_ALL || work == Work.READ_WHOLE;
        OptionalLong turn = all
                ? OptionalLong.empty()
                : OptionalLong.of(now.getEpochSecond()
                        / Math.max(1, source.deletes().every().toSeconds()));
        compared.put(table, now);
        return look.compare(read.extracted(), DeleteLimit.of(source.deletes(), accepted), turn);
    }
}
