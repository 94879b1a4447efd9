package dev.tarn.connect.inbox;

import dev.tarn.connect.bronze.BronzeColumns;
import dev.tarn.connect.bronze.Extracted;
import dev.tarn.connect.bronze.Landing;
import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.Pause;
import dev.tarn.engine.delta.RowFilter;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.Lease;
import dev.tarn.engine.storage.StoredFile;
import dev.tarn.model.Column;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Sql;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import dev.tarn.model.WebhookColumns;
import dev.tarn.model.WebhookSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings the events of one inbox into its bronze table, each once: an event whose id the table has from within the time that
 * ids are remembered is not taken again. The files of the inbox are deleted when everything of them is committed, so that
 * whatever ends this early is made good by the next run. A file that cannot be read is kept aside, and the rest goes on.
 */
public final class Drain {

    private static final String CONFLICTS = "_conflicts";
    private static final String FRESH = "NOT known AND place = 1";
    private static final int MOST_TRIES = 10;
    private static final Set<String> KNOWN =
            Set.of(WebhookColumns.EVENT_ID.name(), WebhookColumns.RECEIVED_AT.name(), WebhookColumns.PAYLOAD.name());

    private final Lake lake;
    private final String source;
    private final WebhookSource.Endpoint endpoint;
    private final ZoneId timezone;
    private final Pause pause;
    private final InboxFiles files;
    private final UnreadableFiles unreadable;
    private final Repeats repeats;
    private final EventSql sql;

    /**
     * A drain of an endpoint.
     *
     * @param timezone of moments that are written without one
     */
    public Drain(Lake lake, WebhookSource source, WebhookSource.Endpoint endpoint, ZoneId timezone, Pause pause) {
        this.lake = lake;
        this.source = source.name();
        this.endpoint = endpoint;
        this.timezone = timezone;
        this.pause = pause;
        this.files = new InboxFiles(lake.storage(), endpoint.name());
        this.unreadable = new UnreadableFiles(lake.storage(), endpoint.name());
        this.repeats = new Repeats(lake, source.name(), endpoint);
        this.sql = new EventSql(endpoint);
    }

    /**
     * Brings in what is there. Leaves at once when somebody else is at it: whoever that is looks once more at the end.
     *
     * @param window shortest time between two commits
     * @param enough once it says so, the rest is left to the next run
     * @param told hears of every commit
     */
    public void run(Duration window, BooleanSupplier enough, Consumer<Drained> told) {
        try {
            boolean left = true;
            while (left) {
                Optional<Lease> lease = lake.storage().lease("tarn/leases/inbox." + endpoint.name());
                if (lease.isEmpty()) {
                    return;
                }
                try {
                    prepare();
                    drain(window, enough, told);
                } finally {
                    lease.get().close();
                }
                left = !enough.getAsBoolean()
                        && !Thread.currentThread().isInterrupted()
                        && !files.all().isEmpty();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the inbox of " + endpoint.name(), e);
        }
    }

    /**
     * What lies in an inbox.
     *
     * @param oldest when the first file was begun; null when there is none
     */
    public record Waiting(int files, long bytes, @Nullable Instant oldest) {}

    /** What waits to be brought in. */
    public Waiting waiting() {
        try {
            List<StoredFile> there = files.all();
            return new Waiting(
                    there.size(),
                    there.stream().mapToLong(StoredFile::size).sum(),
                    there.isEmpty() ? null : InboxPath.begun(there.get(0).path()));
        } catch (IOException e) {
            throw new UncheckedIOException("the inbox of " + endpoint.name(), e);
        }
    }

    private void drain(Duration window, BooleanSupplier enough, Consumer<Drained> told) throws IOException {
        List<StoredFile> there = files.all();
        while (!there.isEmpty()) {
            long began = System.nanoTime();
            // Events of one commit must be near enough to be repeats of each other, however often an id is used.
            List<StoredFile> taken =
                    InboxFiles.window(there, endpoint.remember().dividedBy(2));
            told.accept(bringIn(taken));
            files.delete(taken);
            there = files.all();
            if (enough.getAsBoolean() || there.isEmpty() || !await(window.minusNanos(System.nanoTime() - began))) {
                return;
            }
            there = files.all();
        }
    }

    private boolean await(Duration rest) {
        try {
            if (!rest.isNegative()) {
                pause.of(rest);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Gives the table the columns that are declared, so that flows find them before the first event. */
    private void prepare() {
        TableSchema wanted = BronzeColumns.behind(sql.columns());
        DeltaTable table = lake.table(endpoint.target());
        TableSnapshot base = table.snapshot()
                .orElseGet(() -> table.create(new TableDefinition(
                        wanted, List.of(), "Events that were sent to /api/webhooks/" + endpoint.name(), Map.of())));
        List<Column> missing = wanted.columns().stream()
                .filter(column -> base.schema().column(column.name()).isEmpty())
                .toList();
        if (!missing.isEmpty()) {
            List<Column> columns = new ArrayList<>(base.schema().columns());
            columns.addAll(missing);
            table.commitOrDiscard(
                    table.addColumns(base, new TableSchema(columns)),
                    CommitRequest.ofWork(lake.newUpdateId(), "ADD COLUMNS", Map.of()));
        }
    }

    private Drained bringIn(List<StoredFile> taken) throws IOException {
        Instant begun = lake.clock().instant();
        try (Session session = lake.duckDb().session()) {
            session.timezone(timezone);
            try (ReadableEvents.Read events = new ReadableEvents(session, files, unreadable, sql).read(taken)) {
                return bringIn(session, events.spool(), begun).andUnreadable(events.unreadable());
            }
        }
    }

    private Drained bringIn(Session session, Spool events, Instant begun) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Landing landing = Landing.begin(lake, source, endpoint.name(), endpoint.target());
            try (Spool judged = judged(session, events, landing)) {
                long fresh = count(session, judged, FRESH);
                Optional<Extracted> landed = fresh == 0
                        ? Optional.of(landing.nothing())
                        : landing.commit(
                                session,
                                fresh(judged, added(session, judged, landing), events.rows()),
                                begun.toString());
                if (landed.isPresent()) {
                    long others = count(session, judged, conflicting());
                    long conflicts = others == 0 ? 0 : keepConflicts(session, judged, begun);
                    if (events.rows() > fresh + conflicts) {
                        repeats.keep(session, judged, begun);
                    }
                    OptionalLong version = landed.get().version();
                    Duration took = Duration.between(begun, lake.clock().instant());
                    return new Drained(
                            endpoint.target(), fresh, events.rows() - fresh - conflicts, conflicts, 0, version, took);
                }
            }
        }
        throw new TarnException(
                ErrorCode.COMMIT_CONFLICT,
                "Events of " + endpoint.name() + " could not be brought into " + endpoint.target()
                        + ": other writers came first " + MOST_TRIES + " times.",
                "Nothing is lost; the next run brings them in.");
    }

    private static String conflicting() {
        return "NOT same AND (known OR place > 1 AND NOT as_first)";
    }

    private Spool judged(Session session, Spool events, Landing landing) {
        TableSnapshot bronze = landing.base().orElseThrow(() -> new IllegalStateException("the table was prepared"));
        String remember = Sql.literal(endpoint.remember().toSeconds() + " seconds") + "::INTERVAL";
        String[] span = session.query(
                        "SELECT (min(received_at) - " + remember + ")::VARCHAR, (max(received_at) + " + remember
                                + ")::VARCHAR FROM " + events.from(),
                        row -> new String[] {row.getString(1), row.getString(2)})
                .get(0);
        if (span[0] == null) {
            return Spool.of(session, sql.judged(events.from(), "(SELECT * FROM " + events.from() + " WHERE FALSE)"));
        }
        RowFilter near = RowFilter.between(
                WebhookColumns.RECEIVED_AT.name(),
                Sql.literal(span[0]) + "::TIMESTAMPTZ",
                Sql.literal(span[1]) + "::TIMESTAMPTZ");
        String ids = "(SELECT event_id FROM " + events.from() + ")";
        String known = "(SELECT event_id, received_at, payload FROM " + bronze.scan(session, near, () -> KNOWN)
                + " WHERE event_id IN " + ids + ")";
        try (Spool theirs = Spool.of(session, known)) {
            return Spool.of(session, sql.judged(events.from(), theirs.from()));
        }
    }

    private static long count(Session session, Spool judged, String which) {
        return session.query("SELECT count(*) FROM " + judged.from() + " WHERE " + which, row -> row.getLong(1))
                .get(0);
    }

    /** The columns that the table has, or gets, besides those which are declared. */
    private List<Column> added(Session session, Spool judged, Landing landing) {
        if (endpoint.misfit() != WebhookSource.Misfit.ADD) {
            return List.of();
        }
        List<String> keys = session.query(
                "SELECT DISTINCT unnest(map_keys(" + EventSql.ADDED + ")) AS key FROM " + judged.from() + " WHERE "
                        + FRESH + " ORDER BY key",
                row -> row.getString(1));
        TableSnapshot there = landing.base().orElseThrow(() -> new IllegalStateException("the table was prepared"));
        return new AddedColumns(endpoint, BronzeColumns.ofSource(there.schema())).with(keys);
    }

    private Landing.Rows fresh(Spool judged, List<Column> added, long all) {
        List<Column> columns = new ArrayList<>(sql.columns());
        columns.addAll(added);
        String values =
                added.stream().map(column -> ", " + EventSql.added(column)).collect(Collectors.joining());
        return new Landing.Rows(
                columns,
                "",
                "SELECT " + names(sql.columns()) + values
                        + ", 'upsert' AS _op, NULL::VARCHAR AS _reason, NULL::BIGINT AS _xid, " + EventSql.RESCUED
                        + " FROM " + judged.from() + " WHERE " + FRESH,
                rows -> {
                    if (rows > all) {
                        throw new IllegalStateException(rows + " rows of " + all + " events");
                    }
                });
    }

    private static String names(List<Column> columns) {
        return Sql.identifiers(columns.stream().map(Column::name).toList());
    }

    /** Keeps those that are not kept yet, and tells their number. */
    private long keepConflicts(Session session, Spool judged, Instant begun) {
        TableName table = WebhookSource.Endpoint.conflictsOf(endpoint.target());
        List<Column> columns = WebhookColumns.ALL;
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Landing landing = Landing.begin(lake, source, endpoint.name() + CONFLICTS, table);
            String kept = landing.base()
                    .map(there -> " ANTI JOIN " + there.scan(session, () -> KNOWN)
                            + " AS kept ON kept.event_id = new.event_id AND kept.payload = new.payload")
                    .orElse("");
            String select = "SELECT " + names(columns) + ", 'upsert' AS _op, 'same id, other content' AS _reason,"
                    + " NULL::BIGINT AS _xid, NULL::VARCHAR AS _rescued_data FROM (SELECT DISTINCT ON (event_id, payload) "
                    + names(columns) + " FROM " + judged.from() + " WHERE " + conflicting()
                    + " ORDER BY event_id, payload, received_at) AS new" + kept;
            Landing.Rows rows = new Landing.Rows(
                    columns, "Events of " + endpoint.target() + " with the id of another one", select, n -> {});
            long fresh = session.query("SELECT count(*) FROM (" + select + ")", row -> row.getLong(1))
                    .get(0);
            if (fresh == 0 || landing.commit(session, rows, begun.toString()).isPresent()) {
                return fresh;
            }
        }
        throw new TarnException(
                ErrorCode.COMMIT_CONFLICT,
                "Conflicts could not be kept in " + table + ": other writers came first " + MOST_TRIES + " times.",
                "Nothing is lost; the next run keeps them.");
    }

    /** Deletes what only serves to tell repeats and is too old for that. */
    public void clean() {
        if (endpoint.sameId() != WebhookSource.SameId.REFUSE) {
            return;
        }
        try {
            new IdClaims(lake.storage(), endpoint.name(), endpoint.remember())
                    .clean(lake.clock().instant().minus(1, ChronoUnit.HOURS));
        } catch (IOException e) {
            throw new UncheckedIOException("the ids of " + endpoint.name(), e);
        }
    }
}
