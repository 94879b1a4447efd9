package dev.tarn.connect.extract;

import static java.util.Objects.requireNonNull;

import dev.tarn.connect.bronze.Extracted;
import dev.tarn.connect.postgres.PostgresUrl;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.Relation;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings what was committed in a PostgreSQL database into bronze.
 *
 * <p>A look takes one snapshot for all tables and reads every row that was written by a transaction at or above the horizon
 * of the look before. Neither clocks nor {@code write_date} take part, so a transaction that commits late is not missed. A
 * version that was written between horizon and snapshot is met again by the next look and left out. Rows that are gone are
 * found by comparing keys.
 */
public final class DatabaseExtract implements Extraction {

    private static final int MOST_ATTEMPTS = 3;
    /** On two cores more do not help. */
    private static final int CONNECTIONS_OF_A_LOAD = 2;

    private final Lake lake;
    private final TableSource source;
    private final PostgresUrl url;
    private final LoadRange.Size size;
    private final Looking looking;

    public DatabaseExtract(Lake lake, TableSource source, PostgresUrl url) {
        this(lake, source, url, LoadRange.Size.USUAL);
    }

    DatabaseExtract(Lake lake, TableSource source, PostgresUrl url, LoadRange.Size size) {
        this.lake = requireNonNull(lake, "lake");
        this.source = requireNonNull(source, "source");
        this.url = requireNonNull(url, "url");
        this.size = size;
        this.looking = new Looking(new LookTimes(source), () -> false);
    }

    /** What is known of looks before, and how long this one may take. */
    private record Looking(LookTimes times, BooleanSupplier enough) {}

    /** What a look does with one table. */
    private record Task(TableSource.Table table, TableLook.Pass pass, @Nullable Comparison gone) {}

    @Override
    public String connect() {
        try (SourceDatabase database = SourceDatabase.open(source, url)) {
            return new SourceCheck(database).run();
        }
    }

    @Override
    public List<Extracted> extract() {
        return run(source.tables().stream()
                .map(table -> new Task(table, TableLook.Pass.HORIZON, whole(OptionalLong.empty())))
                .toList());
    }

    @Override
    public List<Extracted> extractDue() {
        return extractDue(looking);
    }

    @Override
    public List<Extracted> extractDue(LookTimes times, BooleanSupplier enough) {
        return extractDue(new Looking(times, enough));
    }

    private List<Extracted> extractDue(Looking now) {
        Instant begun = lake.clock().instant();
        List<Task> tasks = new ArrayList<>();
        for (TableSource.Table table : source.tables()) {
            now.times()
                    .due(table, begun)
                    .ifPresent(
                            pass -> tasks.add(new Task(table, pass, dueComparison(now.times(), table, pass, begun))));
        }
        return run(tasks, now);
    }

    private Comparison whole(OptionalLong accepted) {
        return Comparison.whole(DeleteLimit.of(source.deletes(), accepted));
    }

    private @Nullable Comparison dueComparison(
            LookTimes times, TableSource.Table table, TableLook.Pass pass, Instant now) {
        return pass == TableLook.Pass.HORIZON && times.deletesAreDue(table, now)
                ? new Comparison(
                        DeleteLimit.of(source.deletes(), OptionalLong.empty()),
                        size.values(),
                        times.times(table).compared())
                : null;
    }

    @Override
    public List<Extracted> reconcile(List<TableSource.Table> tables, OptionalLong accepted) {
        return run(tables.stream()
                .map(table -> new Task(table, TableLook.Pass.HORIZON, whole(accepted)))
                .toList());
    }

    @Override
    public List<Extracted> resync(List<TableSource.Table> tables, OptionalLong accepted) {
        return run(tables.stream()
                .map(table -> new Task(table, TableLook.Pass.RESYNC, whole(accepted)))
                .toList());
    }

    private List<Extracted> run(List<Task> tasks) {
        return run(tasks, looking);
    }

    private List<Extracted> run(List<Task> tasks, Looking now) {
        Map<TableSource.Table, Extracted> done = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        List<Task> left = tasks;
        for (int attempt = 0; attempt < MOST_ATTEMPTS && !left.isEmpty(); attempt++) {
            left = look(left, now, done, problems);
        }
        if (!left.isEmpty()) {
            problems.add(new Problem(
                    ErrorCode.COMMIT_CONFLICT,
                    null,
                    "Source " + source.name() + ": another process keeps reading " + relations(left)
                            + " into the same lake.",
                    "Let one process alone read the source; Tarn looks again."));
        }
        if (!problems.isEmpty()) {
            throw new TarnException(problems, null);
        }
        return source.tables().stream().filter(done::containsKey).map(done::get).toList();
    }

    private static String relations(List<Task> tasks) {
        return String.join(
                ", ",
                tasks.stream().map(task -> task.table().relation().toString()).toList());
    }

    /** Looks at the tables and returns those for which another writer came first. */
    private List<Task> look(
            List<Task> tasks, Looking how, Map<TableSource.Table, Extracted> done, List<Problem> problems) {
        if (tasks.isEmpty()) {
            return tasks;
        }
        List<Task> overtaken = new ArrayList<>();
        Map<Task, TableLook> looks = new LinkedHashMap<>();
        tasks.forEach(task -> looks.put(task, TableLook.begin(lake, source, task.table())));
        try (SourceDatabase database = SourceDatabase.open(source, url)) {
            new SourceCheck(database).run();
            database.renew();
            Instant now = lake.clock().instant();
            Map<Relation, SourceTable> counted = new SourceCatalogue(database).tables(relationsOf(tasks));
            database.renew();
            database.hold(relationsOf(tasks));
            SourceState state = database.state();
            for (Map.Entry<Task, TableLook> each : looks.entrySet()) {
                Task task = each.getKey();
                TableLook look = each.getValue();
                if (mustLoad(task, look) || isEnough(how, done)) {
                    continue;
                }
                SourceTable before = counted.get(task.table().relation());
                attempt(problems, () -> read(database, state, how.times(), task, look, before, now))
                        .ifPresent(extracted -> extracted.ifPresentOrElse(
                                result -> done.put(task.table(), result), () -> overtaken.add(task)));
            }
            load(database, how, looks, done, overtaken, problems);
        }
        return overtaken;
    }

    /** Something is done by every look, so that many short ones get as far as a long one. */
    private static boolean isEnough(Looking how, Map<TableSource.Table, Extracted> done) {
        return !done.isEmpty() && how.enough().getAsBoolean();
    }

    /** What of a load was left to the next look is due at once. */
    private void noteLoad(LookTimes times, TableSource.Table table, Instant now) {
        if (!TableLook.begin(lake, source, table).isLoading()) {
            times.scanned(table, "", false, now);
        }
    }

    /** What was never read has nothing to differ from. */
    private static boolean mustLoad(Task task, TableLook look) {
        return look.isLoading()
                && (task.pass() != TableLook.Pass.RESYNC
                        || look.landing().base().isEmpty());
    }

    private static List<Relation> relationsOf(List<Task> tasks) {
        return tasks.stream().map(task -> task.table().relation()).toList();
    }

    /** Of tables that are not whole yet. Each range takes a snapshot of its own, so they come last. */
    private void load(
            SourceDatabase database,
            Looking how,
            Map<Task, TableLook> looks,
            Map<TableSource.Table, Extracted> done,
            List<Task> overtaken,
            List<Problem> problems) {
        looks.forEach((task, look) -> {
            if (mustLoad(task, look) && !isEnough(how, done)) {
                InitialLoad load = new InitialLoad(lake, source, task.table(), CONNECTIONS_OF_A_LOAD, size);
                Instant now = lake.clock().instant();
                attempt(problems, () -> load.run(database, how.enough()))
                        .ifPresent(extracted -> extracted.ifPresentOrElse(
                                result -> {
                                    done.put(task.table(), result);
                                    noteLoad(how.times(), task.table(), now);
                                },
                                () -> overtaken.add(task)));
            }
        });
    }

    private interface Reading {
        Optional<Extracted> run();
    }

    /** What one table refuses does not keep the others from being read; what the source refuses does. */
    private static Optional<Optional<Extracted>> attempt(List<Problem> problems, Reading reading) {
        try {
            return Optional.of(reading.run());
        } catch (TarnException refusal) {
            if (!ofOneTable(refusal)) {
                throw refusal;
            }
            problems.addAll(refusal.problems());
            return Optional.empty();
        }
    }

    private static boolean ofOneTable(TarnException refusal) {
        return Set.of(
                        ErrorCode.SCHEMA_CHANGED,
                        ErrorCode.CONFIGURATION_INVALID,
                        ErrorCode.COLUMN_NOT_FOUND,
                        ErrorCode.SOURCE_RECREATED,
                        ErrorCode.DELETES_HELD)
                .contains(refusal.code());
    }

    private Optional<Extracted> read(
            SourceDatabase database,
            SourceState state,
            LookTimes times,
            Task task,
            TableLook look,
            SourceTable counted,
            Instant now) {
        if (task.pass() != TableLook.Pass.RESYNC) {
            look.requireSameDatabase(state);
        }
        if (task.gone() == null
                && task.pass() == TableLook.Pass.HORIZON
                && times.isUntouched(task.table(), counted, database.version(), now)) {
            return Optional.of(look.landing().nothing());
        }
        SourceCatalogue catalogue = new SourceCatalogue(database);
        SourceTable found = catalogue.table(task.table().relation());
        ColumnPlan plan = look.plan(found, catalogue.translated(task.table().relation()));
        TableLook.Pass pass = pass(task, found, plan);
        Optional<Extracted> extracted = look.read(
                new TableInSnapshot(database, state, found, plan),
                pass,
                task.gone(),
                keys -> times.compared(task.table(), keys, now));
        if (extracted.isPresent() && pass == TableLook.Pass.FRESH) {
            times.freshened(task.table(), now);
        } else if (extracted.isPresent()) {
            times.scanned(task.table(), counted.counters(), false, now);
        }
        return extracted;
    }

    /** What is fresh is found by the scan that finds everything where there is no index, and where all has to be read. */
    private static TableLook.Pass pass(Task task, SourceTable found, ColumnPlan plan) {
        return task.pass() == TableLook.Pass.FRESH && (plan.whole() || !FreshRows.areIndexed(found))
                ? TableLook.Pass.HORIZON
                : task.pass();
    }
}
