package dev.tarn.engine.flow;

import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.delta.SourceProgress;
import dev.tarn.engine.delta.TableChange;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Flow;
import dev.tarn.model.Layer;
import dev.tarn.model.Plan;
import dev.tarn.model.Sql;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the table {@code gold.freshness}: for each gold table, as of when it shows what came into the lake. That is the
 * newest commit to the tables it comes from, and never later than the first one that it has not taken. It follows from
 * versions alone, so that it does not change as long as they do not. Safe to share.
 */
public final class Freshness {

    public static final TableName TABLE = new TableName(Layer.GOLD, "freshness");

    private static final TableDefinition DEFINITION = new TableDefinition(
            new TableSchema(List.of(
                    new Column("table", DataType.Simple.STRING, "A table of gold"),
                    new Column(
                            "as_of",
                            DataType.Simple.TIMESTAMP,
                            "It shows everything that came into the lake up to this moment; NULL when nothing came"),
                    new Column("updated_at", DataType.Simple.TIMESTAMP, "When its rows changed last"),
                    new Column("version", DataType.Simple.BIGINT, "Its newest version"))),
            List.of(),
            "As of when the tables of gold show their sources",
            Map.of());

    private final Lake lake;
    private volatile List<Row> written = List.of();

    private record Row(TableName table, @Nullable Instant asOf, Instant updatedAt, long version) {}

    public Freshness(Lake lake) {
        this.lake = lake;
    }

    /**
     * Brings the table up to date; without news there is no commit. When another process commits at the same time, its
     * rows stand until the next call.
     *
     * @param seen what a flow has seen
     */
    public void update(Plan plan, Function<Flow, Optional<FlowProgress>> seen) {
        List<Row> rows = new Look(plan, seen).rows();
        if (rows.isEmpty() || rows.equals(written)) {
            return;
        }
        DeltaTable table = lake.table(TABLE);
        try (Session session = lake.duckDb().session()) {
            TableSnapshot base = table.create(DEFINITION);
            TableChange change = table.replace(session, base, sql(rows));
            if (change.isNothing()) {
                table.discard(change);
                written = rows;
            } else if (table.commitOrDiscard(
                    change, CommitRequest.ofWork(lake.newUpdateId(), "WRITE", Map.of("mode", "Overwrite")))) {
                written = rows;
            }
        }
    }

    private static String sql(List<Row> rows) {
        return rows.stream()
                .map(row -> "SELECT " + Sql.literal(row.table().toString()) + " AS \"table\", " + time(row.asOf())
                        + " AS as_of, " + time(row.updatedAt()) + " AS updated_at, " + row.version()
                        + "::BIGINT AS version")
                .collect(Collectors.joining(" UNION ALL "));
    }

    private static String time(@Nullable Instant moment) {
        return moment == null
                ? "NULL::TIMESTAMPTZ"
                : "make_timestamptz(" + ChronoUnit.MICROS.between(Instant.EPOCH, moment) + ")";
    }

    /** The tables of a plan as they are during one update, each asked for once. */
    private final class Look {

        private final Plan plan;
        private final Function<Flow, Optional<FlowProgress>> seen;
        private final Map<TableName, Optional<TableSnapshot>> newest = new HashMap<>();

        Look(Plan plan, Function<Flow, Optional<FlowProgress>> seen) {
            this.plan = plan;
            this.seen = seen;
        }

        List<Row> rows() {
            SortedSet<TableName> tables = plan.flows().stream()
                    .map(Flow::target)
                    .filter(target -> target.layer() == Layer.GOLD)
                    .collect(Collectors.toCollection(TreeSet::new));
            List<Row> rows = new ArrayList<>();
            for (TableName table : tables) {
                newest(table).filter(SourceVersions::isFilled).ifPresent(snapshot -> {
                    Map<TableName, Long> origins = new TreeMap<>();
                    follow(table, snapshot.version(), origins);
                    rows.add(new Row(table, asOf(origins), snapshot.timestamp(), snapshot.version()));
                });
            }
            return rows;
        }

        private Optional<TableSnapshot> newest(TableName table) {
            return newest.computeIfAbsent(table, name -> lake.table(name).snapshot());
        }

        /** Finds up to which version a table has seen those that no flow fills. */
        private void follow(TableName table, long version, Map<TableName, Long> origins) {
            List<Flow> filling = plan.flows().stream()
                    .filter(flow -> flow.target().equals(table))
                    .toList();
            if (filling.isEmpty()) {
                // Of several ways to it, the one that is furthest behind counts.
                origins.merge(table, version, Math::min);
            }
            for (Flow flow : filling) {
                for (SourceProgress source : progress(flow, version).stream()
                        .flatMap(progress -> progress.sources().stream())
                        .toList()) {
                    Optional<TableName> input = TableName.tryParse(source.source());
                    if (input.isPresent() && source.version() != null) {
                        follow(input.get(), source.version(), origins);
                    }
                }
            }
        }

        /** What the flow had seen at that version of its table. Of the newest, this process may know more than it says. */
        private Optional<FlowProgress> progress(Flow flow, long version) {
            Optional<TableSnapshot> now = newest(flow.target());
            if (now.isEmpty() || version >= now.get().version()) {
                return seen.apply(flow);
            }
            return at(flow.target(), version, now.get()).flatMap(snapshot -> snapshot.progress(flow.id()));
        }

        private @Nullable Instant asOf(Map<TableName, Long> origins) {
            @Nullable Instant taken = null;
            @Nullable Instant unseen = null;
            for (Map.Entry<TableName, Long> origin : origins.entrySet()) {
                taken = time(origin.getKey(), origin.getValue())
                        .filter(later(taken))
                        .orElse(taken);
                Instant known = unseen;
                unseen = time(origin.getKey(), origin.getValue() + 1)
                        .filter(first -> known == null || first.isBefore(known))
                        .orElse(known);
            }
            return taken != null && unseen != null && unseen.isBefore(taken) ? unseen : taken;
        }

        /** When that version was committed; empty when it was not yet, or too long ago to tell. */
        private Optional<Instant> time(TableName table, long version) {
            return newest(table)
                    .filter(now -> version <= now.version())
                    .flatMap(now -> at(table, version, now))
                    .map(TableSnapshot::timestamp);
        }
    }

    private static Predicate<Instant> later(@Nullable Instant than) {
        return moment -> than == null || moment.isAfter(than);
    }

    private Optional<TableSnapshot> at(TableName table, long version, TableSnapshot newest) {
        if (version == newest.version()) {
            return Optional.of(newest);
        }
        try {
            return Optional.of(lake.table(table).snapshotAt(version));
        } catch (TarnException tooLongAgo) {
            return Optional.empty();
        }
    }
}
