package dev.tarn.connect.bronze;

import static java.util.Objects.requireNonNull;

import dev.tarn.engine.delta.Commit;
import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.delta.NewColumns;
import dev.tarn.engine.delta.SourceProgress;
import dev.tarn.engine.delta.TableChange;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.DuckDbTypes;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.event.EventLog;
import dev.tarn.engine.event.UpdateRecord;
import dev.tarn.engine.event.UpdateStats;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Column;
import dev.tarn.model.Sql;
import dev.tarn.model.TableName;
import dev.tarn.model.UpdateId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One commit of a source's rows to their bronze table. It must begin before the source is asked for anything: the number it
 * gives to the rows is then lower than that of any landing which asked later, so that of one key the highest number is
 * newest.
 */
public final class Landing {

    /** Stands for the plan: what a landing does with the rows does not depend on the project. */
    private static final String PLAN = "extract";

    private final Lake lake;
    private final String source;
    private final String flowId;
    private final DeltaTable bronze;
    private final TableName target;
    private final @Nullable TableSnapshot base;
    private final Instant begun;

    private Landing(Lake lake, String source, String flowId, TableName target) {
        this.lake = lake;
        this.source = source;
        this.flowId = flowId;
        this.target = target;
        this.begun = lake.clock().instant();
        this.bronze = lake.table(target);
        this.base = bronze.snapshot().orElse(null);
    }

    /**
     * Rows to land.
     *
     * @param columns those of the source, of which the bronze table gets the ones it lacks
     * @param comment of the table, if it is made now
     * @param select a query with these columns, {@code _op}, {@code _reason}, {@code _xid} and {@code _rescued_data}
     * @param complete is told how many rows were written, and throws when that cannot be all of them
     */
    public record Rows(List<Column> columns, String comment, String select, LongConsumer complete) {
        public Rows {
            columns = List.copyOf(columns);
            requireNonNull(comment, "comment");
            requireNonNull(select, "select");
            requireNonNull(complete, "complete");
        }
    }

    /**
     * Begins.
     *
     * @param source its name
     * @param relation what the source calls the table
     */
    public static Landing begin(Lake lake, String source, String relation, TableName target) {
        return new Landing(lake, source, source + "." + relation, target);
    }

    /** The table as it was at the beginning; empty when there was none. */
    public Optional<TableSnapshot> base() {
        return Optional.ofNullable(base);
    }

    public TableName target() {
        return target;
    }

    /** {@code odoo.account_move}: under this name the table keeps how far the source was read. */
    public String flowId() {
        return flowId;
    }

    /** How far the source was read, in the words of whoever read it; empty before the first landing. */
    public Optional<String> cursor() {
        return base().flatMap(snapshot -> snapshot.progress(flowId))
                .flatMap(progress -> progress.source(source))
                .map(SourceProgress::cursor);
    }

    /**
     * Commits the rows, and with them how far the source is read now. Empty when another writer came first: nothing was
     * committed, and the landing has to begin anew. Without rows there is a commit, too.
     */
    public Optional<Extracted> commit(Session session, Rows rows, String cursor) {
        return commit(session, rows, cursor, "Append");
    }

    /** As {@link #commit}; the rows take the place of all that are there. */
    public Optional<Extracted> replace(Session session, Rows rows, String cursor) {
        return commit(session, rows, cursor, "Overwrite");
    }

    private Optional<Extracted> commit(Session session, Rows rows, String cursor, String mode) {
        Instant reading = lake.clock().instant();
        TableSnapshot onto = base == null ? create(rows) : base;
        if (base == null && onto.updateNumber(flowId).isPresent()) {
            // Somebody made and filled the table since this began: a number given now could be too high.
            return Optional.empty();
        }
        long number = onto.updateNumber(flowId).orElse(0) + 1;
        String select = select(onto, rows, number);
        TableChange written = mode.equals("Append")
                ? bronze.append(session, onto, select, NewColumns.ADD)
                : bronze.replace(session, onto, select, NewColumns.ADD);
        try {
            rows.complete().accept(written.rows());
        } catch (RuntimeException incomplete) {
            bronze.discard(written);
            throw incomplete;
        }
        UpdateId id = lake.newUpdateId();
        EventLog eventLog = new EventLog(lake);
        UpdateRecord told = record(id, onto, written, reading);
        eventLog.record(told);
        Commit commit = bronze.commit(written, request(id, number, cursor, mode, written.rows()));
        if (commit instanceof Commit.Committed committed) {
            return Optional.of(new Extracted(
                    target, written.rows(), OptionalLong.of(committed.version()), took(reading), List.of()));
        }
        bronze.discard(written);
        eventLog.withdraw(told);
        return Optional.empty();
    }

    /** What to answer where nothing was there to commit. */
    public Extracted nothing() {
        return new Extracted(target, 0, OptionalLong.empty(), took(begun), List.of());
    }

    private TableSnapshot create(Rows rows) {
        return bronze.create(
                new TableDefinition(BronzeColumns.behind(rows.columns()), List.of(), rows.comment(), Map.of()));
    }

    private String select(TableSnapshot onto, Rows rows, long number) {
        String known = rows.columns().stream()
                .map(column -> Sql.identifier(column.name()))
                .collect(Collectors.joining(", "));
        String absent = BronzeColumns.ofSource(onto.schema()).stream()
                .filter(column -> rows.columns().stream()
                        .noneMatch(arriving -> arriving.name().equalsIgnoreCase(column.name())))
                .map(column -> ", CAST(NULL AS " + DuckDbTypes.sqlType(column.type()) + ") AS "
                        + Sql.identifier(column.name()))
                .collect(Collectors.joining());
        return "SELECT " + known + absent
                + ", " + Sql.identifier(BronzeColumns.OP.name())
                + ", " + number + "::BIGINT AS " + Sql.identifier(BronzeColumns.SEQ.name())
                + ", " + Sql.literal(source) + " AS " + Sql.identifier(BronzeColumns.SOURCE.name())
                + ", make_timestamptz(" + ChronoUnit.MICROS.between(Instant.EPOCH, begun) + ") AS "
                + Sql.identifier(BronzeColumns.EXTRACTED_AT.name())
                + ", " + Sql.identifier(BronzeColumns.RESCUED_DATA.name())
                + ", " + Sql.identifier(BronzeColumns.REASON.name())
                + ", " + Sql.identifier(BronzeColumns.XID.name())
                + " FROM (" + rows.select() + ") AS arriving";
    }

    private UpdateRecord record(UpdateId id, TableSnapshot onto, TableChange written, Instant reading) {
        return new UpdateRecord(
                id,
                UpdateRecord.Kind.EXTRACT,
                flowId,
                target,
                onto.version(),
                true,
                reading,
                new UpdateStats(written.rows(), written.rows(), 0, 0, List.of(), took(reading))
                        .writing(written.bytes()),
                null);
    }

    private CommitRequest request(UpdateId id, long number, String cursor, String mode, long rows) {
        return CommitRequest.ofFlow(
                flowId,
                number,
                new FlowProgress(PLAN, List.of(SourceProgress.ofCursor(source, cursor))),
                id,
                "WRITE",
                Map.of("mode", mode),
                Map.of("numOutputRows", Long.toString(rows)));
    }

    private Duration took(Instant since) {
        return Duration.between(since, lake.clock().instant());
    }
}
