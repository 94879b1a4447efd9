package dev.tarn.engine.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.delta.TableChange;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.DuckDbTypes;
import dev.tarn.engine.duckdb.FilePattern;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.plan.PlanStore;
import dev.tarn.model.DataType;
import dev.tarn.model.Plan;
import dev.tarn.model.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The events as rows of {@link EventLog#TABLE}. Safe to share. */
final class EventTable {

    private static final String FLOW = EventLog.TABLE.toString();

    /** By what people look for events. All columns, most of them NULL, would otherwise stand in every commit. */
    private static final Map<String, String> PROPERTIES =
            Map.of("delta.dataSkippingStatsColumns", "id,timestamp,level,event_type");

    private static final TableDefinition DEFINITION =
            new TableDefinition(EventColumns.SCHEMA, List.of(), "Updates of this lake", PROPERTIES);

    private final Lake lake;
    private final PlanStore plans;

    /** Ids of definitions that are known to be in the table. */
    private final Set<String> defined = ConcurrentHashMap.newKeySet();

    EventTable(Lake lake) {
        this.lake = lake;
        this.plans = new PlanStore(lake.storage());
    }

    /** The newest updates first, at most {@code limit}. */
    List<UpdateRecord> newest(int limit) {
        Optional<TableSnapshot> snapshot = lake.table(EventLog.TABLE).snapshot();
        if (snapshot.isEmpty()) {
            return List.of();
        }
        try (Session session = lake.duckDb().session()) {
            return updates(session, snapshot.get(), " LIMIT " + limit);
        }
    }

    /** Each update is told whole by the event that has its id; the newest comes first. */
    private static List<UpdateRecord> updates(Session session, TableSnapshot snapshot, String limit) {
        String rows = isOlder(snapshot)
                ? snapshot.scan(session, () -> Set.of("id", "details"))
                : snapshot.scan(session, () -> Set.of("id", "origin", "details")) + " WHERE id = origin.update_id";
        return session.query(
                "SELECT details FROM " + rows + " ORDER BY id DESC" + limit,
                row -> UpdateRecordJson.readDetails(row.getString(1)));
    }

    /** Whether it is of an earlier build, in which origin, sequence and error were texts and an update was one row. */
    private static boolean isOlder(TableSnapshot snapshot) {
        return snapshot.schema()
                .column("origin")
                .filter(origin -> origin.type() == DataType.Simple.STRING)
                .isPresent();
    }

    /**
     * Adds the events of those updates that the table does not have. An older table is made anew in the same commit.
     *
     * @param updates in the order of their ids
     * @return false when somebody else was faster, and nothing was added
     */
    boolean add(List<UpdateRecord> updates) throws IOException {
        DeltaTable table = lake.table(EventLog.TABLE);
        TableSnapshot base = table.snapshot().orElseGet(() -> table.create(DEFINITION));
        try (Session session = lake.duckDb().session()) {
            List<UpdateRecord> news = isOlder(base) ? all(session, base, updates) : news(session, base, updates);
            if (news.isEmpty()) {
                return true;
            }
            Pipeline pipeline = new Pipeline(
                    base.tableId(), plans.current().map(Plan::project).orElse(null));
            List<String> lines = new ArrayList<>();
            for (UpdateRecord update : news) {
                new UpdateEvents(update).all().forEach(event -> lines.add(event.line(update, pipeline)));
            }
            for (UpdateRecord first : undefined(session, base, news)) {
                definitions(first).forEach(event -> lines.add(event.line(first, pipeline)));
            }
            return commit(session, base, lines);
        }
    }

    private static List<UpdateRecord> all(Session session, TableSnapshot older, List<UpdateRecord> updates) {
        SortedMap<String, UpdateRecord> all = new TreeMap<>();
        updates.forEach(update -> all.put(update.id().toString(), update));
        updates(session, older, "").forEach(update -> all.put(update.id().toString(), update));
        return List.copyOf(all.values());
    }

    /** Of a crash between a fold and its clearing the table has some; all events of an update come in one commit. */
    private static List<UpdateRecord> news(Session session, TableSnapshot base, List<UpdateRecord> updates) {
        String first = updates.get(0).id().toString();
        String last = updates.get(updates.size() - 1).id().toString();
        Set<String> told = Set.copyOf(session.query(
                "SELECT id FROM " + base.scan(session, () -> Set.of("id")) + " WHERE id BETWEEN " + Sql.literal(first)
                        + " AND " + Sql.literal(last),
                row -> row.getString(1)));
        return updates.stream()
                .filter(update -> !told.contains(update.id().toString()))
                .toList();
    }

    /** The first update of each definition of a flow that the table does not have. */
    private List<UpdateRecord> undefined(Session session, TableSnapshot base, List<UpdateRecord> updates) {
        Map<String, UpdateRecord> first = new LinkedHashMap<>();
        for (UpdateRecord update : updates) {
            String hash = update.definition();
            if (hash != null && !defined.contains(FlowEvents.id(update.flow(), hash))) {
                first.putIfAbsent(FlowEvents.id(update.flow(), hash), update);
            }
        }
        if (!first.isEmpty()) {
            defined.addAll(session.query(
                    "SELECT id FROM " + base.scan(session, () -> Set.of("id", "event_type")) + " WHERE event_type = "
                            + Sql.literal(Event.Type.FLOW_DEFINITION.toString()),
                    row -> row.getString(1)));
        }
        first.keySet().removeAll(defined);
        return List.copyOf(first.values());
    }

    /** Empty when the flow ran from a plan that was never deployed. */
    private List<Event> definitions(UpdateRecord first) throws IOException {
        String hash = requireNonNull(first.definition());
        Optional<Plan> plan = plans.having(first.flow(), hash);
        return plan.isEmpty() ? List.of() : FlowEvents.of(plan.get(), first.flow(), hash, first.started());
    }

    private boolean commit(Session session, TableSnapshot base, List<String> rows) throws IOException {
        DeltaTable table = lake.table(EventLog.TABLE);
        Path lines = session.newFile(".ndjson");
        Files.write(lines, rows, UTF_8);
        String sql = "SELECT * FROM " + read(lines);
        TableChange change =
                isOlder(base) ? table.redefine(session, base, DEFINITION, sql) : table.append(session, base, sql);
        Files.delete(lines);
        CommitRequest request = CommitRequest.ofFlow(
                FLOW,
                base.updateNumber(FLOW).orElse(-1) + 1,
                new FlowProgress("event_log", List.of()),
                lake.newUpdateId(),
                "WRITE",
                Map.of("mode", "Append"),
                Map.of());
        return table.commitOrDiscard(change, request);
    }

    private static String read(Path lines) {
        String columns = EventColumns.SCHEMA.columns().stream()
                .map(column -> Sql.identifier(column.name()) + ": " + Sql.literal(DuckDbTypes.sqlType(column.type())))
                .collect(Collectors.joining(", "));
        return "read_json(" + FilePattern.literal(lines)
                + ", format = 'newline_delimited', hive_partitioning = false, columns = {" + columns + "})";
    }
}
